package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.circleci.Expression.Compare;
import dev.fanfare.dialect.circleci.Expression.Operator;
import java.util.Optional;

/** Computes expressions in a scope. */
final class Evaluator {

  private final Scope scope;

  Evaluator(Scope scope) {
    this.scope = scope;
  }

  /** The value of an expression's text. */
  Value value(String text) throws ExpressionFault {
    Optional<Value> plain = scope.find(text.strip());
    return plain.isPresent() ? plain.get() : value(ExpressionParser.parse(text));
  }

  private Value value(Expression expression) throws ExpressionFault {
    return switch (expression) {
      case Expression.Constant constant -> constant.value();
      case Expression.Name name -> named(name);
      case Expression.Not not -> Value.of(!value(not.operand()).isTruthy());
      case Expression.And and -> {
        Value left = value(and.left());
        yield left.isTruthy() ? value(and.right()) : left;
      }
      case Expression.Or or -> {
        Value left = value(or.left());
        yield left.isTruthy() ? left : value(or.right());
      }
      case Compare compare -> Value.of(holds(compare));
    };
  }

  private Value named(Expression.Name name) throws ExpressionFault {
    Optional<Value> found = scope.find(name.name());
    if (found.isEmpty()) {
      throw new ExpressionFault(
          "there is no value '" + name.name() + "' here" + scope.hint(name.name()), name.offset());
    }
    return found.get();
  }

  private boolean holds(Compare compare) throws ExpressionFault {
    Value left = value(compare.left());
    Value right = value(compare.right());
    return switch (compare.operator()) {
      case EQUAL -> left.sameAs(right);
      case UNEQUAL -> !left.sameAs(right);
      case STARTS_WITH -> text(left, compare).startsWith(text(right, compare));
      case MATCHES -> matches(left, right, compare);
      case AT_LEAST -> number(left, compare) >= number(right, compare);
      case MORE -> number(left, compare) > number(right, compare);
      case AT_MOST -> number(left, compare) <= number(right, compare);
      case LESS -> number(left, compare) < number(right, compare);
    };
  }

  private static boolean matches(Value left, Value right, Compare compare) throws ExpressionFault {
    try {
      return FullMatch.matches(text(right, compare), text(left, compare));
    } catch (ExpressionFault fault) {
      throw new ExpressionFault(fault.complaint(), compare.offset());
    }
  }

  /** A value that this pipeline does not have counts as an empty text. */
  private static String text(Value value, Compare compare) throws ExpressionFault {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Nothing ignored -> "";
      case Value other -> throw wrong(compare, "texts", other);
    };
  }

  private static double number(Value value, Compare compare) throws ExpressionFault {
    if (value instanceof Value.Numeric number) {
      return number.number();
    }
    throw wrong(compare, "numbers", value);
  }

  private static ExpressionFault wrong(Compare compare, String wanted, Value found) {
    Operator operator = compare.operator();
    return new ExpressionFault(
        "'" + operator.symbol() + "' compares " + wanted + ", and one side is " + found.type(),
        compare.offset());
  }
}
