package dev.fanfare.work.log;

/**
 * One line of a step's log.
 *
 * @param atMillis milliseconds after the attempt's log was opened
 * @param text without its line end
 */
public record LogLine(LogStream stream, long atMillis, String text) {

  /** The row of {@link LogChunk#text()}: mark, milliseconds, a space, the text, a line feed. */
  String row() {
    return stream.mark() + Long.toString(atMillis) + ' ' + text + '\n';
  }

  static LogLine ofRow(String row) {
    int space = row.indexOf(' ');
    return new LogLine(
        LogStream.ofMark(row.charAt(0)),
        Long.parseLong(row, 1, space, 10),
        row.substring(space + 1));
  }
}
