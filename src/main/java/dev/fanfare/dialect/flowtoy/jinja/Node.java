package dev.fanfare.dialect.flowtoy.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A template, read. Each node knows where it stands in the template's text. */
sealed interface Node {

  int at();

  /** An expression. */
  sealed interface Expression extends Node {}

  /** A {@code String}, {@code Long}, {@code Double}, {@code Boolean} or null. */
  record Constant(@Nullable Object value, int at) implements Expression {}

  record Name(String name, int at) implements Expression {}

  record Attribute(Expression target, String name, int at) implements Expression {}

  record Item(Expression target, Expression key, int at) implements Expression {}

  record Slice(Expression target, Optional<Expression> from, Optional<Expression> to, int at)
      implements Expression {}

  record Call(Expression target, Arguments arguments, int at) implements Expression {}

  record Filter(Expression target, String name, Arguments arguments, int at)
      implements Expression {}

  record Check(Expression target, String name, Arguments arguments, boolean negated, int at)
      implements Expression {}

  /** {@code not}, {@code -} or {@code +}. */
  record Unary(String operator, Expression operand, int at) implements Expression {}

  record Binary(String operator, Expression left, Expression right, int at) implements Expression {}

  record Conditional(Expression test, Expression then, Optional<Expression> otherwise, int at)
      implements Expression {}

  record Items(List<Expression> items, int at) implements Expression {}

  record Entries(List<Map.Entry<Expression, Expression>> entries, int at) implements Expression {}

  /** One that is translated already: the variable of a macro. */
  record Given(Cel cel, int at) implements Expression {}

  /** What stands in parentheses after a name. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }

  record Data(String text, int at) implements Node {}

  record Output(Expression expression, int at) implements Node {}

  record If(List<Branch> branches, List<Node> otherwise, int at) implements Node {}

  record Branch(Expression test, List<Node> body) {}

  /**
   * A loop.
   *
   * @param variables one, or two for {@code key, value}
   */
  record For(
      List<String> variables,
      Expression items,
      Optional<Expression> only,
      List<Node> body,
      List<Node> otherwise,
      int at)
      implements Node {}

  record Assign(String name, Expression value, int at) implements Node {}
}
