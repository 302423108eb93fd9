package dev.fanfare.work.log;

/** Takes the lines a step prints. Safe for use by several threads; never blocks, never throws. */
@FunctionalInterface
public interface LogSink {

  /** Forgets every line. */
  LogSink NONE = (stream, text) -> {};

  /**
   * One line.
   *
   * @param text without its line end
   */
  void line(LogStream stream, String text);

  /** A line as it may be shown: secrets covered. Also for excerpts that go into an error. */
  default String masked(String text) {
    return text;
  }
}
