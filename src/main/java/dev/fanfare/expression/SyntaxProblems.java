package dev.fanfare.expression;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words why a text is not an expression, and what its author may have meant. */
final class SyntaxProblems {

  private record Idiom(Pattern pattern, String message, String hint) {
    Idiom(String pattern, String message, String hint) {
      this(Pattern.compile(pattern), message, hint);
    }
  }

  /** What people write in other languages, most telling first. */
  private static final List<Idiom> IDIOMS =
      List.of(
          new Idiom("\\$\\{\\{?", "${{ stands inside an expression", "leave the inner ${{ }} away"),
          new Idiom("===", "=== is not an operator", "write =="),
          new Idiom("!==", "!== is not an operator", "write !="),
          new Idiom("=>", "=> is not known", "write list.map(x, x + 1) or list.filter(x, x > 1)"),
          new Idiom("<>", "<> is not an operator", "write !="),
          new Idiom("=~", "=~ is not an operator", "write text.matches(\"pattern\")"),
          new Idiom("\\?\\?", "?? is not an operator", "write a.?b.orValue(...)"),
          new Idiom("\\?\\.(?=[A-Za-z_\\[])", "?. is not an operator", "write a.?b"),
          new Idiom("\\*\\*", "** is not an operator", "multiply, or use a step"),
          new Idiom("\\+\\+|--(?=[A-Za-z])", "++ and -- are not operators", "write x + 1"),
          new Idiom(
              "(?<!\\|)\\|(?!\\|)",
              "| is not an operator: there are no filters",
              "call functions: text.lowerAscii(), list.join(\",\"), a.?b.orValue(\"default\")"),
          new Idiom("(?<!&)&(?!&)", "& is not an operator", "write && or math.bitAnd(a, b)"),
          new Idiom("(?<![=!<>])=(?!=)", "= is not an operator", "write == to compare"),
          new Idiom("\\bnot\\s+in\\b", "not in is not an operator", "write !(a in b)"),
          new Idiom("\\band\\b", "and is not an operator", "write &&"),
          new Idiom("\\bor\\b(?!\\s*\\()", "or is not an operator", "write ||"),
          new Idiom("\\bnot\\b", "not is not an operator", "write !"),
          new Idiom("\\bis\\b", "is is not an operator", "write =="),
          new Idiom("\\bif\\b|\\belse\\b", "there is no if", "write condition ? a : b"),
          new Idiom("\\$[A-Za-z_]", "$ names no variable here", "write env.NAME or params.name"),
          new Idiom("`", "backticks do not quote text", "write \"...\" and join with +"),
          new Idiom(";", "; is not known", "write one expression"));

  private static final Pattern STRING =
      Pattern.compile("[rRbB]{0,2}(\"(?:[^\"\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\n]|\\\\.)*+')");

  private static final Pattern QUOTED = Pattern.compile("(?:input|at:?|missing) '(.*?)'(?: |$)");

  private SyntaxProblems() {}

  /** The problem of a source that the grammar refuses with a message at an offset. */
  static Compiled.Problem of(String source, int at, String grammar) {
    String code = blankStrings(source);
    for (Idiom idiom : IDIOMS) {
      Matcher found = idiom.pattern().matcher(code);
      if (found.find()) {
        return problem(idiom.message(), source.codePointCount(0, found.start()), idiom.hint());
      }
    }
    return plain(source, at, grammar);
  }

  /** The source with the content of its string literals blanked out, same length. */
  private static String blankStrings(String source) {
    return STRING
        .matcher(source)
        .replaceAll(match -> "\"" + "_".repeat(match.group().length() - 1));
  }

  private static Compiled.Problem plain(String source, int at, String grammar) {
    if (grammar.contains("has()")) {
      return problem("has(...) takes a member", at, "write has(a.b)");
    }
    if (grammar.contains("must be a simple name") || grammar.contains("simple identifier")) {
      return problem("the first argument of a macro is a name", at, "write list.map(x, x + 1)");
    }
    if (grammar.contains("recursion")) {
      return TreeBuilder.tooDeep(at);
    }
    if (grammar.contains("<EOF>'") || grammar.contains("missing ')' at '<EOF>'")) {
      return problem("the expression ends too early", at, closing(source));
    }
    Matcher quoted = QUOTED.matcher(grammar);
    String token = quoted.find() ? quoted.group(1).strip() : "";
    if (token.startsWith("\"") || token.startsWith("'")) {
      return problem(
          "a text has no end, or a \\ that is not known",
          at,
          "close the quotes; write \\\\ for \\");
    }
    if (token.isEmpty() || token.length() > 40) {
      return problem("the expression cannot be read from here on", at, "");
    }
    return problem("unexpected " + token, at, "an operator may be missing before it");
  }

  private static String closing(String source) {
    String code = blankStrings(source);
    long open = code.chars().filter(c -> c == '(' || c == '[' || c == '{').count();
    long closed = code.chars().filter(c -> c == ')' || c == ']' || c == '}').count();
    return open > closed ? "a closing bracket is missing" : "something must follow";
  }

  private static Compiled.Problem problem(String message, int at, String hint) {
    return new Compiled.Problem("expression-syntax", message, at, hint);
  }
}
