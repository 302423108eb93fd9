package dev.fanfare.conductor;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What nobody can guess, for decisions that make tokens. */
final class Entropy {

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Entropy() {}

  static String next() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
