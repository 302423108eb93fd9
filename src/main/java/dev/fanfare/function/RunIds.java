package dev.fanfare.function;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids of runs: UUID version 7 (RFC 9562), so that they sort by the time they were made and need no
 * sequence of the database.
 */
public final class RunIds {

  private static final SecureRandom RANDOM = new SecureRandom();

  private RunIds() {}

  public static UUID next() {
    long millis = System.currentTimeMillis();
    long high = (millis << 16) | 0x7000L | (RANDOM.nextInt() & 0xFFFL);
    long low = (RANDOM.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
