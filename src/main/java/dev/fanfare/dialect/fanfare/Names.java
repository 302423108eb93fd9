package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import java.util.Set;
import java.util.regex.Pattern;

/** What may be called what. */
final class Names {

  private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern STEP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_ -]{0,127}");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,127}");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  /** Names every expression already has. */
  private static final Set<String> TAKEN =
      Set.of("params", "env", "event", "steps", "index", "run", "workflow", "secrets");

  private final Problems problems;

  Names(Problems problems) {
    this.problems = problems;
  }

  void workflow(String name, SourceSpan span) {
    check(
        WORKFLOW,
        "the workflow's name",
        name,
        span,
        "letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 128");
  }

  void step(String name, SourceSpan span) {
    boolean good =
        check(
            STEP,
            "a step's name",
            name,
            span,
            "letters, digits, '_', '-' and blanks, beginning with a letter, digit or '_', at most"
                + " 128; a dot is kept for paths such as publish.primary");
    if (good && name.endsWith(" ")) {
      report("a step's name", name, span, "remove the blank at its end");
    }
  }

  /** A parameter, an output, a secret. */
  void field(String what, String name, SourceSpan span) {
    check(FIELD, what, name, span, "letters, digits, '_' and '-', beginning with a letter or '_'");
  }

  /** An environment variable. */
  void variable(String name, SourceSpan span) {
    check(
        IDENTIFIER,
        "an environment variable's name",
        name,
        span,
        "letters, digits and '_', beginning with a letter or '_'");
  }

  /** The name of the item in a {@code forEach}. */
  void item(String name, SourceSpan span) {
    boolean good =
        check(
            IDENTIFIER,
            "the name of an item",
            name,
            span,
            "letters, digits and '_', beginning with a letter or '_'");
    if (good && TAKEN.contains(name)) {
      report("the name of an item", name, span, "expressions use this name already: take another");
    }
  }

  private boolean check(Pattern pattern, String what, String name, SourceSpan span, String hint) {
    if (pattern.matcher(name).matches()) {
      return true;
    }
    report(what, name, span, hint);
    return false;
  }

  private void report(String what, String name, SourceSpan span, String hint) {
    String shown = name.length() <= 60 ? name : name.substring(0, 60) + "...";
    problems.error("bad-name", what + " cannot be '" + shown + "'", span, hint);
  }
}
