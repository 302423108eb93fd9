package dev.fanfare.dialect.yaml;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a plain scalar stands for, by the core schema of YAML 1.2.2, section 10.3.2. */
final class CoreSchema {

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private CoreSchema() {}

  /**
   * The value of a plain scalar: null, {@code Boolean}, {@code Long}, {@code Double} or the text.
   *
   * <p>Infinity and NaN stay text: JSON, in which every value travels, has no such numbers.
   */
  static @Nullable Object value(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default -> number(text);
    };
  }

  private static Object number(String text) {
    char first = text.charAt(0);
    if (!(first >= '0' && first <= '9') && first != '-' && first != '+' && first != '.') {
      return text;
    }
    if (INTEGER.matcher(text).matches()) {
      return whole(text, text, 10);
    }
    if (OCTAL.matcher(text).matches()) {
      return whole(text, text.substring(2), 8);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return whole(text, text.substring(2), 16);
    }
    if (FLOAT.matcher(text).matches()) {
      return finite(text);
    }
    return text;
  }

  private static Object whole(String text, String digits, int radix) {
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException tooLong) {
      return radix == 10 ? finite(text) : text;
    }
  }

  private static Object finite(String text) {
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? (Object) value : text;
  }
}
