package dev.fanfare.work.log;

import dev.fanfare.secret.Masker;

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

  /**
   * Covers the secrets in what this sink takes. Whoever cuts a text, or takes an excerpt of it for
   * an error, covers the whole text first.
   */
  default Masker masker() {
    return Masker.NONE;
  }
}
