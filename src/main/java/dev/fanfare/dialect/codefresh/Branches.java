package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions over the branch: names, or regular expressions between slashes. */
final class Branches {

  private final Context context;

  Branches(Context context) {
    this.context = context;
  }

  /** {@code only} and {@code ignore}, each as CEL. */
  List<String> read(Section branch, Place place) {
    List<String> both = new ArrayList<>();
    String value = context.variables().orNull("CF_BRANCH", place);
    for (String key : List.of("only", "ignore")) {
      Optional<YamlNode> written = branch.node(key);
      if (written.isEmpty()) {
        continue;
      }
      List<String> tests = new ArrayList<>();
      for (YamlNode item : Section.oneOrMany(written.get())) {
        if (item instanceof Scalar scalar && !scalar.isNull()) {
          test(scalar, "b", place).ifPresent(tests::add);
        } else {
          branch.wrongType(item, "'" + key + "'", "branches or /regular expressions/");
        }
      }
      String any = tests.isEmpty() ? "false" : String.join(" || ", tests);
      both.add(
          "cel.bind(b, "
              + value
              + (key.equals("only")
                  ? ", b != null && (" + any + "))"
                  : ", b == null || !(" + any + "))"));
    }
    if (!branch.has("only") && !branch.has("ignore")) {
      branch
          .problems()
          .error("missing-key", "'branch' needs 'only' or 'ignore'", branch.span(), "");
    }
    branch.close();
    return both;
  }

  /** CEL that tests a name, in CEL, against what is written. */
  Optional<String> test(Scalar written, String name, Place place) {
    Optional<JsRegex> regex = JsRegex.literal(written.text());
    if (regex.isEmpty()) {
      return Optional.of(name + " == " + context.texts().cel(written.text().strip(), place));
    }
    if (!regex.get().isGood()) {
      context
          .problems()
          .error(
              "bad-pattern",
              "the pattern " + written.text() + " cannot be used: " + regex.get().problem(),
              written.span(),
              "list the branches, or write the pattern another way");
      return Optional.empty();
    }
    return Optional.of(name + ".matches(" + Cel.quote(regex.get().source()) + ")");
  }
}
