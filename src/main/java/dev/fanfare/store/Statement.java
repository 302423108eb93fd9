package dev.fanfare.store;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose parameters have names: {@code {run_id}} in the text becomes {@code $1}. With
 * eighty parameters a number is no name.
 */
final class Statement {

  private static final Pattern NAME = Pattern.compile("\\{([a-z_]+)}");

  private final String sql;
  private final List<String> names;

  Statement(String text) {
    Map<String, Integer> places = new LinkedHashMap<>();
    Matcher matcher = NAME.matcher(text);
    StringBuilder numbered = new StringBuilder();
    while (matcher.find()) {
      int place = places.computeIfAbsent(matcher.group(1), ignored -> places.size() + 1);
      matcher.appendReplacement(numbered, Matcher.quoteReplacement("$" + place));
    }
    matcher.appendTail(numbered);
    this.sql = numbered.toString();
    this.names = List.copyOf(places.keySet());
  }

  String sql() {
    return sql;
  }

  /** The values in the order of the numbers. */
  Tuple bind(Values values) {
    List<Object> bound = new ArrayList<>(names.size());
    for (String name : names) {
      if (!values.byName.containsKey(name)) {
        throw new IllegalArgumentException("no value for {" + name + "}");
      }
      bound.add(values.byName.get(name));
    }
    return Tuple.from(bound);
  }

  /** Values by name; a column of rows is one array. */
  static final class Values {
    private final Map<String, Object> byName = new HashMap<>();

    Values put(String name, @Nullable Object value) {
      byName.put(name, value);
      return this;
    }

    <T> Values uuids(String name, Collection<T> rows, Function<T, UUID> value) {
      return put(name, rows.stream().map(value).toArray(UUID[]::new));
    }

    <T> Values texts(String name, Collection<T> rows, Function<T, @Nullable String> value) {
      @Nullable String[] column = new String[rows.size()];
      int place = 0;
      for (T row : rows) {
        column[place++] = value.apply(row);
      }
      return put(name, column);
    }

    <T> Values ints(String name, Collection<T> rows, ToIntFunction<T> value) {
      Integer[] column = new Integer[rows.size()];
      int place = 0;
      for (T row : rows) {
        column[place++] = value.applyAsInt(row);
      }
      return put(name, column);
    }

    <T> Values integers(String name, Collection<T> rows, Function<T, @Nullable Integer> value) {
      @Nullable Integer[] column = new Integer[rows.size()];
      int place = 0;
      for (T row : rows) {
        column[place++] = value.apply(row);
      }
      return put(name, column);
    }

    <T> Values booleans(String name, Collection<T> rows, Predicate<T> value) {
      Boolean[] column = new Boolean[rows.size()];
      int place = 0;
      for (T row : rows) {
        column[place++] = value.test(row);
      }
      return put(name, column);
    }

    <T> Values longs(String name, Collection<T> rows, ToLongFunction<T> value) {
      Long[] column = new Long[rows.size()];
      int place = 0;
      for (T row : rows) {
        column[place++] = value.applyAsLong(row);
      }
      return put(name, column);
    }
  }
}
