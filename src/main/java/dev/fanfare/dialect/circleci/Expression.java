package dev.fanfare.dialect.circleci;

/** An expression of CircleCI, read. Each knows the offset of its operator in the text. */
sealed interface Expression {

  int offset();

  record Constant(Value value, int offset) implements Expression {}

  /** A value by its name. */
  record Name(String name, int offset) implements Expression {}

  record Not(Expression operand, int offset) implements Expression {}

  /** Yields one of its operands, as {@code cond and 10 or 1} needs it. */
  record And(Expression left, Expression right, int offset) implements Expression {}

  record Or(Expression left, Expression right, int offset) implements Expression {}

  record Compare(Operator operator, Expression left, Expression right, int offset)
      implements Expression {}

  /** What compares two values. */
  enum Operator {
    EQUAL("=="),
    UNEQUAL("!="),
    STARTS_WITH("starts-with"),
    MATCHES("matches"),
    AT_LEAST(">="),
    MORE(">"),
    AT_MOST("<="),
    LESS("<");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }
}
