package dev.fanfare.work.log;

import dev.fanfare.secret.Masker;
import dev.fanfare.work.Pulse;

/** A log of which every line is a sign of life. */
public record BeatingLog(LogSink log, Pulse pulse) implements LogSink {

  @Override
  public void line(LogStream stream, String text) {
    pulse.beat();
    log.line(stream, text);
  }

  @Override
  public Masker masker() {
    return log.masker();
  }
}
