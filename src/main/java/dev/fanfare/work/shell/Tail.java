package dev.fanfare.work.shell;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a script, for the error it may end in. */
final class Tail {

  private static final int LINES = 20;
  private static final int LINE_LENGTH = 500;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "…" : line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The last line that says something; empty when none does. */
  synchronized String last() {
    for (var newest = lines.descendingIterator(); newest.hasNext(); ) {
      String line = newest.next();
      if (!line.isBlank()) {
        return line.strip();
      }
    }
    return "";
  }
}
