package dev.fanfare.work.files;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Whose layer.
 *
 * @param step path of the step instance
 * @param attempt the one that wrote it
 */
public record LayerName(String step, int attempt) {

  private static final int SHOWN = 60;

  /**
   * A name that is legal everywhere, differs where steps differ, and can still be recognised: of a
   * folder, or a part of a key.
   */
  public String plain() {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < Math.min(step.length(), SHOWN); i++) {
      char c = step.charAt(i);
      boolean kept = c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '_');
      plain.append(kept ? c : '_');
    }
    byte[] hash = sha256().digest(step.getBytes(StandardCharsets.UTF_8));
    return plain
        .append('-')
        .append(HexFormat.of().formatHex(hash, 0, 8))
        .append('-')
        .append(attempt)
        .toString();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
