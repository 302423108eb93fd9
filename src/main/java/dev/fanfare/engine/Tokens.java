package dev.fanfare.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;

/**
 * Tokens of callbacks: 256 bits that follow from what nobody can guess, and never from ids alone.
 * Only a digest of a token is a key in the store, so that who reads keys cannot call back.
 */
public final class Tokens {

  private Tokens() {}

  /** The token of an attempt, 43 characters that need no escape in a URL. */
  static String token(String entropy, UUID run, String step, int attempt) {
    return hash("token\0" + entropy + "\0" + run + "\0" + attempt + "\0" + step);
  }

  /** What a token is found by. */
  public static String digest(String token) {
    return hash("digest\0" + token);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
