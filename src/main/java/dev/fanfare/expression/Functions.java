package dev.fanfare.expression;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every function and operator of the language by name.
 *
 * <p>Operators have the names of CEL's syntax tree ({@code _+_}), receiver functions begin with a
 * dot ({@code .contains}), the rest is as written ({@code size}, {@code math.abs}).
 */
final class Functions {

  private static final Map<String, Function> ALL = new Functions().collect();

  /** First words of names such as {@code math.abs}. */
  private static final Set<String> NAMESPACES =
      ALL.keySet().stream()
          .filter(name -> name.indexOf('.') > 0)
          .map(name -> name.substring(0, name.indexOf('.')))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, List<Function.Overload>> overloads = new LinkedHashMap<>();

  private Functions() {}

  static @Nullable Function find(String name) {
    return ALL.get(name);
  }

  static Set<String> names() {
    return ALL.keySet();
  }

  static boolean isNamespace(String name) {
    return NAMESPACES.contains(name);
  }

  /** Adds one overload: what it takes, what it gives, what it does. */
  Functions add(String name, List<Kind> takes, Kind gives, Function.Body body) {
    return add(name, new Function.Overload(takes, false, gives, body));
  }

  /** Adds an overload that takes one argument of a kind or more. */
  Functions repeating(String name, Kind takes, Kind gives, Function.Body body) {
    return add(name, new Function.Overload(List.of(takes), true, gives, body));
  }

  private Functions add(String name, Function.Overload overload) {
    overloads.computeIfAbsent(name, key -> new ArrayList<>()).add(overload);
    return this;
  }

  private Map<String, Function> collect() {
    Operators.addTo(this);
    Conversions.addTo(this);
    TextFunctions.addTo(this);
    ListFunctions.addTo(this);
    MathFunctions.addTo(this);
    TimeFunctions.addTo(this);
    return overloads.entrySet().stream()
        .collect(
            toUnmodifiableMap(
                Map.Entry::getKey, entry -> new Function(entry.getKey(), entry.getValue())));
  }
}
