package dev.fanfare.engine;

import dev.fanfare.expression.Unreadable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a row for a value that is kept elsewhere: an object {@code {"$stored": KEY,
 * "bytes": N}}. The key is of the run whose value it is and the SHA-256 of its JSON; whoever forges
 * one gets no more than what it knows already.
 */
public final class StoredValue {

  private static final String KEY = "$stored";
  private static final String BYTES = "bytes";
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}/[0-9a-f]{64}");

  private StoredValue() {}

  /** The reference to a value. */
  public static Map<String, Object> of(String key, long bytes) {
    return Map.of(KEY, key, BYTES, bytes);
  }

  /** The key of a value that is a reference. */
  public static Optional<String> key(@Nullable Object value) {
    return value instanceof Map<?, ?> map
            && map.size() == 2
            && map.get(KEY) instanceof String key
            && map.get(BYTES) instanceof Number
            && NAME.matcher(key).matches()
        ? Optional.of(key)
        : Optional.empty();
  }

  /** How large what a reference stands for is, as it says. */
  public static long bytes(Object reference) {
    return reference instanceof Map<?, ?> map && map.get(BYTES) instanceof Number number
        ? number.longValue()
        : 0;
  }

  /** The references in a value by their keys; at most one for each. */
  public static Map<String, Long> within(@Nullable Object value) {
    Map<String, Long> found = new LinkedHashMap<>();
    collect(value, found);
    return found;
  }

  private static void collect(@Nullable Object value, Map<String, Long> found) {
    switch (value) {
      case Map<?, ?> map -> {
        Optional<String> key = key(map);
        if (key.isPresent()) {
          found.put(key.get(), bytes(map));
        } else {
          map.values().forEach(each -> collect(each, found));
        }
      }
      case List<?> list -> list.forEach(each -> collect(each, found));
      case null, default -> {}
    }
  }

  /**
   * A value with what its references stand for in their places; those without stay.
   *
   * @param values by their keys
   */
  public static @Nullable Object filled(@Nullable Object value, Map<String, Object> values) {
    return switch (value) {
      case Map<?, ?> map -> {
        Optional<String> key = key(map);
        if (key.isPresent() && values.containsKey(key.get())) {
          yield values.get(key.get());
        }
        Map<String, @Nullable Object> filled = new LinkedHashMap<>();
        map.forEach((name, each) -> filled.put(String.valueOf(name), filled(each, values)));
        yield filled;
      }
      case List<?> list -> {
        List<@Nullable Object> filled = new ArrayList<>(list.size());
        list.forEach(each -> filled.add(filled(each, values)));
        yield filled;
      }
      case null, default -> value;
    };
  }

  /** In the place of a value that cannot be had. */
  public record Missing(String why) {}

  /** The values that a process has read of those that a run's rows refer to. */
  static final class Read {

    /** Most bytes that one value may be put together from. */
    private static final long MOST = 32L << 20;

    private final Map<String, Object> values = new LinkedHashMap<>();

    void add(Map<String, Object> read) {
      values.putAll(read);
    }

    void forget() {
      values.clear();
    }

    /**
     * A value without references.
     *
     * @throws RunState.MissingRows if one of them was not read yet
     * @throws Unreadable if one of them cannot be had, or all are too much
     */
    @Nullable Object whole(@Nullable Object value) {
      Map<String, Long> references = within(value);
      if (references.isEmpty()) {
        return value;
      }
      long bytes = references.values().stream().mapToLong(Long::longValue).sum();
      if (bytes > MOST) {
        throw new Unreadable(
            "this output has "
                + bytes
                + " bytes with what it is put together from, more than the 32 MiB that can be read"
                + " at once; hand large things on as files");
      }
      Set<String> unread = new HashSet<>(references.keySet());
      unread.removeAll(values.keySet());
      if (!unread.isEmpty()) {
        throw RunState.MissingRows.ofValues(unread);
      }
      for (String key : references.keySet()) {
        if (values.get(key) instanceof Missing missing) {
          throw new Unreadable(missing.why());
        }
      }
      return filled(value, values);
    }
  }
}
