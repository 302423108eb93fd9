package dev.fanfare.secret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Covers values in whatever is shown or kept.
 *
 * <p>A value is found as it is; in base64, also as a part of a longer text that was encoded; behind
 * the escapes of URLs, JSON, programming languages and shells, in one another up to three times;
 * and, where it has several lines, in each line. Found is what has {@link #SHORTEST} characters.
 * Immutable, safe for use by many threads; holds the values, and shows none.
 *
 * <p>A text is read once: the last four characters are looked up in a small filter, and only what
 * passes it is compared.
 */
public final class Masker {

  /** What stands in the place of a value. */
  public static final String COVER = "***";

  /** Fewer characters cannot be covered: they are found everywhere. */
  public static final int SHORTEST = 4;

  /** Covers nothing. */
  public static final Masker NONE = new Masker(Set.of());

  private static final int FILTER_BITS = 14;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final int MOST_REACH = 256 << 10;

  /** Characters that one of a value can become: an escape in an escape. */
  private static final int LONGEST_ESCAPE = 7;

  private final long[] filter = new long[1 << (FILTER_BITS - 6)];

  /** The first four characters of all patterns, in order, and the patterns that begin so. */
  private final long[] beginnings;

  private final String[][] patterns;
  private final int reach;
  private final boolean blanks;

  private Masker(Set<String> texts) {
    TreeMap<Long, List<String>> byBeginning = new TreeMap<>();
    int longest = 0;
    for (String text : texts) {
      byBeginning.computeIfAbsent(beginning(text), key -> new ArrayList<>()).add(text);
      longest = Math.max(longest, text.length());
    }
    this.reach = Math.min(longest * LONGEST_ESCAPE, MOST_REACH);
    this.blanks = texts.stream().anyMatch(text -> text.indexOf(' ') >= 0);
    this.beginnings = byBeginning.keySet().stream().mapToLong(Long::longValue).toArray();
    this.patterns =
        byBeginning.values().stream()
            .map(same -> same.stream().sorted(Comparator.comparing(String::length).reversed()))
            .map(same -> same.toArray(String[]::new))
            .toArray(String[][]::new);
    for (long beginning : beginnings) {
      int bit = bit(beginning);
      filter[bit >>> 6] |= 1L << bit;
    }
  }

  /** A masker of these values; those that are too short are left out. */
  public static Masker of(Collection<String> values) {
    Set<String> texts = new TreeSet<>();
    values.stream()
        .filter(value -> value.length() >= SHORTEST)
        .forEach(value -> texts.addAll(Variants.of(value)));
    return texts.isEmpty() ? NONE : new Masker(texts);
  }

  private static long beginning(String text) {
    long window = 0;
    for (int i = 0; i < SHORTEST; i++) {
      window = window << 16 | text.charAt(i);
    }
    return window;
  }

  private static int bit(long beginning) {
    return (int) ((beginning * SPREAD) >>> (64 - FILTER_BITS));
  }

  /** A text with every value covered; the same text where there is none. */
  public String mask(String text) {
    BitSet covered = covered(text);
    if (covered.isEmpty()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length());
    int at = 0;
    for (int from = covered.nextSetBit(0); from >= 0; from = covered.nextSetBit(at)) {
      shown.append(text, at, from).append(COVER);
      at = covered.nextClearBit(from);
    }
    return shown.append(text, at, text.length()).toString();
  }

  /**
   * A JSON value with every value covered in its texts, in the names of its members and in numbers
   * that read like a value.
   */
  public @Nullable Object maskAll(@Nullable Object value) {
    if (this == NONE) {
      return value;
    }
    return switch (value) {
      case String text -> mask(text);
      case Number number -> {
        String text = number.toString();
        String shown = mask(text);
        yield shown.equals(text) ? number : shown;
      }
      case Map<?, ?> map -> maskMembers(map);
      case List<?> list -> {
        List<@Nullable Object> shown = new ArrayList<>(list.size());
        for (Object element : list) {
          shown.add(maskAll(element));
        }
        yield shown;
      }
      case null, default -> value;
    };
  }

  private Map<String, @Nullable Object> maskMembers(Map<?, ?> map) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      String name = mask(String.valueOf(member.getKey()));
      String free = name;
      for (int i = 2; shown.containsKey(free); i++) {
        free = name + "-" + i;
      }
      shown.put(free, maskAll(member.getValue()));
    }
    return shown;
  }

  /**
   * Most characters between the begin and the end of something to be covered. A text of which more
   * than this is known behind an offset can be cut there, as {@link #cut} says.
   */
  public int reach() {
    return reach;
  }

  /** The first place at an offset or behind it at which nothing to be covered is cut through. */
  public int cut(String text, int at) {
    BitSet covered = covered(text);
    int place = at;
    while (place > 0 && place < text.length()) {
      if (covered.get(place - 1) && covered.get(place)) {
        place = covered.nextClearBit(place);
      } else if (isInEscape(text, place)) {
        place++;
      } else {
        break;
      }
    }
    return Math.min(place, text.length());
  }

  private static boolean isInEscape(String text, int at) {
    return text.charAt(at - 1) == '\\'
        || text.charAt(at - 1) == '%'
        || (at > 1 && text.charAt(at - 2) == '%')
        || Character.isHighSurrogate(text.charAt(at - 1));
  }

  private BitSet covered(String text) {
    BitSet covered = new BitSet(0);
    if (beginnings.length > 0 && text.length() >= SHORTEST) {
      for (View view : View.all(text, blanks)) {
        scan(view, covered);
      }
    }
    return covered;
  }

  private void scan(View view, BitSet covered) {
    String text = view.text();
    long window = 0;
    for (int i = 0; i < text.length(); i++) {
      window = window << 16 | text.charAt(i);
      int bit = bit(window);
      if ((filter[bit >>> 6] & 1L << bit) == 0) {
        continue;
      }
      int index = Arrays.binarySearch(beginnings, window);
      int from = i - SHORTEST + 1;
      if (index >= 0 && from >= 0) {
        cover(patterns[index], view, from, covered);
      }
    }
  }

  private static void cover(String[] candidates, View view, int from, BitSet covered) {
    for (String pattern : candidates) {
      if (view.text().startsWith(pattern, from)) {
        covered.set(view.origin(from), view.origin(from + pattern.length()));
        return;
      }
    }
  }

  @Override
  public String toString() {
    return "Masker[" + (this == NONE ? "nothing" : COVER) + "]";
  }
}
