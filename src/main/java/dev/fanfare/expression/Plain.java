package dev.fanfare.expression;

import dev.fanfare.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of expressions as JSON, and JSON as text.
 *
 * <p>Timestamps become RFC 3339 text, durations seconds ({@code 90s}), bytes base64, a present
 * optional its value and an empty one null. The size of a result is bounded.
 */
final class Plain {

  private static final int DEEPEST = 100;

  private final Budget budget;
  private long characters;

  private Plain(Budget budget) {
    this.budget = budget;
  }

  /**
   * The value as JSON in Java: maps are copied into {@link LinkedHashMap}s.
   *
   * @throws Failure when it has no form in JSON, or is larger than a result may be
   */
  static @Nullable Object of(Budget budget, @Nullable Object value) {
    return new Plain(budget).plain(value, 0);
  }

  private @Nullable Object plain(@Nullable Object given, int depth) {
    budget.charge(1);
    if (depth > DEEPEST) {
      throw Failure.limit("the result is nested deeper than 100 levels");
    }
    Object value = Kind.normal(given);
    return switch (value) {
      case null -> null;
      case String text -> counted(text);
      case Boolean bool -> bool;
      case Long whole -> whole;
      case Double decimal -> finite(decimal);
      case Instant instant -> instant.toString();
      case Duration duration -> seconds(duration);
      case Bytes bytes -> {
        count(bytes.size() * 2L);
        yield Base64.getEncoder().encodeToString(bytes.content());
      }
      case Optional<?> optional ->
          optional.isPresent() ? plain(Members.unwrap(optional), depth + 1) : null;
      case List<?> list -> plainList(list, depth);
      case Map<?, ?> map -> plainMap(map, depth);
      case Kind kind -> throw Failure.of("the result is the type " + kind.type() + ", not a value");
      default -> throw Failure.of("the result has no form in JSON");
    };
  }

  private static Double finite(Double value) {
    if (!Double.isFinite(value)) {
      throw Failure.of("the result is not a finite number (a division by zero?)");
    }
    return value;
  }

  private Object plainList(List<?> list, int depth) {
    List<@Nullable Object> plain = new ArrayList<>(Math.min(list.size(), 1_000));
    for (Object element : list) {
      count(4);
      plain.add(plain(element, depth + 1));
    }
    return plain;
  }

  private Object plainMap(Map<?, ?> map, int depth) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = counted(String.valueOf(entry.getKey()));
      count(4);
      plain.put(key, plain(entry.getValue(), depth + 1));
    }
    return plain;
  }

  private String counted(String text) {
    count(text.length());
    return text;
  }

  private void count(long more) {
    characters += more;
    budget.chargeCharacters(more);
    if (characters > Budget.CHARACTERS) {
      throw Failure.limit("the result is larger than 1 MiB; keep large values in files");
    }
  }

  /** The value as compact JSON. */
  static String json(Budget budget, @Nullable Object value) {
    String json = Json.write(of(budget, value));
    budget.text(json.length());
    budget.charge(json.length() / 8);
    return json;
  }

  /** The value as text: null is empty, lists and maps are compact JSON. */
  static String text(Budget budget, @Nullable Object value) {
    return switch (of(budget, value)) {
      case null -> "";
      case String text -> text;
      case Double decimal -> number(decimal);
      case Long whole -> whole.toString();
      case Boolean bool -> bool.toString();
      case Object structure -> json(budget, structure);
    };
  }

  /** A decimal number as text; a whole one without a point, as JSON itself has no two kinds. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String seconds(Duration duration) {
    String text =
        new java.math.BigDecimal(duration.getSeconds())
            .add(java.math.BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString();
    return text + "s";
  }
}
