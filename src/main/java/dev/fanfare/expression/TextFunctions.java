package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.BOOL;
import static dev.fanfare.expression.Kind.BYTES;
import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.LIST;
import static dev.fanfare.expression.Kind.STRING;

import java.util.ArrayList;
import java.util.List;

/** Functions on text: the standard ones and the strings extension. Positions count code points. */
final class TextFunctions {

  private TextFunctions() {}

  static void addTo(Functions to) {
    List<Kind> two = List.of(STRING, STRING);
    to.add("size", List.of(STRING), INT, TextFunctions::size);
    to.add(".size", List.of(STRING), INT, TextFunctions::size);
    to.add("size", List.of(BYTES), INT, a -> (long) a.bytes(0).size());
    to.add(".size", List.of(BYTES), INT, a -> (long) a.bytes(0).size());
    to.add(".contains", two, BOOL, a -> Needle.of(a.text(1)).in(searched(a), 0) >= 0);
    to.add(".startsWith", two, BOOL, a -> read(a).startsWith(a.text(1)));
    to.add(".endsWith", two, BOOL, a -> read(a).endsWith(a.text(1)));
    to.add("matches", two, BOOL, a -> Regex.find(a.budget(), a.text(0), a.text(1)));
    to.add(".matches", two, BOOL, a -> Regex.find(a.budget(), a.text(0), a.text(1)));
    positions(to);
    changes(to);
    to.add(".join", List.of(LIST), STRING, a -> join(a, ""));
    to.add(".join", List.of(LIST, STRING), STRING, a -> join(a, a.text(1)));
    to.add(".split", two, LIST, a -> split(a, Long.MAX_VALUE));
    to.add(".split", List.of(STRING, STRING, INT), LIST, a -> split(a, a.whole(2)));
    to.add("strings.quote", List.of(STRING), STRING, TextFunctions::quote);
    to.add(".format", List.of(STRING, LIST), STRING, a -> Format.format(a, a.text(0), a.list(1)));
  }

  private static void positions(Functions to) {
    List<Kind> two = List.of(STRING, STRING);
    List<Kind> three = List.of(STRING, STRING, INT);
    to.add(
        ".charAt", List.of(STRING, INT), STRING, a -> slice(a, a.whole(1), a.whole(1) + 1, true));
    to.add(".indexOf", two, INT, a -> indexOf(a, 0));
    to.add(".indexOf", three, INT, a -> indexOf(a, a.whole(2)));
    to.add(".lastIndexOf", two, INT, a -> lastIndexOf(a, Long.MAX_VALUE));
    to.add(".lastIndexOf", three, INT, a -> lastIndexOf(a, a.whole(2)));
    to.add(
        ".substring",
        List.of(STRING, INT),
        STRING,
        a -> slice(a, a.whole(1), codePoints(a.text(0)), false));
    to.add(
        ".substring",
        List.of(STRING, INT, INT),
        STRING,
        a -> slice(a, a.whole(1), a.whole(2), false));
  }

  private static void changes(Functions to) {
    to.add(".lowerAscii", List.of(STRING), STRING, a -> ascii(a, 'A', 'Z', 32));
    to.add(".upperAscii", List.of(STRING), STRING, a -> ascii(a, 'a', 'z', -32));
    to.add(".trim", List.of(STRING), STRING, a -> read(a).strip());
    to.add(
        ".reverse", List.of(STRING), STRING, a -> new StringBuilder(read(a)).reverse().toString());
    to.add(".replace", List.of(STRING, STRING, STRING), STRING, a -> replace(a, Long.MAX_VALUE));
    to.add(".replace", List.of(STRING, STRING, STRING, INT), STRING, a -> replace(a, a.whole(3)));
  }

  /** The first argument, charged for being read. */
  private static String read(Args a) {
    a.budget().chargeCharacters(a.text(0).length());
    return a.text(0);
  }

  /** The first argument, charged for a search of the second. */
  private static String searched(Args a) {
    a.budget().chargeCharacters(4L * a.text(0).length() + 4L * a.text(1).length());
    return a.text(0);
  }

  private static long codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  private static Object size(Args a) {
    return codePoints(read(a));
  }

  /** The place of a code point; the caller has checked that it is within the text. */
  private static int offset(String text, long codePoint) {
    return text.offsetByCodePoints(0, Math.toIntExact(codePoint));
  }

  private static Object slice(Args a, long from, long to, boolean forgiving) {
    String text = read(a);
    long size = codePoints(text);
    if (forgiving && from == size) {
      return "";
    }
    if (from < 0 || to > size || from > to) {
      throw Failure.of(
          "the text has " + size + " characters and none at this position; the first one is 0");
    }
    int start = offset(text, from);
    return text.substring(start, text.offsetByCodePoints(start, Math.toIntExact(to - from)));
  }

  private static Object indexOf(Args a, long from) {
    String text = searched(a);
    inside(text, from);
    int found = Needle.of(a.text(1)).in(text, offset(text, from));
    return found < 0 ? -1L : (long) text.codePointCount(0, found);
  }

  private static Object lastIndexOf(Args a, long from) {
    String text = searched(a);
    a.budget().charge((long) text.length() * Math.min(a.text(1).length(), text.length()) / 8);
    long start = from == Long.MAX_VALUE ? codePoints(text) : from;
    inside(text, start);
    int found = text.lastIndexOf(a.text(1), offset(text, start));
    return found < 0 ? -1L : (long) text.codePointCount(0, found);
  }

  private static void inside(String text, long position) {
    if (position < 0 || position > codePoints(text)) {
      throw Failure.of("the text has no such position; it has " + codePoints(text) + " characters");
    }
  }

  private static Object ascii(Args a, char first, char last, int shift) {
    StringBuilder changed = new StringBuilder(read(a));
    for (int i = 0; i < changed.length(); i++) {
      char c = changed.charAt(i);
      if (c >= first && c <= last) {
        changed.setCharAt(i, (char) (c + shift));
      }
    }
    return changed.toString();
  }

  private static Object replace(Args a, long limit) {
    String text = searched(a);
    String old = a.text(1);
    Needle needle = Needle.of(old);
    String replacement = a.text(2);
    StringBuilder result = new StringBuilder(Math.min(text.length() + 16, Budget.CHARACTERS));
    long left = limit < 0 ? Long.MAX_VALUE : limit;
    int done = 0;
    while (left-- > 0) {
      int found = done > text.length() ? -1 : needle.in(text, done);
      if (found < 0) {
        break;
      }
      a.budget().charge(1);
      append(a.budget(), result, text.substring(Math.min(done, found), found));
      append(a.budget(), result, replacement);
      done = found + old.length();
      if (old.isEmpty()) {
        if (found == text.length()) {
          return result.toString();
        }
        int next = text.offsetByCodePoints(found, 1);
        append(a.budget(), result, text.substring(found, next));
        done = next;
      }
    }
    append(a.budget(), result, text.substring(Math.min(done, text.length())));
    return result.toString();
  }

  /** Appends what still fits the bound of a text. */
  static void append(Budget budget, StringBuilder to, String part) {
    budget.chargeCharacters(part.length());
    if ((long) to.length() + part.length() > Budget.CHARACTERS) {
      budget.text((long) to.length() + part.length());
    }
    to.append(part);
  }

  private static Object join(Args a, String separator) {
    StringBuilder joined = new StringBuilder();
    boolean first = true;
    for (Object element : a.list(0)) {
      if (!(element instanceof String text)) {
        throw Failure.of(
            "join takes a list of texts, but one element is "
                + Kind.of(Kind.normal(element)).words()
                + "; write list.map(x, string(x)).join(...)");
      }
      if (!first) {
        append(a.budget(), joined, separator);
      }
      first = false;
      append(a.budget(), joined, text);
    }
    return joined.toString();
  }

  private static Object split(Args a, long limit) {
    String text = searched(a);
    String separator = a.text(1);
    Needle needle = Needle.of(separator);
    List<Object> parts = new ArrayList<>();
    if (limit == 0) {
      return parts;
    }
    long most = limit < 0 ? Long.MAX_VALUE : limit;
    int done = 0;
    while (parts.size() + 1L < most) {
      int found =
          separator.isEmpty()
              ? (done < text.length() ? text.offsetByCodePoints(done, 1) : text.length())
              : needle.in(text, done);
      if (found < 0 || (separator.isEmpty() && found >= text.length())) {
        break;
      }
      a.budget().charge(1 + (found - done) / 16);
      a.budget().list(parts.size() > Budget.ELEMENTS - 2 ? Budget.ELEMENTS + 1L : 0);
      parts.add(text.substring(done, found));
      done = found + separator.length();
    }
    if (!separator.isEmpty() || done < text.length()) {
      parts.add(text.substring(done));
    }
    return parts;
  }

  private static Object quote(Args a) {
    String text = read(a);
    a.budget().chargeCharacters(3L * text.length());
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\u0007' -> quoted.append("\\a");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\u000b' -> quoted.append("\\v");
        case '\\' -> quoted.append("\\\\");
        case '"' -> quoted.append("\\\"");
        default -> quoted.append(c);
      }
    }
    a.budget().text(quoted.length() + 1L);
    return quoted.append('"').toString();
  }
}
