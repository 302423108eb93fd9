package dev.fanfare.function.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The target of a request line from the path and the query of an event.
 *
 * <p>A function URL hands on what was sent, an HTTP API a path that it has decoded. What may stand
 * in a request stays as it is, so the first is not touched; what may not can only come from the
 * second and is encoded again.
 */
final class RequestTarget {

  /** What RFC 3986 lets stand in a path beside letters and digits; percent signs apart. */
  private static final String IN_PATH = "-._~!$&'()*+,;=:@/";

  /** The same for a query. Browsers send the brackets and the bar as they are. */
  private static final String IN_QUERY = IN_PATH + "?[]|{}^`\\\"<>";

  private static final int SPACE = ' ';
  private static final int DELETE = 0x7f;

  private RequestTarget() {}

  static String of(String path, String query) {
    StringBuilder target = new StringBuilder(path.length() + query.length() + 1);
    append(target, path, IN_PATH);
    if (!query.isEmpty()) {
      target.append('?');
      append(target, query, IN_QUERY);
    }
    return target.toString();
  }

  private static void append(StringBuilder target, String text, String allowed) {
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      if (stays(text, at, character, allowed)) {
        target.appendCodePoint(character);
      } else {
        byte[] bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
          target.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
        }
      }
      at += Character.charCount(character);
    }
  }

  private static boolean stays(String text, int at, int character, String allowed) {
    if (character == '%') {
      return at + 2 < text.length()
          && HexFormat.isHexDigit(text.charAt(at + 1))
          && HexFormat.isHexDigit(text.charAt(at + 2));
    }
    boolean plain = character > SPACE && character < DELETE && Character.isLetterOrDigit(character);
    return plain || allowed.indexOf(character) >= 0;
  }
}
