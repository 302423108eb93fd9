package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * What all readers of one file share.
 *
 * @param variables what {@code ${{NAME}}} stands for
 * @param failFast whether a step that says nothing stops the run when it fails
 * @param inHook whether what is read are the steps of a hook
 */
record Context(Ledger ledger, Variables variables, boolean failFast, boolean inHook) {

  Problems problems() {
    return ledger.problems();
  }

  StepIndex index() {
    return variables.steps().index();
  }

  boolean isParallel() {
    return variables.steps().isParallel();
  }

  Texts texts() {
    return new Texts(variables);
  }

  /** The same for the steps of hooks, which fail whatever the root says of steps. */
  Context forHooks() {
    return new Context(ledger, variables, true, true);
  }

  /** A key that is true, false, or a variable of the pipeline that is one of them. */
  Optional<Boolean> flag(Section section, String key) {
    return section.node(key).flatMap(value -> flag(section, key, value));
  }

  private Optional<Boolean> flag(Section section, String key, YamlNode value) {
    if (!(value instanceof Scalar scalar)) {
      section.wrongType(value, "'" + key + "'", "true, false or a variable");
      return Optional.empty();
    }
    String text = scalar.text().strip();
    Matcher variable = Texts.VARIABLE.matcher(text);
    if (variable.matches()) {
      return variables.known(variable.group(1)).flatMap(known -> flag(known, scalar, key));
    }
    return flag(text, scalar, key);
  }

  private Optional<Boolean> flag(String text, Scalar scalar, String key) {
    if (text.equals("true") || text.equals("false")) {
      return Optional.of(text.equals("true"));
    }
    problems()
        .error(
            "bad-value",
            "'" + key + "' must be true or false, found '" + text + "'",
            scalar.span(),
            "");
    return Optional.empty();
  }
}
