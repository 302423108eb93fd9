package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The combinations of a matrix, as GitHub Actions expands them: the product of the axes in written
 * order, without what {@code exclude} matches, then {@code include}: an entry that contradicts no
 * axis of a combination adds its values to it, and one that fits none is a combination of its own.
 */
final class MatrixExpansion {

  /** GitHub Actions allows 256 jobs per matrix; a local machine can take more. */
  static final int MAX_COMBINATIONS = 1_000;

  private final CompileInputs inputs;
  private final Set<String> names;
  private final List<Diagnostic> diagnostics;

  MatrixExpansion(CompileInputs inputs, Set<String> names, List<Diagnostic> diagnostics) {
    this.inputs = inputs;
    this.names = names;
    this.diagnostics = diagnostics;
  }

  List<Map<String, Object>> expand(Fan.Matrix matrix) {
    List<Map<String, Object>> combinations = new ArrayList<>();
    combinations.add(Map.of());
    for (Map.Entry<String, Template> axis : matrix.axes().entrySet()) {
      List<Object> values = axisValues(axis.getKey(), axis.getValue());
      if ((long) combinations.size() * values.size() > MAX_COMBINATIONS) {
        error("the matrix has more than " + MAX_COMBINATIONS + " combinations", matrix.span());
        return List.of();
      }
      combinations = times(combinations, axis.getKey(), values);
    }
    if (matrix.axes().isEmpty()) {
      combinations.clear();
    }
    for (Map<String, Template> exclude : matrix.exclude()) {
      Map<String, Object> excluded = values(exclude);
      combinations.removeIf(combination -> agrees(combination, excluded, excluded.keySet()));
    }
    include(matrix, combinations);
    if (combinations.isEmpty()) {
      error("the matrix has no combination left", matrix.span());
    }
    return combinations.stream().distinct().toList();
  }

  /** What names an instance: its values joined by commas. */
  static String name(Map<String, Object> values) {
    return values.values().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Map<String, Object>> times(
      List<Map<String, Object>> combinations, String axis, List<Object> values) {
    List<Map<String, Object>> product = new ArrayList<>();
    for (Map<String, Object> combination : combinations) {
      for (Object value : values) {
        Map<String, Object> longer = new LinkedHashMap<>(combination);
        longer.put(axis, value);
        product.add(longer);
      }
    }
    return product;
  }

  private void include(Fan.Matrix matrix, List<Map<String, Object>> combinations) {
    List<Map<String, Object>> extra = new ArrayList<>();
    for (Map<String, Template> entry : matrix.include()) {
      Map<String, Object> included = values(entry);
      Set<String> axes = matrix.axes().keySet();
      List<Map<String, Object>> fitting =
          combinations.stream().filter(each -> agrees(each, included, axes)).toList();
      fitting.forEach(each -> each.putAll(included));
      if (fitting.isEmpty()) {
        extra.add(included);
      }
    }
    combinations.addAll(extra);
  }

  private static boolean agrees(
      Map<String, Object> combination, Map<String, Object> entry, Set<String> keys) {
    return entry.entrySet().stream()
        .filter(value -> keys.contains(value.getKey()))
        .allMatch(value -> Objects.equals(combination.get(value.getKey()), value.getValue()));
  }

  private Map<String, Object> values(Map<String, Template> templates) {
    Map<String, Object> values = new LinkedHashMap<>();
    templates.forEach((key, template) -> values.put(key, value(template)));
    return values;
  }

  private List<Object> axisValues(String axis, Template template) {
    Object value = value(template);
    if (value instanceof List<?> list && !list.isEmpty()) {
      return new ArrayList<>(list);
    }
    error("the axis '" + axis + "' must be a list with at least one value", template.span());
    return List.of("?");
  }

  private @Nullable Object value(Template template) {
    List<Diagnostic> found = Expressions.check(template, names).diagnostics();
    diagnostics.addAll(found);
    Set<String> read = Expressions.check(template, names).references().names();
    if (!Set.of("params", "event", "run").containsAll(read)) {
      error(
          "a matrix may read params, event and run only: it is expanded before the run starts",
          template.span());
      return List.of("?");
    }
    if (!found.isEmpty()) {
      return List.of("?");
    }
    try {
      return Expressions.evaluate(template, inputs::value);
    } catch (ExpressionException e) {
      error(e.error().message(), template.span());
      return List.of("?");
    }
  }

  private void error(String message, SourceSpan span) {
    diagnostics.add(
        Diagnostic.error(
            "matrix", message, span, "write each axis as a list of values, or use forEach"));
  }
}
