package dev.fanfare.work.log;

import java.time.Duration;

/**
 * How much of an attempt's log is kept and how it is cut into chunks.
 *
 * @param bytes most bytes of text kept of one attempt
 * @param lines most lines kept of one attempt
 * @param chunkBytes a chunk is delivered once it holds this much
 * @param delay a chunk is delivered this long after its first line
 */
public record LogLimits(long bytes, long lines, int chunkBytes, Duration delay) {

  /** 4 MiB or 50,000 lines, in chunks of 64 KiB or 200 ms. */
  public static final LogLimits DEFAULT =
      new LogLimits(4L << 20, 50_000, 64 << 10, Duration.ofMillis(200));

  String describe(boolean byBytes) {
    if (!byBytes) {
      return lines + " lines";
    }
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
