package dev.fanfare.expression;

import dev.fanfare.definition.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading what lists, maps and optionals hold. Maps are read by containsKey and get only. */
final class Members {

  /** Stands for null inside an {@link Optional}, which cannot hold it. */
  private static final Object NOTHING = new Object();

  private Members() {}

  /** {@code target.field}. {@code written} is the target's node, for messages. */
  static @Nullable Object read(
      Budget budget, @Nullable Object target, String field, Node.Access access, Node written) {
    budget.charge(1);
    if (target instanceof Map<?, ?> map) {
      return member(map, field, true, access, written);
    }
    if (target instanceof Optional<?> optional) {
      return throughOptional(optional, field, true, access, written);
    }
    return absent(target, field, access, written);
  }

  /** {@code target[key]}; {@code constant} says that the key is written in the expression. */
  static @Nullable Object readAt(
      @Nullable Object target,
      @Nullable Object key,
      boolean constant,
      Node.Access access,
      Node written) {
    if (target instanceof Map<?, ?> map) {
      return member(map, key(key), constant, access, written);
    }
    if (target instanceof Optional<?> optional) {
      return throughOptional(optional, key, constant, access, written);
    }
    if (target instanceof List<?> list) {
      return element(list, key, access, written);
    }
    return absent(target, constant && key != null ? key : "[...]", access, written);
  }

  private static @Nullable Object member(
      Map<?, ?> map, Object key, boolean constant, Node.Access access, Node written) {
    Object value = map.get(key);
    boolean there = value != null || map.containsKey(key);
    return switch (access) {
      case PRESENCE -> there;
      case OPTIONAL -> there ? wrap(Kind.normal(value)) : Optional.empty();
      case PLAIN -> {
        if (!there) {
          throw Failure.of(missing(map, key, constant, written));
        }
        yield Kind.normal(value);
      }
    };
  }

  private static String missing(Map<?, ?> map, Object key, boolean constant, Node written) {
    String where = Node.describe(written);
    if (!constant) {
      return where + " has no such key; test with key in " + where + " first";
    }
    List<String> keys = new ArrayList<>();
    for (Object each : map.keySet()) {
      if (keys.size() < 200 && each instanceof String text) {
        keys.add(text);
      }
    }
    String similar =
        Nearest.to(String.valueOf(key), keys).map(s -> "did you mean \"" + s + "\"? ").orElse("");
    return "there is no \""
        + key
        + "\" in "
        + where
        + "; "
        + similar
        + "where it may be missing, write .?"
        + key
        + ".orValue(...)";
  }

  private static @Nullable Object throughOptional(
      Optional<?> optional,
      @Nullable Object key,
      boolean constant,
      Node.Access access,
      Node written) {
    if (optional.isEmpty()) {
      return access == Node.Access.PRESENCE ? false : optional;
    }
    Node.Access inner = access == Node.Access.PRESENCE ? access : Node.Access.OPTIONAL;
    return readAt(unwrap(optional), key, constant, inner, written);
  }

  private static @Nullable Object element(
      List<?> list, @Nullable Object key, Node.Access access, Node written) {
    if (!(key instanceof Number number)
        || number.doubleValue() != Math.rint(number.doubleValue())) {
      throw Failure.of(
          Node.describe(written) + " is a list: its index is a whole number, not " + words(key));
    }
    double index = number.doubleValue();
    boolean there = index >= 0 && index < list.size();
    if (access == Node.Access.OPTIONAL) {
      return there ? wrap(Kind.normal(list.get((int) index))) : Optional.empty();
    }
    if (!there) {
      throw Failure.of(
          Node.describe(written)
              + " has "
              + list.size()
              + (list.size() == 1 ? " element" : " elements")
              + " and none at this index; the first one is [0]");
    }
    return Kind.normal(list.get((int) index));
  }

  private static Object absent(
      @Nullable Object target, Object field, Node.Access access, Node written) {
    if (target == null && access != Node.Access.PLAIN) {
      return access == Node.Access.PRESENCE ? false : Optional.empty();
    }
    if (target == null) {
      throw Failure.of(
          Node.describe(written)
              + " is null and has no \""
              + field
              + "\""
              + (Node.describe(written).startsWith("steps") ? "; its step may not have run" : ""));
    }
    String hint = field.equals("length") ? "; write size(" + Node.describe(written) + ")" : "";
    throw Failure.of(
        Node.describe(written) + " is " + words(target) + " and has no \"" + field + "\"" + hint);
  }

  private static String words(@Nullable Object value) {
    return Kind.of(value).words();
  }

  /** A value as the key of a map: whole numbers are one kind. */
  static Object key(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Long whole -> whole;
      case Boolean bool -> bool;
      case Double decimal when decimal == Math.rint(decimal) && Math.abs(decimal) < 0x1p63 ->
          decimal.longValue();
      case null, default ->
          throw Failure.of(
              "the key of a map is text, a whole number or a boolean, not " + words(value));
    };
  }

  /** What a macro walks over: the elements of a list, the keys of a map. */
  static Iterable<?> iterable(@Nullable Object value, Node written) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Map<?, ?> map) {
      return map.keySet();
    }
    throw Failure.of(
            Node.describe(written) + " is " + words(value) + " where a list or a map is needed")
        .at(written.at());
  }

  static Optional<?> optional(@Nullable Object value, Node written) {
    if (value instanceof Optional<?> optional) {
      return optional;
    }
    throw Failure.of("? stands before " + words(value) + " where an optional is needed")
        .at(written.at());
  }

  static Optional<?> wrap(@Nullable Object value) {
    return Optional.of(value == null ? NOTHING : value);
  }

  static @Nullable Object unwrap(Optional<?> present) {
    Object value = present.orElseThrow();
    return value == NOTHING ? null : value;
  }
}
