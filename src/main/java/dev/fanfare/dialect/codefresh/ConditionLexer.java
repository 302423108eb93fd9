package dev.fanfare.dialect.codefresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cuts the text of a condition into words. */
final class ConditionLexer {

  /** Longest first, so that {@code ===} is not read as {@code ==}. */
  private static final List<String> SIGNS =
      List.of(
          "===", "!==", "==", "!=", ">=", "<=", "&&", "||", ">", "<", "+", "-", "*", "/", "%", "!",
          "(", ")", ",");

  private final String text;
  private final Set<String> steps;
  private int at;

  ConditionLexer(String text, Set<String> steps) {
    this.text = text;
    this.steps = steps;
  }

  /** One word of a condition. */
  sealed interface Token {
    int at();

    record Sign(String text, int at) implements Token {}

    record Name(String text, int at) implements Token {}

    /** Something that stands for itself. */
    record Value(Ast ast) implements Token {
      @Override
      public int at() {
        return ast.at();
      }
    }

    record End(int at) implements Token {}
  }

  List<Token> tokens() throws ConditionException {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at >= text.length()) {
        tokens.add(new Token.End(at));
        return tokens;
      }
      tokens.add(next());
    }
  }

  private Token next() throws ConditionException {
    char c = text.charAt(at);
    if (text.startsWith("${{", at)) {
      return new Token.Value(placeholder());
    }
    if (c == '"' || c == '\'') {
      return new Token.Value(quoted(c));
    }
    if (c >= '0' && c <= '9') {
      return new Token.Value(number());
    }
    if (Character.isLetter(c) || c == '_') {
      return name();
    }
    int start = at;
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        at += sign.length();
        return new Token.Sign(sign, start);
      }
    }
    String hint =
        c == '=' ? "equality is written ==" : "operators are + - * / % && || ! == != > >= < <=";
    throw new ConditionException(at, "'" + c + "' means nothing here", hint);
  }

  /** A variable outside of quotes; {@code ${{steps.build.result}}} is the member itself. */
  private Ast placeholder() throws ConditionException {
    int start = at;
    int end = text.indexOf("}}", at);
    if (end < 0) {
      throw new ConditionException(at, "'${{' has no '}}'", "close the variable");
    }
    String name = text.substring(at + 3, end).strip();
    at = end + 2;
    Optional<Ast> member = new ConditionLexer(name, steps).member(start);
    return member.orElse(new Ast.Bare(name, start));
  }

  /** A member that makes up the whole text of this lexer. */
  private Optional<Ast> member(int start) {
    Optional<Ast.Member> found = memberHere();
    return found.isPresent() && at == text.length()
        ? found.map(member -> new Ast.Member(member.step(), member.field(), start))
        : Optional.empty();
  }

  private Ast quoted(char quote) throws ConditionException {
    int start = at++;
    List<Ast.Piece> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote) {
      int end = text.startsWith("${{", at) ? text.indexOf("}}", at) : -1;
      if (end >= 0) {
        pieces.add(new Ast.Piece(plain.toString(), false));
        plain.setLength(0);
        pieces.add(new Ast.Piece(text.substring(at + 3, end).strip(), true));
        at = end + 2;
      } else {
        plain.append(character());
      }
    }
    if (at >= text.length()) {
      throw new ConditionException(start, "a text in quotes has no end", "close the quotes");
    }
    at++;
    pieces.add(new Ast.Piece(plain.toString(), false));
    pieces.removeIf(piece -> !piece.isVariable() && piece.text().isEmpty());
    return new Ast.Quoted(pieces, start);
  }

  /** One character of a text in quotes; a backslash takes the next one as it is. */
  private char character() {
    char c = text.charAt(at++);
    if (c != '\\' || at >= text.length()) {
      return c;
    }
    char escaped = text.charAt(at);
    boolean known = "\"'\\nrt".indexOf(escaped) >= 0;
    if (!known) {
      return c;
    }
    at++;
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }

  private Ast number() throws ConditionException {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String written = text.substring(start, at);
    if (!written.matches("[0-9]{1,300}(\\.[0-9]{1,300})?")) {
      throw new ConditionException(start, "'" + written + "' is no number", "quote a text");
    }
    return new Ast.Constant(Double.valueOf(written), start);
  }

  private Token name() throws ConditionException {
    int start = at;
    Optional<Ast.Member> member = memberHere();
    if (member.isPresent()) {
      return new Token.Value(member.get());
    }
    at = start;
    String word = word();
    if (word.equals("steps") && text.startsWith(".", at)) {
      at++;
      String step = text.substring(at).split("[.\\s)]", 2)[0];
      throw new ConditionException(start, "there is no step '" + step + "'", "");
    }
    return switch (word) {
      case "true" -> new Token.Value(new Ast.Constant(true, start));
      case "false" -> new Token.Value(new Ast.Constant(false, start));
      case "null" -> new Token.Value(new Ast.Constant(null, start));
      default -> new Token.Name(word, start);
    };
  }

  private String word() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(start, at);
  }

  /**
   * {@code steps.ID.field}, {@code ID.field}, {@code workflow.field}; ids may have blanks and -.
   */
  private Optional<Ast.Member> memberHere() {
    int start = at;
    if (text.startsWith("workflow.", at)) {
      at += "workflow.".length();
      return Optional.of(new Ast.Member("", word(), start));
    }
    int from = text.startsWith("steps.", at) ? at + "steps.".length() : at;
    String best = "";
    for (String id : steps) {
      if (id.length() > best.length() && text.startsWith(id + ".", from)) {
        best = id;
      }
    }
    if (best.isEmpty()) {
      return Optional.empty();
    }
    at = from + best.length() + 1;
    return Optional.of(new Ast.Member(best, word(), start));
  }
}
