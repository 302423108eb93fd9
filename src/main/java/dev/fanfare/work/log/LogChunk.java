package dev.fanfare.work.log;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Consecutive lines of one attempt's log.
 *
 * <p>{@code text} holds one row per line: the stream's mark ({@code o}, {@code e} or {@code n}),
 * the milliseconds since the log was opened in decimal, one space, the line, one line feed. A line
 * never holds a line feed itself. The last n lines are found by walking chunks from the highest
 * number down, page k by {@code firstLine}, and a search reads chunk after chunk: no row reaches
 * over a chunk's end.
 *
 * @param attempt number of the attempt, from 1
 * @param chunk number of the chunk in its attempt, from 0, without gaps
 * @param firstLine number of its first line in the attempt, from 0
 * @param lines how many lines it holds
 */
public record LogChunk(
    UUID run, String step, int attempt, int chunk, long firstLine, int lines, String text) {

  /** Its lines in order. */
  public List<LogLine> rows() {
    List<LogLine> rows = new ArrayList<>(lines);
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      rows.add(LogLine.ofRow(text.substring(from, end)));
      from = end + 1;
    }
    return rows;
  }
}
