package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.dagu.Piece.Command;
import dev.fanfare.dialect.dagu.Piece.Reference;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Preconditions and the conditions of loops: a text that is compared, which an expression does
 * where no command is in it, or a command that is run.
 */
final class Conditions {

  /**
   * One condition.
   *
   * @param text the value to compare, or the command
   * @param expected what the value must be
   * @param dynamic whether commands in the text are run
   */
  record Condition(
      String text, Optional<String> expected, boolean negate, boolean dynamic, SourceSpan span) {

    /** The source of an expression that holds where the condition does; empty: it takes a shell. */
    Optional<String> expression(Scope scope) {
      if (expected.isEmpty() || needsShell()) {
        return Optional.empty();
      }
      String value = Words.text(text, scope);
      String wanted = expected.get();
      String test =
          wanted.startsWith("re:")
              ? "(%s).matches(%s)".formatted(value, Cel.quoted("(?m)" + wanted.substring(3)))
              : "(%s).split(\"\\n\").exists(l, l == %s)"
                  .formatted(value, Words.text(wanted, scope));
      return Optional.of(negate ? "!(" + test + ")" : "(" + test + ")");
    }

    private boolean needsShell() {
      return Texts.pieces(text).stream()
          .anyMatch(
              piece ->
                  (dynamic && piece instanceof Command)
                      || (piece instanceof Reference reference
                          && reference.isPlain()
                          && Scope.OF_THE_SHELL.contains(reference.name())));
    }

    /** A command that succeeds where the condition holds. */
    String command() {
      return negate ? "{ ! " + positive() + "; }" : positive();
    }

    private String positive() {
      if (expected.isEmpty()) {
        return "( " + text.strip() + "\n)";
      }
      String value = dynamic ? Texts.live(text) : Texts.still(text);
      String wanted = expected.get();
      String test =
          wanted.startsWith("re:")
              ? "grep -qE -- " + Texts.dead(extended(wanted.substring(3)))
              : "grep -qxF -- " + Texts.live(wanted);
      return "( printf '%s\\n' " + value + " | " + test + " )";
    }

    /** A regular expression as grep understands it. */
    private static String extended(String pattern) {
      return pattern
          .replace("\\d", "[0-9]")
          .replace("\\w", "[A-Za-z0-9_]")
          .replace("\\s", "[[:space:]]")
          .replace("(?:", "(");
    }
  }

  private final Age age;

  Conditions(Age age) {
    this.age = age;
  }

  /** The conditions of a key, in both of its names. */
  List<Condition> of(Fields fields) {
    List<Condition> conditions = new ArrayList<>();
    for (String key : new String[] {"precondition", "preconditions"}) {
      fields
          .node(key)
          .ifPresent(
              value ->
                  Section.oneOrMany(value)
                      .forEach(item -> one(fields, item, key).ifPresent(conditions::add)));
    }
    return conditions;
  }

  private Optional<Condition> one(Fields fields, YamlNode item, String key) {
    if (!(item instanceof Mapping)) {
      return fields
          .section()
          .text(item, "'" + key + "'")
          .map(text -> new Condition(text, Optional.empty(), false, age == Age.OLD, item.span()));
    }
    Fields condition = fields.section(item, "'" + key + "'", "precondition").orElseThrow();
    Optional<String> text = condition.text("condition");
    Optional<String> eval = condition.text("eval");
    Optional<String> expected = condition.text("expected");
    boolean negate = condition.flag("negate");
    condition.close();
    if (text.isEmpty() && eval.isEmpty()) {
      condition.badValue(item.span(), "a condition has a 'condition'", "write what must hold");
    }
    boolean dynamic = age == Age.OLD || text.isEmpty();
    return text.or(() -> eval)
        .map(value -> new Condition(value, expected, negate, dynamic, item.span()));
  }

  /** Shell that ends the step as skipped where a condition does not hold. */
  static String skipUnless(Condition condition) {
    String told =
        "a precondition is not met: " + condition.text().strip().lines().findFirst().orElse("");
    return "if ! "
        + condition.command()
        + "; then printf '%s\\n' "
        + Texts.dead(told)
        + " > \"$FANFARE_SKIP\"; exit 0; fi";
  }
}
