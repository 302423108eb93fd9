package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Node.Arguments;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import dev.fanfare.dialect.flowtoy.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions by Jinja's precedence. */
final class ExpressionParser extends TokenCursor {

  private static final int DEEPEST = 40;
  private static final int MOST_PARTS = 400;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private int depth;
  private int parts;

  ExpressionParser(List<Token> tokens) {
    super(tokens);
  }

  /** An expression, with {@code a if b else c}. */
  Expression expression() {
    enter();
    Expression value = or();
    while (isWord("if")) {
      int at = take().at();
      Expression test = or();
      Optional<Expression> otherwise =
          skipWord("else") ? Optional.of(expression()) : Optional.empty();
      value = new Node.Conditional(test, value, otherwise, at);
    }
    depth--;
    return value;
  }

  /** One without a condition behind it: what {@code for} walks over. */
  Expression unconditional() {
    return or();
  }

  private void enter() {
    depth++;
    if (depth > DEEPEST) {
      throw Untranslatable.missing(
          peek().at(), "a template nested deeper than " + DEEPEST + " levels", "simplify it");
    }
  }

  private Expression counted(Expression node) {
    parts++;
    if (parts > MOST_PARTS) {
      throw Untranslatable.missing(
          node.at(), "a template of more than " + MOST_PARTS + " parts", "let a process do it");
    }
    return node;
  }

  private Expression or() {
    Expression left = and();
    while (isWord("or")) {
      int at = take().at();
      left = counted(new Node.Binary("or", left, and(), at));
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (isWord("and")) {
      int at = take().at();
      left = counted(new Node.Binary("and", left, not(), at));
    }
    return left;
  }

  private Expression not() {
    if (isWord("not")) {
      enter();
      int at = take().at();
      Expression negated = new Node.Unary("not", not(), at);
      depth--;
      return negated;
    }
    return comparison();
  }

  private Expression comparison() {
    Expression left = sum();
    Optional<Expression> all = Optional.empty();
    while (true) {
      Token token = peek();
      String operator;
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operator = take().text();
      } else if (isWord("in")) {
        operator = take().text();
      } else if (isWord("not") && peek(1).is(Kind.NAME, "in")) {
        take();
        take();
        operator = "not in";
      } else {
        return all.orElse(left);
      }
      Expression right = sum();
      Expression one = counted(new Node.Binary(operator, left, right, token.at()));
      all = Optional.of(all.map(a -> both(a, one)).orElse(one));
      left = right;
    }
  }

  private static Expression both(Expression first, Expression second) {
    return new Node.Binary("and", first, second, second.at());
  }

  private Expression sum() {
    Expression left = joined();
    while (isOperator("+") || isOperator("-")) {
      Token operator = take();
      left = counted(new Node.Binary(operator.text(), left, joined(), operator.at()));
    }
    return left;
  }

  private Expression joined() {
    Expression left = product();
    while (isOperator("~")) {
      int at = take().at();
      left = counted(new Node.Binary("~", left, product(), at));
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (isOperator("*") || isOperator("/") || isOperator("//") || isOperator("%")) {
      Token operator = take();
      left = counted(new Node.Binary(operator.text(), left, power(), operator.at()));
    }
    return left;
  }

  private Expression power() {
    Expression left = unary();
    if (isOperator("**")) {
      throw Untranslatable.missing(peek().at(), "'**'", "multiply, or let a process compute it");
    }
    return left;
  }

  private Expression unary() {
    return filtered(signed());
  }

  private Expression signed() {
    if (isOperator("-") || isOperator("+")) {
      enter();
      Token operator = take();
      Expression signed = new Node.Unary(operator.text(), signed(), operator.at());
      depth--;
      return signed;
    }
    return postfix(primary());
  }

  private Expression primary() {
    Token token = take();
    return switch (token.kind()) {
      case NAME -> word(token);
      case STRING -> new Node.Constant(strings(token), token.at());
      case INTEGER -> new Node.Constant(whole(token), token.at());
      case DECIMAL -> new Node.Constant(decimal(token), token.at());
      case OPERATOR -> bracket(token);
      case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw Untranslatable.syntax(token.at(), "a value is missing before " + token.shown());
    };
  }

  private static Expression word(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Node.Constant(true, token.at());
      case "false", "False" -> new Node.Constant(false, token.at());
      case "none", "None" -> new Node.Constant(null, token.at());
      case "and", "or", "not", "in", "is", "if", "else" ->
          throw Untranslatable.syntax(token.at(), "a value is missing before " + token.shown());
      default -> new Node.Name(token.text(), token.at());
    };
  }

  /** Texts beside each other are one. */
  private String strings(Token first) {
    StringBuilder text = new StringBuilder(first.text());
    while (peek().kind() == Kind.STRING) {
      text.append(take().text());
    }
    return text.toString();
  }

  private static Object whole(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw Untranslatable.missing(token.at(), "a number that large", "");
    }
  }

  private static Object decimal(Token token) {
    double value = Double.parseDouble(token.text());
    if (!Double.isFinite(value)) {
      throw Untranslatable.missing(token.at(), "a number that large", "");
    }
    return value;
  }

  private Expression bracket(Token open) {
    return switch (open.text()) {
      case "(" -> {
        List<Expression> items = new ArrayList<>();
        boolean list = list(items, ")");
        yield items.size() == 1 && !list ? items.getFirst() : new Node.Items(items, open.at());
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        list(items, "]");
        yield new Node.Items(items, open.at());
      }
      case "{" -> entries(open.at());
      default ->
          throw Untranslatable.syntax(open.at(), "a value is missing before " + open.shown());
    };
  }

  /** Whether there was a comma. */
  private boolean list(List<Expression> into, String close) {
    boolean comma = false;
    while (!skipOperator(close)) {
      into.add(counted(expression()));
      if (skipOperator(close)) {
        return comma;
      }
      expectOperator(",");
      comma = true;
    }
    return comma;
  }

  private Expression entries(int at) {
    List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
    while (!skipOperator("}")) {
      Expression key = counted(expression());
      expectOperator(":");
      entries.add(Map.entry(key, expression()));
      if (!isOperator("}")) {
        expectOperator(",");
      }
    }
    return new Node.Entries(entries, at);
  }

  private Expression postfix(Expression start) {
    Expression node = start;
    while (true) {
      Token token = peek();
      if (skipOperator(".")) {
        Token member = take();
        node =
            switch (member.kind()) {
              case NAME -> new Node.Attribute(node, member.text(), member.at());
              case INTEGER ->
                  new Node.Item(node, new Node.Constant(whole(member), member.at()), member.at());
              case DATA,
                  OUTPUT_BEGIN,
                  OUTPUT_END,
                  BLOCK_BEGIN,
                  BLOCK_END,
                  STRING,
                  DECIMAL,
                  OPERATOR,
                  END ->
                  throw Untranslatable.syntax(
                      member.at(), "a name is missing before " + member.shown());
            };
      } else if (skipOperator("[")) {
        node = index(node, token.at());
      } else if (skipOperator("(")) {
        node = new Node.Call(node, arguments(), token.at());
      } else {
        return node;
      }
      counted(node);
    }
  }

  private Expression index(Expression target, int at) {
    Optional<Expression> from = isOperator(":") ? Optional.empty() : Optional.of(expression());
    if (from.isPresent() && skipOperator("]")) {
      return new Node.Item(target, from.get(), at);
    }
    expectOperator(":");
    Optional<Expression> to = isOperator("]") ? Optional.empty() : Optional.of(expression());
    if (isOperator(":")) {
      throw Untranslatable.missing(peek().at(), "a slice with a step", "");
    }
    expectOperator("]");
    return new Node.Slice(target, from, to, at);
  }

  private Arguments arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!skipOperator(")")) {
      if (peek().kind() == Kind.NAME && peek(1).is(Kind.OPERATOR, "=")) {
        String name = take().text();
        take();
        named.put(name, expression());
      } else {
        positional.add(expression());
      }
      if (!isOperator(")")) {
        expectOperator(",");
      }
    }
    return new Arguments(positional, named);
  }

  private Expression filtered(Expression start) {
    Expression node = start;
    while (true) {
      int at = peek().at();
      if (skipOperator("|")) {
        String name = name();
        node = new Node.Filter(node, name, optionalArguments(), at);
      } else if (skipWord("is")) {
        node = check(node, at);
      } else {
        return node;
      }
      counted(node);
    }
  }

  private Arguments optionalArguments() {
    return skipOperator("(") ? arguments() : Arguments.NONE;
  }

  private Expression check(Expression target, int at) {
    boolean negated = skipWord("not");
    String name = name();
    Arguments arguments = optionalArguments();
    boolean value =
        switch (peek().kind()) {
          case STRING, INTEGER, DECIMAL -> true;
          case NAME ->
              !Set.of("and", "or", "not", "is", "if", "else", "in").contains(peek().text());
          case OPERATOR -> isOperator("[") || isOperator("{");
          case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    if (value && arguments.positional().isEmpty()) {
      arguments = new Arguments(List.of(postfix(primary())), Map.of());
    }
    return new Node.Check(target, name, arguments, negated, at);
  }
}
