package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.yaml.YamlNode;
import java.util.List;

/** What a parameter or an expression stands for while a configuration is being computed. */
sealed interface Value {

  /** A pipeline value that this pipeline does not have. */
  record Nothing() implements Value {}

  record Text(String text) implements Value {}

  /**
   * A number.
   *
   * @param text as it was written: {@code 1.10} stays {@code 1.10}
   */
  record Numeric(double number, String text) implements Value {
    boolean isWhole() {
      return number == Math.rint(number) && Math.abs(number) < 1e15;
    }
  }

  record Flag(boolean flag) implements Value {}

  /** Steps that were handed over, with the scope they were written in. */
  record Steps(List<YamlNode> nodes, Scope scope) implements Value {
    public Steps {
      nodes = List.copyOf(nodes);
    }
  }

  /** An executor by name, or by name and arguments, with the scope it was written in. */
  record Executor(YamlNode node, Scope scope) implements Value {}

  /** Nothing. */
  static Value of() {
    return new Nothing();
  }

  static Value of(boolean flag) {
    return new Flag(flag);
  }

  static Value of(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return new Numeric(number, whole ? Long.toString((long) number) : Double.toString(number));
  }

  /** Whether a logic statement takes it for true. */
  default boolean isTruthy() {
    return switch (this) {
      case Nothing ignored -> false;
      case Text text -> !text.text().isEmpty();
      case Numeric number -> number.number() != 0 && !Double.isNaN(number.number());
      case Flag flag -> flag.flag();
      case Steps steps -> !steps.nodes().isEmpty();
      case Executor ignored -> true;
    };
  }

  /** What stands in a text in its place. */
  default String shown() {
    return switch (this) {
      case Nothing ignored -> "";
      case Text text -> text.text();
      case Numeric number -> number.text();
      case Flag flag -> Boolean.toString(flag.flag());
      case Steps ignored -> "";
      case Executor ignored -> "";
    };
  }

  /** Whether both are of one type and equal; values of different types never are. */
  default boolean sameAs(Value other) {
    if (this instanceof Numeric one && other instanceof Numeric two) {
      return one.number() == two.number();
    }
    return equals(other);
  }

  /** Its type, for messages. */
  default String type() {
    return switch (this) {
      case Nothing ignored -> "nothing";
      case Text ignored -> "string";
      case Numeric number -> number.isWhole() ? "integer" : "number";
      case Flag ignored -> "boolean";
      case Steps ignored -> "steps";
      case Executor ignored -> "executor";
    };
  }
}
