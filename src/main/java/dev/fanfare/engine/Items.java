package dev.fanfare.engine;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Template;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The items of a {@code forEach} and what comes of them.
 *
 * <p>Kept with the group: {@code items} (each distinct one once, or lists of them), {@code names}
 * (of their instances), and {@code order}, which says for every item of the list as given which
 * instance it shares; absent where they are the same.
 */
final class Items {

  /** More instances than this are refused: a run is no queue. */
  static final int MAX_ITEMS = 100_000;

  private static final int MAX_NAME = 128;

  private final Draft draft;

  Items(Draft draft) {
    this.draft = draft;
  }

  Map<String, Object> evaluate(Fan.ForEach forEach, Cell group) throws ExpressionException {
    Object value = Expressions.evaluate(forEach.items(), RunScope.of(draft, group, Map.of()));
    if (!(value instanceof List<?> given)) {
      throw new IllegalArgumentException(
          "forEach needs a list, but its expression gave "
              + (value == null ? "null" : describe(value)));
    }
    if (given.size() > MAX_ITEMS) {
      throw new IllegalArgumentException(
          "forEach has " + given.size() + " items; " + MAX_ITEMS + " is the most a step may have");
    }
    List<Object> items = new ArrayList<>();
    List<Object> order = new ArrayList<>();
    Map<Object, Integer> seen = new HashMap<>();
    for (Object item : given) {
      Integer known = forEach.distinct() ? seen.putIfAbsent(item, items.size()) : null;
      order.add((long) (known == null ? items.size() : known));
      if (known == null) {
        items.add(item);
      }
    }
    if (forEach.batch().isPresent()) {
      items = batches(items, batchSize(forEach.batch().get(), group));
    }
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("items", items);
    if (forEach.key().isPresent()) {
      detail.put("names", keys(forEach, items, group));
    }
    if (items.size() != given.size() && forEach.batch().isEmpty()) {
      detail.put("order", order);
    }
    return detail;
  }

  private int batchSize(Template batch, Cell group) throws ExpressionException {
    Object value = Expressions.evaluate(batch, RunScope.of(draft, group, Map.of()));
    int size = Limits.of(value, "batch");
    if (size < 1) {
      throw new IllegalArgumentException(
          "batch must be a whole number of at least 1, but it is " + value);
    }
    return size;
  }

  private static List<Object> batches(List<Object> items, int size) {
    List<Object> batches = new ArrayList<>();
    int step = Math.min(size, items.size());
    for (int from = 0; from < items.size(); from += step) {
      batches.add(new ArrayList<>(items.subList(from, Math.min(items.size(), from + step))));
    }
    return batches;
  }

  private static String describe(Object value) {
    return switch (value) {
      case Map<?, ?> ignored -> "an object";
      case String text -> "the text '" + (text.length() > 40 ? text.substring(0, 40) : text) + "'";
      default -> String.valueOf(value);
    };
  }

  private List<Object> keys(Fan.ForEach forEach, List<Object> items, Cell group)
      throws ExpressionException {
    Template key = forEach.key().orElseThrow();
    List<Object> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int index = 0; index < items.size(); index++) {
      Map<String, Object> extra = new HashMap<>();
      extra.put("item", items.get(index));
      extra.put("index", (long) index);
      extra.put(forEach.as(), items.get(index));
      String name = Expressions.text(key, RunScope.of(draft, group, extra));
      if (name.isEmpty() || name.length() > MAX_NAME || !isPrintable(name)) {
        throw new IllegalArgumentException(
            "the key of item "
                + index
                + " must have 1 to "
                + MAX_NAME
                + " characters and no control character");
      }
      Integer other = seen.putIfAbsent(name, index);
      if (other != null) {
        throw new IllegalArgumentException(
            "items " + other + " and " + index + " have the same key '" + name + "'");
      }
      names.add(name);
    }
    return names;
  }

  /** Whether a text can be part of a step's path, which is stored and shown in one line. */
  private static boolean isPrintable(String name) {
    return name.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  /** Names of a group's instances, in item order. */
  static List<String> names(Cell group) {
    Map<String, Object> detail = group.detail;
    if (detail == null) {
      return List.of();
    }
    if (detail.get("names") instanceof List<?> names) {
      return names.stream().map(String::valueOf).toList();
    }
    int size = list(detail, "items").size();
    return new java.util.AbstractList<>() {
      @Override
      public String get(int index) {
        return Integer.toString(index);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  static @Nullable Object item(Cell group, int index) {
    Map<String, Object> detail = group.detail;
    return detail == null ? null : list(detail, "items").get(index);
  }

  static String path(Cell group, String name) {
    return group.path + "[" + name + "]";
  }

  static List<String> paths(Cell group) {
    return names(group).stream().map(name -> path(group, name)).toList();
  }

  private static List<?> list(Map<String, Object> detail, String key) {
    return detail.get(key) instanceof List<?> list ? list : List.of();
  }

  /** What a structure yields once its children have ended. */
  @Nullable Object output(Node node, Cell group, List<Cell> children) throws ExpressionException {
    if (node.shape() instanceof Shape.Sequence) {
      return children.isEmpty() ? null : children.getLast().output;
    }
    Optional<Template> collect =
        node.shape() instanceof Shape.ForEach forEach
            ? forEach.definition().collect()
            : Optional.empty();
    List<Object> outputs = new ArrayList<>(children.size());
    for (Cell child : children) {
      outputs.add(collect.isEmpty() ? child.output : collected(collect.get(), child));
    }
    Map<String, Object> detail = group.detail;
    if (detail == null || !detail.containsKey("order")) {
      return outputs;
    }
    List<Object> ordered = new ArrayList<>();
    for (Object index : list(detail, "order")) {
      ordered.add(outputs.get(((Number) index).intValue()));
    }
    return ordered;
  }

  private @Nullable Object collected(Template collect, Cell child) throws ExpressionException {
    Map<String, Object> extra = new HashMap<>();
    extra.put("output", child.output);
    extra.put("status", child.status.id());
    extra.put("error", child.error == null ? null : child.error.toJson());
    return Expressions.evaluate(collect, RunScope.of(draft, child, extra));
  }
}
