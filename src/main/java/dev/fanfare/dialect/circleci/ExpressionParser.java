package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.circleci.Expression.Operator;
import dev.fanfare.dialect.circleci.Tokens.Kind;
import dev.fanfare.dialect.circleci.Tokens.Token;
import java.util.List;

/**
 * Reads CircleCI's expressions. {@code or} binds least, then {@code and}, then comparisons; {@code
 * not} binds tightest, so {@code not a and b} is {@code (not a) and b}.
 */
final class ExpressionParser {

  /** How deep brackets and negations may nest. */
  static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private int next;
  private int depth;

  private ExpressionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Expression parse(String text) throws ExpressionFault {
    ExpressionParser parser = new ExpressionParser(Tokens.of(text));
    Expression read = parser.or();
    Token rest = parser.peek();
    if (rest.kind() != Kind.END) {
      throw new ExpressionFault(
          "'" + rest.text() + "' is one too many, or an operator is missing in front of it",
          rest.offset());
    }
    return read;
  }

  private Expression or() throws ExpressionFault {
    Expression left = and();
    while (peek().is("or")) {
      int offset = take().offset();
      left = new Expression.Or(left, and(), offset);
    }
    return left;
  }

  private Expression and() throws ExpressionFault {
    Expression left = comparison();
    while (peek().is("and")) {
      int offset = take().offset();
      left = new Expression.And(left, comparison(), offset);
    }
    return left;
  }

  private Expression comparison() throws ExpressionFault {
    Expression left = unary();
    for (Operator operator : Operator.values()) {
      if (peek().is(operator.symbol())) {
        int offset = take().offset();
        return new Expression.Compare(operator, left, unary(), offset);
      }
    }
    return left;
  }

  private Expression unary() throws ExpressionFault {
    if (!peek().is("not")) {
      return primary();
    }
    int offset = take().offset();
    enter(offset);
    Expression operand = unary();
    depth--;
    return new Expression.Not(operand, offset);
  }

  private Expression primary() throws ExpressionFault {
    Token token = take();
    return switch (token.kind()) {
      case STRING, PATTERN -> new Expression.Constant(new Value.Text(token.text()), token.offset());
      case NUMBER ->
          new Expression.Constant(
              new Value.Numeric(Double.parseDouble(token.text()), token.text()), token.offset());
      case NAME -> new Expression.Name(token.text(), token.offset());
      case SYMBOL -> symbol(token);
      case END -> throw new ExpressionFault("a value is missing at its end", token.offset());
    };
  }

  private Expression symbol(Token token) throws ExpressionFault {
    return switch (token.text()) {
      case "true" -> new Expression.Constant(Value.of(true), token.offset());
      case "false" -> new Expression.Constant(Value.of(false), token.offset());
      case "null" -> new Expression.Constant(Value.of(), token.offset());
      case "(" -> bracket(token);
      default ->
          throw new ExpressionFault(
              "a value is missing in front of '" + token.text() + "'", token.offset());
    };
  }

  private Expression bracket(Token open) throws ExpressionFault {
    enter(open.offset());
    Expression inner = or();
    depth--;
    if (!peek().is(")")) {
      throw new ExpressionFault("the bracket that opens here is not closed", open.offset());
    }
    take();
    return inner;
  }

  private void enter(int offset) throws ExpressionFault {
    if (++depth > MAX_DEPTH) {
      throw new ExpressionFault("it is nested more than " + MAX_DEPTH + " levels deep", offset);
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }
}
