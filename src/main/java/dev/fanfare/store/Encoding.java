package dev.fanfare.store;

import dev.fanfare.json.Json;
import org.jspecify.annotations.Nullable;

/** Values as PostgreSQL takes them: it stores no NUL character, neither in text nor in json. */
final class Encoding {

  private static final String ESCAPED_NUL = "\\u0000";

  private Encoding() {}

  /** A value as json, null staying an SQL null; a NUL becomes U+FFFD. */
  static @Nullable String json(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    String json = Json.write(value);
    return json.contains(ESCAPED_NUL) ? withoutEscapedNul(json) : json;
  }

  /** A value as json, null as json's null. */
  static String jsonOrNull(@Nullable Object value) {
    String json = json(value);
    return json == null ? "null" : json;
  }

  /** Text without NUL characters; each becomes U+FFFD. */
  static String text(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  /** An escaped NUL has an even number of backslashes before its own. */
  private static String withoutEscapedNul(String json) {
    StringBuilder clean = new StringBuilder(json.length());
    int i = 0;
    while (i < json.length()) {
      char c = json.charAt(i);
      if (c != '\\') {
        clean.append(c);
        i++;
      } else if (json.startsWith(ESCAPED_NUL, i)) {
        clean.append("\\ufffd");
        i += ESCAPED_NUL.length();
      } else {
        clean.append(c).append(json.charAt(i + 1));
        i += 2;
      }
    }
    return clean.toString();
  }
}
