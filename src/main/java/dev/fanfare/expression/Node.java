package dev.fanfare.expression;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled expression. {@code at} is the offset in the source, in code points. */
sealed interface Node {

  int at();

  /** A literal. */
  record Constant(@Nullable Object value, int at) implements Node {}

  /** A root name of the scope, or the name of a type. */
  record Name(String name, int at) implements Node {}

  /** A variable of an enclosing macro. */
  record Local(String name, int at) implements Node {}

  /** {@code target.field}, {@code has(target.field)} or {@code target.?field}. */
  record Select(Node target, String field, Access access, int at) implements Node {}

  /** {@code target[key]} or {@code target[?key]}. */
  record Index(Node target, Node key, Access access, int at) implements Node {}

  /**
   * A function or operator.
   *
   * @param name as {@link Functions} knows it; a receiver function begins with a dot
   * @param function null where there is no such function
   */
  record Call(String name, @Nullable Function function, List<Node> args, int at) implements Node {}

  record And(Node left, Node right, int at) implements Node {}

  record Or(Node left, Node right, int at) implements Node {}

  record Conditional(Node condition, Node then, Node otherwise, int at) implements Node {}

  /**
   * {@code optional.orValue(fallback)} and {@code optional.or(other)}; the latter stays optional.
   */
  record OrElse(Node optional, Node fallback, boolean unwrap, int at) implements Node {}

  /**
   * What a macro's loop asks: whether the operand is anything but false; a failure is not false.
   */
  record NotFalse(Node operand, int at) implements Node {}

  record ListOf(List<Node> elements, Set<Integer> optional, int at) implements Node {}

  record MapOf(List<Entry> entries, int at) implements Node {}

  /** One entry of a map literal. */
  record Entry(Node key, Node value, boolean optional) {}

  /** What the macros ({@code map}, {@code filter}, {@code all}, ...) become. */
  record Fold(
      String item, Node range, String result, Node init, Node goOn, Node step, Node value, int at)
      implements Node {}

  /** The step of a {@code map} or {@code filter}: adds to the list that the loop is building. */
  record Append(String result, List<Node> elements, int at) implements Node {}

  /** How a member is read. */
  enum Access {
    /** A missing member is a failure. */
    PLAIN,
    /** Whether the member is there. */
    PRESENCE,
    /** An optional: a missing member is empty. */
    OPTIONAL
  }

  /** The node as a person would name it: {@code steps.build.output}; otherwise "this value". */
  static String describe(Node node) {
    String path = path(node);
    return path.isEmpty() ? "this value" : path;
  }

  private static String path(Node node) {
    return switch (node) {
      case Name name -> name.name();
      case Local local -> local.name();
      case Select select -> {
        String target = path(select.target());
        yield target.isEmpty() ? "" : target + "." + select.field();
      }
      case Index index -> {
        String target = path(index.target());
        yield !target.isEmpty() && index.key() instanceof Constant(String key, int at)
            ? target + "[\"" + key + "\"]"
            : "";
      }
      case Constant c -> "";
      case Call c -> "";
      case And c -> "";
      case Or c -> "";
      case Conditional c -> "";
      case OrElse c -> "";
      case NotFalse c -> "";
      case ListOf c -> "";
      case MapOf c -> "";
      case Fold c -> "";
      case Append c -> "";
    };
  }
}
