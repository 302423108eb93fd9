package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The arguments of a filter, a test or a call; each must be asked for. */
final class Args {

  private final String what;
  private final int at;
  private final Deque<Expression> positional;
  private final Map<String, Expression> named;

  Args(String what, Node.Arguments arguments, int at) {
    this.what = what;
    this.at = at;
    this.positional = new ArrayDeque<>(arguments.positional());
    this.named = new LinkedHashMap<>(arguments.named());
  }

  boolean hasNext() {
    return !positional.isEmpty();
  }

  /** The next one, which may also be given by its name. */
  Optional<Expression> optional(String name) {
    Expression given = named.remove(name);
    return given != null ? Optional.of(given) : Optional.ofNullable(positional.poll());
  }

  /** One that is given by its name only. */
  Optional<Expression> named(String name) {
    return Optional.ofNullable(named.remove(name));
  }

  Expression required() {
    Expression given = positional.poll();
    if (given == null) {
      throw Untranslatable.syntax(at, "'" + what + "' needs an argument");
    }
    return given;
  }

  /** The next one, which must be written down. */
  String literal() {
    return literal(required());
  }

  String literal(Expression node) {
    if (node instanceof Node.Constant constant && constant.value() != null) {
      return String.valueOf(constant.value());
    }
    throw Untranslatable.missing(
        node.at(), "an argument of '" + what + "' that is computed", "write it down");
  }

  /** Whether the next one is there and is written as true. */
  boolean flag(String name) {
    return optional(name).map(node -> literal(node).equals("true")).orElse(false);
  }

  /** The arguments that are left, for somebody else. */
  Node.Arguments rest() {
    Node.Arguments rest = new Node.Arguments(java.util.List.copyOf(positional), Map.copyOf(named));
    positional.clear();
    named.clear();
    return rest;
  }

  /** Nothing may be left. */
  void close() {
    if (!positional.isEmpty()) {
      throw Untranslatable.missing(
          positional.peek().at(), "this argument of '" + what + "'", "leave it out");
    }
    if (!named.isEmpty()) {
      Map.Entry<String, Expression> first = named.entrySet().iterator().next();
      throw Untranslatable.missing(
          first.getValue().at(),
          "the argument '" + first.getKey() + "' of '" + what + "'",
          "leave it out");
    }
  }
}
