package dev.fanfare.function.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret of a token: {@code fft_} and 256 random bits in base64url. The prefix lets people and
 * scanners of repositories recognise one.
 */
public final class TokenSecret {

  private static final String PREFIX = "fft_";
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("fft_[A-Za-z0-9_-]{43}");

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  static TokenSecret random() {
    byte[] bits = new byte[BYTES];
    // Made here and not kept: a process that is restored from a snapshot must not repeat itself.
    new SecureRandom().nextBytes(bits);
    return new TokenSecret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /** Reads what a caller sent; empty for what cannot be a token. */
  static Optional<TokenSecret> of(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TokenSecret(text)) : Optional.empty();
  }

  /** For the one who made it. */
  public String reveal() {
    return text;
  }

  /** SHA-256: the secret is random, so no salt and no slow hash is needed. */
  byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
