package dev.fanfare.work.shell;

import dev.fanfare.secret.Masker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a script, for the error it may end in. */
final class Tail {

  private static final int LINES = 20;
  private static final int LINE_LENGTH = 500;

  private final Masker masker;
  private final Deque<String> lines = new ArrayDeque<>();

  /**
   * @param masker covers the secrets in the lines before they are cut
   */
  Tail(Masker masker) {
    this.masker = masker;
  }

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  synchronized List<String> lines() {
    return lines.stream().map(this::shown).toList();
  }

  private String shown(String line) {
    String shown = masker.mask(line);
    return shown.length() > LINE_LENGTH ? shown.substring(0, LINE_LENGTH) + "…" : shown;
  }

  /** The last line that says something; empty when none does. */
  synchronized String last() {
    for (var newest = lines.descendingIterator(); newest.hasNext(); ) {
      String line = newest.next();
      if (!line.isBlank()) {
        return shown(line).strip();
      }
    }
    return "";
  }
}
