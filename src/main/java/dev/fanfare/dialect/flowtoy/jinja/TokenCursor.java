package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Token.Kind;
import java.util.List;

/** A place in the tokens of a template. */
class TokenCursor {

  private final List<Token> tokens;
  private int next;

  TokenCursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(next);
  }

  Token peek(int further) {
    return tokens.get(Math.min(next + further, tokens.size() - 1));
  }

  Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  boolean isWord(String word) {
    return peek().is(Kind.NAME, word);
  }

  boolean isOperator(String operator) {
    return peek().is(Kind.OPERATOR, operator);
  }

  boolean skipWord(String word) {
    return skip(Kind.NAME, word);
  }

  boolean skipOperator(String operator) {
    return skip(Kind.OPERATOR, operator);
  }

  private boolean skip(Kind kind, String text) {
    if (!peek().is(kind, text)) {
      return false;
    }
    next++;
    return true;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "' is missing");
    }
  }

  void expect(Kind kind) {
    if (peek().kind() != kind) {
      throw unexpected("the braces should end");
    }
    next++;
  }

  String name() {
    if (peek().kind() != Kind.NAME) {
      throw unexpected("a name is missing");
    }
    return take().text();
  }

  Untranslatable unexpected(String what) {
    Token found = peek();
    return Untranslatable.syntax(found.at(), what + " before " + found.shown());
  }
}
