package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.codefresh.ConditionLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Understands the text of a condition. */
final class ConditionParser {

  /** Characters of a condition, before its variables have values. */
  static final int MAX_LENGTH = 12_000;

  private static final int MAX_DEPTH = 200;

  /** Operators by how tightly they bind, the loosest first. */
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("||"),
          Set.of("&&"),
          Set.of("==", "!=", "===", "!=="),
          Set.of("<", "<=", ">", ">="),
          Set.of("+", "-"),
          Set.of("*", "/", "%"));

  private final List<Token> tokens;
  private int next;
  private int depth;

  private ConditionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Understands a condition.
   *
   * @param steps ids of the steps it may name
   */
  static Ast parse(String text, Set<String> steps) throws ConditionException {
    if (text.length() > MAX_LENGTH) {
      throw new ConditionException(
          0,
          "a condition has at most 12,000 characters, this one has " + text.length(),
          "decide in a step, export what it finds, and test that");
    }
    if (text.isBlank()) {
      throw new ConditionException(0, "the condition is empty", "write true or false");
    }
    ConditionParser parser = new ConditionParser(new ConditionLexer(text, steps).tokens());
    Ast whole = parser.binary(0);
    Token rest = parser.peek();
    if (!(rest instanceof Token.End)) {
      throw new ConditionException(
          rest.at(), "the condition goes on where it should end", "join conditions with && or ||");
    }
    return whole;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private boolean takes(String sign) {
    boolean is = peek() instanceof Token.Sign found && found.text().equals(sign);
    if (is) {
      next++;
    }
    return is;
  }

  private Ast binary(int level) throws ConditionException {
    if (level == LEVELS.size()) {
      return unary();
    }
    Ast left = binary(level + 1);
    while (peek() instanceof Token.Sign sign && LEVELS.get(level).contains(sign.text())) {
      next++;
      Ast right = binary(level + 1);
      left =
          new Ast.Binary(
              sign.text().replace("===", "==").replace("!==", "!="), left, right, sign.at());
    }
    return left;
  }

  private Ast unary() throws ConditionException {
    if (peek() instanceof Token.Sign sign && Set.of("!", "-").contains(sign.text())) {
      next++;
      return new Ast.Unary(sign.text(), inner(sign.at(), this::unary), sign.at());
    }
    return primary();
  }

  /** Something that is read by this very parser, one level deeper. */
  private interface Inner {
    Ast read() throws ConditionException;
  }

  private Ast inner(int at, Inner what) throws ConditionException {
    if (++depth > MAX_DEPTH) {
      throw new ConditionException(at, "the condition is nested too deep", "split it");
    }
    Ast read = what.read();
    depth--;
    return read;
  }

  private Ast primary() throws ConditionException {
    Token token = peek();
    next++;
    return switch (token) {
      case Token.Value value -> value.ast();
      case Token.Name name -> call(name);
      case Token.Sign sign when sign.text().equals("(") -> {
        Ast inside = inner(sign.at(), () -> binary(0));
        if (!takes(")")) {
          throw new ConditionException(peek().at(), "a ')' is missing", "close the bracket");
        }
        yield inside;
      }
      case Token.Sign sign ->
          throw new ConditionException(
              sign.at(), "'" + sign.text() + "' stands where a value should", "");
      case Token.End end ->
          throw new ConditionException(end.at(), "the condition ends too early", "");
    };
  }

  private Ast call(Token.Name name) throws ConditionException {
    if (!takes("(")) {
      throw new ConditionException(
          name.at(),
          "'" + name.text() + "' is no value",
          "write a text in quotes, a variable as ${{NAME}}, a step as steps.NAME.result");
    }
    List<Ast> arguments = new ArrayList<>();
    while (!takes(")")) {
      if (!arguments.isEmpty() && !takes(",")) {
        throw new ConditionException(
            peek().at(), "a ',' or ')' is missing after an argument", "close the bracket");
      }
      arguments.add(inner(name.at(), () -> binary(0)));
    }
    return new Ast.Call(name.text(), arguments, name.at());
  }
}
