package dev.fanfare.expression;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A function or operator.
 *
 * @param name as {@link Functions} knows it; a receiver function begins with a dot
 */
record Function(String name, List<Overload> overloads) {

  Function {
    overloads = List.copyOf(overloads);
  }

  /** What a function does with arguments of certain kinds. */
  record Overload(List<Kind> takes, boolean repeats, Kind gives, Body body) {

    Overload {
      takes = List.copyOf(takes);
    }

    boolean accepts(List<Kind> given) {
      if (repeats ? given.isEmpty() : given.size() != takes.size()) {
        return false;
      }
      for (int i = 0; i < given.size(); i++) {
        if (!takes.get(repeats ? 0 : i).accepts(given.get(i))) {
          return false;
        }
      }
      return true;
    }

    boolean acceptsValues(@Nullable Object[] given) {
      if (repeats ? given.length == 0 : given.length != takes.size()) {
        return false;
      }
      for (int i = 0; i < given.length; i++) {
        Kind wanted = takes.get(repeats ? 0 : i);
        if (wanted != Kind.ANY && !wanted.accepts(Kind.of(given[i]))) {
          return false;
        }
      }
      return true;
    }
  }

  /** The work of an overload; called with arguments that it accepts. */
  @FunctionalInterface
  interface Body {
    @Nullable Object apply(Args args);
  }

  @Nullable Object apply(Budget budget, @Nullable Object[] given) {
    for (Overload overload : overloads) {
      if (overload.acceptsValues(given)) {
        return overload.body().apply(new Args(budget, given));
      }
    }
    List<Kind> kinds = java.util.Arrays.stream(given).map(Kind::of).toList();
    throw Failure.of(mismatch(kinds) + hint(kinds).map(hint -> "; " + hint).orElse(""));
  }

  /** What is wrong with arguments that no overload accepts. */
  String mismatch(List<Kind> given) {
    String words = given.stream().map(Kind::words).collect(Collectors.joining(" and "));
    if (isOperator()) {
      return symbol() + " cannot take " + words;
    }
    return symbol()
        + " cannot take "
        + (given.isEmpty() ? "nothing" : words)
        + "; it is "
        + forms();
  }

  /** What to write instead. */
  java.util.Optional<String> hint(List<Kind> given) {
    if (name.equals("_+_") && given.contains(Kind.STRING)) {
      return java.util.Optional.of(
          given.contains(Kind.NULL)
              ? "one of them has no value"
              : "make the other one text with string(...)");
    }
    if (isOperator() && given.contains(Kind.STRING)) {
      return java.util.Optional.of("make the text a number with int(...) or double(...)");
    }
    if (name.equals("_%_")) {
      return java.util.Optional.of("% is for whole numbers; use int(...)");
    }
    return java.util.Optional.empty();
  }

  /** The ways to call it, for a message. */
  private String forms() {
    return overloads.stream().map(this::form).distinct().collect(Collectors.joining(" or "));
  }

  private String form(Overload overload) {
    List<String> takes = overload.takes().stream().map(Kind::type).toList();
    String dots = overload.repeats() ? ", ..." : "";
    return name.startsWith(".")
        ? takes.getFirst() + name + "(" + String.join(", ", takes.subList(1, takes.size())) + ")"
        : name + "(" + String.join(", ", takes) + dots + ")";
  }

  private boolean isOperator() {
    return name.equals("@in") || (name.contains("_") && !Character.isLetter(name.charAt(0)));
  }

  /** The name as it is written in an expression. */
  String symbol() {
    if (name.equals("@in")) {
      return "in";
    }
    return isOperator() ? name.replace("_", "") : name.startsWith(".") ? name.substring(1) : name;
  }
}
