package dev.fanfare.work.log;

/** Where a line comes from. */
public enum LogStream {
  /** Standard output of the work. */
  OUT('o'),
  /** Standard error of the work. */
  ERR('e'),
  /** A remark of Fanfare itself. */
  NOTE('n');

  private final char mark;

  LogStream(char mark) {
    this.mark = mark;
  }

  /** The first character of a row in {@link LogChunk#text()}. */
  public char mark() {
    return mark;
  }

  static LogStream ofMark(char mark) {
    for (LogStream stream : values()) {
      if (stream.mark == mark) {
        return stream;
      }
    }
    throw new IllegalArgumentException("no log stream has the mark " + mark);
  }
}
