package dev.fanfare.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts as which a value can turn up. Escapes of single characters are not among them: {@link
 * View} undoes those.
 */
final class Variants {

  /** Where tools break base64: {@code base64} and {@code openssl}. */
  private static final List<Integer> LINE_LENGTHS = List.of(76, 64);

  private static final Pattern ASSIGNED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=(.+)");

  private final Set<String> texts = new LinkedHashSet<>();

  private Variants() {}

  /** Each at least {@link Masker#SHORTEST} characters long. */
  static Set<String> of(String value) {
    Variants variants = new Variants();
    variants.add(value);
    variants.add(value.strip().replaceAll("\\s+", " "));
    value.lines().forEach(variants::addLine);
    variants.addBase64(value);
    variants.addBase64(value.strip());
    return variants.texts;
  }

  /** A line, and of a line that sets a variable its value, which is what a step prints. */
  private void addLine(String line) {
    add(line);
    Matcher assigned = ASSIGNED.matcher(line);
    if (assigned.matches()) {
      add(assigned.group(1));
    }
  }

  /** A plain text, as it is and as a shell quotes it. */
  private void add(String text) {
    addLong(text);
    String stripped = text.strip();
    addLong(stripped);
    if (stripped.contains("'")) {
      addLong(stripped.replace("'", "'\\''"));
      addLong(stripped.replace("'", "'\"'\"'"));
    }
  }

  private void addLong(String text) {
    if (text.length() >= Masker.SHORTEST && !text.isBlank()) {
      texts.add(text);
    }
  }

  /**
   * Base64 of the value alone, and what is sure to be in the base64 of any text that the value is a
   * part of: three groups of characters, one for each place where the value can begin.
   */
  private void addBase64(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < Masker.SHORTEST) {
      return;
    }
    addEncoded(Base64.getEncoder().encodeToString(bytes));
    addEncoded(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // A character stands for six bits: those that share bits with a neighbour are left out.
      int from = before == 0 ? 0 : before + 1;
      int to = shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1;
      addEncoded(encoded.substring(from, to));
      if (before == 0) {
        LINE_LENGTHS.forEach(length -> addLines(encoded.substring(0, to), length));
      }
    }
    Arrays.fill(bytes, (byte) 0);
  }

  private void addLines(String encoded, int length) {
    for (int from = 0; encoded.length() > length && from < encoded.length(); from += length) {
      addEncoded(encoded.substring(from, Math.min(from + length, encoded.length())));
    }
  }

  private void addEncoded(String encoded) {
    addLong(encoded);
    addLong(encoded.replace('+', '-').replace('/', '_'));
  }
}
