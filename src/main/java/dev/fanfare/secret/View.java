package dev.fanfare.secret;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with its escapes undone that remembers where each character comes from.
 *
 * @param text what it reads as
 * @param from for each character the offset in the original where it begins, and the original's
 *     length behind the last one; null for the original itself
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record View(String text, int @Nullable [] from) {

  /** Escapes inside escapes: JSON in JSON, a URL in a URL. */
  private static final int DEPTH = 3;

  private static final int LONGEST_CHARACTER = 4;

  /** The offset in the original at which a character begins. */
  int origin(int index) {
    return from == null ? index : from[index];
  }

  /**
   * The text and everything that it can be unescaped to, the text first.
   *
   * @param blanks whether it matters that {@code +} stands for a blank in a form
   */
  static List<View> all(String text, boolean blanks) {
    View original = new View(text, null);
    if (text.indexOf('%') < 0 && text.indexOf('\\') < 0 && !(blanks && text.indexOf('+') >= 0)) {
      return List.of(original);
    }
    List<View> all = new ArrayList<>(List.of(original));
    List<View> last = all;
    for (int depth = 0; depth < DEPTH && !last.isEmpty(); depth++) {
      List<View> next = new ArrayList<>();
      for (View view : last) {
        add(next, view.percentDecoded(false));
        if (blanks) {
          add(next, view.percentDecoded(true));
        }
        add(next, view.unescaped());
      }
      all = new ArrayList<>(all);
      all.addAll(next);
      last = next;
    }
    return all;
  }

  private static void add(List<View> views, @Nullable View view) {
    if (view != null && views.stream().noneMatch(known -> known.text.equals(view.text))) {
      views.add(view);
    }
  }

  /** Builds a view out of this one. */
  private final class Builder {
    private final StringBuilder made = new StringBuilder(text.length());
    private int[] origins = new int[text.length() + 1];
    private boolean changed;

    void keep(int index) {
      put(text.charAt(index), index);
    }

    void replace(String characters, int index) {
      changed = true;
      for (int i = 0; i < characters.length(); i++) {
        put(characters.charAt(i), index);
      }
    }

    private void put(char c, int index) {
      origins[made.length()] = origin(index);
      made.append(c);
    }

    @Nullable View view() {
      if (!changed) {
        return null;
      }
      origins[made.length()] = origin(text.length());
      origins = Arrays.copyOf(origins, made.length() + 1);
      return new View(made.toString(), origins);
    }
  }

  /**
   * {@code %41} as the characters that they are in UTF-8; null where there is nothing to decode.
   *
   * @param form whether {@code +} is a blank
   */
  private @Nullable View percentDecoded(boolean form) {
    if (text.indexOf(form ? '+' : '%') < 0) {
      return null;
    }
    Builder builder = new Builder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String character = c == '%' ? percentCharacter(i) : "";
      if (!character.isEmpty()) {
        builder.replace(character, i);
        i += 3 * character.getBytes(StandardCharsets.UTF_8).length - 1;
      } else if (form && c == '+') {
        builder.replace(" ", i);
      } else {
        builder.keep(i);
      }
    }
    return builder.view();
  }

  /** The character whose first byte is written at an offset; empty where there is none. */
  private String percentCharacter(int at) {
    byte[] bytes = new byte[LONGEST_CHARACTER];
    int first = hex(at + 1, 2);
    if (text.charAt(at) != '%' || first < 0) {
      return "";
    }
    int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : LONGEST_CHARACTER;
    for (int i = 0; i < length; i++) {
      int place = at + 3 * i;
      int value = place < text.length() && text.charAt(place) == '%' ? hex(place + 1, 2) : -1;
      if (value < 0) {
        return "";
      }
      bytes[i] = (byte) value;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  /** Backslashes of JSON, of programming languages and of shells; null where there are none. */
  private @Nullable View unescaped() {
    if (text.indexOf('\\') < 0) {
      return null;
    }
    Builder builder = new Builder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        builder.keep(i);
        continue;
      }
      char escaped = text.charAt(i + 1);
      int digits = escaped == 'u' ? 4 : escaped == 'x' ? 2 : 0;
      int code = digits == 0 ? -1 : hex(i + 2, digits);
      builder.replace(code < 0 ? character(escaped) : String.valueOf((char) code), i);
      i += code < 0 ? 1 : 1 + digits;
    }
    return builder.view();
  }

  private static String character(char escaped) {
    return switch (escaped) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'b' -> "\b";
      case 'f' -> "\f";
      default -> String.valueOf(escaped);
    };
  }

  private int hex(int at, int digits) {
    if (at + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) >= 0x80) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }
}
