package dev.fanfare.work.shell;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The first bytes of standard output, for the outputs of a step. */
final class Capture {

  private final int limit;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long seen;

  Capture(int limit) {
    this.limit = limit;
  }

  synchronized void add(byte[] bytes, int count) {
    seen += count;
    kept.write(bytes, 0, Math.min(count, limit - kept.size()));
  }

  /** How many bytes there were, kept or not. */
  synchronized long seen() {
    return seen;
  }

  synchronized boolean isComplete() {
    return seen == kept.size();
  }

  /** What was kept, without white space at both ends. */
  synchronized String text() {
    return kept.toString(StandardCharsets.UTF_8).strip();
  }
}
