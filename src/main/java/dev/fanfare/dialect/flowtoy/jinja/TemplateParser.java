package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import dev.fanfare.dialect.flowtoy.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a template: text, outputs, and the blocks {@code if}, {@code for} and {@code set}. */
final class TemplateParser {

  private static final int DEEPEST = 20;

  private final ExpressionParser tokens;
  private int depth;

  private TemplateParser(ExpressionParser tokens) {
    this.tokens = tokens;
  }

  /**
   * @throws Untranslatable where it cannot be read
   */
  static List<Node> nodes(String source) {
    TemplateParser parser = new TemplateParser(new ExpressionParser(Lexer.tokens(source)));
    List<Node> nodes = parser.body(Set.of());
    if (parser.tokens.peek().kind() != Kind.END) {
      throw parser.tokens.unexpected("nothing is open");
    }
    return nodes;
  }

  /** Nodes up to the end, or up to one of these words in a block, which is left to be read. */
  private List<Node> body(Set<String> until) {
    depth++;
    if (depth > DEEPEST) {
      throw Untranslatable.missing(
          tokens.peek().at(), "blocks nested deeper than " + DEEPEST + " levels", "simplify them");
    }
    List<Node> nodes = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      Token token = tokens.take();
      switch (token.kind()) {
        case DATA -> nodes.add(new Node.Data(token.text(), token.at()));
        case OUTPUT_BEGIN -> {
          Expression value = tokens.expression();
          tokens.expect(Kind.OUTPUT_END);
          nodes.add(new Node.Output(value, token.at()));
        }
        case BLOCK_BEGIN -> {
          if (tokens.peek().kind() == Kind.NAME && until.contains(tokens.peek().text())) {
            depth--;
            return nodes;
          }
          nodes.add(block(token.at()));
        }
        case OUTPUT_END, BLOCK_END, NAME, STRING, INTEGER, DECIMAL, OPERATOR, END ->
            throw Untranslatable.syntax(token.at(), token.shown() + " is not expected here");
      }
    }
    if (!until.isEmpty()) {
      throw tokens.unexpected(
          "one of " + String.join(", ", until.stream().sorted().toList()) + " is missing");
    }
    depth--;
    return nodes;
  }

  private Node block(int at) {
    Token word = tokens.peek();
    String name = tokens.name();
    return switch (name) {
      case "if" -> condition(at);
      case "for" -> loop(at);
      case "set" -> assignment(at);
      case "endif", "endfor", "else", "elif", "endset", "endraw" ->
          throw Untranslatable.syntax(word.at(), "'" + name + "' closes nothing here");
      default ->
          throw Untranslatable.missing(
              word.at(),
              "the block '" + name + "'",
              "if, for, set and raw have one; let a process do the rest");
    };
  }

  private Node condition(int at) {
    List<Node.Branch> branches = new ArrayList<>();
    List<Node> otherwise = List.of();
    Expression test = tokens.expression();
    tokens.expect(Kind.BLOCK_END);
    branches.add(new Node.Branch(test, body(Set.of("elif", "else", "endif"))));
    while (tokens.skipWord("elif")) {
      Expression next = tokens.expression();
      tokens.expect(Kind.BLOCK_END);
      branches.add(new Node.Branch(next, body(Set.of("elif", "else", "endif"))));
    }
    if (tokens.skipWord("else")) {
      tokens.expect(Kind.BLOCK_END);
      otherwise = body(Set.of("endif"));
    }
    close("endif");
    return new Node.If(branches, otherwise, at);
  }

  private Node loop(int at) {
    List<String> variables = new ArrayList<>(List.of(tokens.name()));
    while (tokens.skipOperator(",")) {
      variables.add(tokens.name());
    }
    if (!tokens.skipWord("in")) {
      throw tokens.unexpected("'in' is missing");
    }
    Expression items = tokens.unconditional();
    Optional<Expression> only =
        tokens.skipWord("if") ? Optional.of(tokens.expression()) : Optional.empty();
    if (tokens.isWord("recursive")) {
      throw Untranslatable.missing(tokens.peek().at(), "a recursive loop", "");
    }
    tokens.expect(Kind.BLOCK_END);
    List<Node> body = body(Set.of("else", "endfor"));
    List<Node> otherwise = List.of();
    if (tokens.skipWord("else")) {
      tokens.expect(Kind.BLOCK_END);
      otherwise = body(Set.of("endfor"));
    }
    close("endfor");
    return new Node.For(variables, items, only, body, otherwise, at);
  }

  private Node assignment(int at) {
    String name = tokens.name();
    if (!tokens.skipOperator("=")) {
      throw Untranslatable.missing(
          tokens.peek().at(), "this form of 'set'", "write {% set name = value %}");
    }
    Expression value = tokens.expression();
    tokens.expect(Kind.BLOCK_END);
    return new Node.Assign(name, value, at);
  }

  private void close(String word) {
    if (!tokens.skipWord(word)) {
      throw tokens.unexpected("'" + word + "' is missing");
    }
    tokens.expect(Kind.BLOCK_END);
  }
}
