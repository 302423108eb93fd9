package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code when.steps}: a list of steps and results, or such lists under {@code all} and {@code any}.
 */
final class DependencyReader {

  private final Context context;

  DependencyReader(Context context) {
    this.context = context;
  }

  Whens.Dependencies read(YamlNode value, Section when) {
    if (value instanceof Sequence list) {
      return new Whens.Dependencies(list(list.items(), when), false);
    }
    Optional<Section> lists = when.section(value, "'steps'", "dependencies");
    if (lists.isEmpty()) {
      return new Whens.Dependencies(List.of(), false);
    }
    Section section = lists.get();
    if (section.has("all") == section.has("any")) {
      context
          .problems()
          .error(
              section.has("all") ? "contradiction" : "missing-key",
              "'steps' has "
                  + (section.has("all") ? "both 'all' and 'any'" : "neither 'all' nor 'any'"),
              section.span(),
              "write one of them with a list of { name, on }");
    }
    boolean any = section.has("any");
    List<Whens.Dependency> found = list(section.items("all"), when);
    found.addAll(list(section.items("any"), when));
    section.close();
    return new Whens.Dependencies(found, any);
  }

  private List<Whens.Dependency> list(List<YamlNode> items, Section when) {
    List<Whens.Dependency> found = new ArrayList<>();
    for (YamlNode item : items) {
      if (item instanceof Mapping) {
        when.section(item, "a step to wait for", "dependency")
            .flatMap(this::dependency)
            .ifPresent(found::add);
      } else if (item instanceof Scalar scalar && !scalar.isNull()) {
        step(scalar.text(), scalar)
            .map(
                step ->
                    new Whens.Dependency(step, Results.of("success").orElseThrow(), item.span()))
            .ifPresent(found::add);
      } else {
        when.wrongType(item, "a step to wait for", "{ name, on }");
      }
    }
    return found;
  }

  private Optional<Whens.Dependency> dependency(Section section) {
    Set<StepStatus> on = new LinkedHashSet<>();
    List<String> words = section.texts("on");
    for (String word : words.isEmpty() ? List.of("success") : words) {
      Optional<List<StepStatus>> statuses = Results.of(word);
      statuses.ifPresent(on::addAll);
      if (statuses.isEmpty()) {
        context
            .problems()
            .error(
                "bad-value",
                "a step has no result '" + word + "'",
                section.keySpan("on"),
                () ->
                    Nearest.to(word, Results.known())
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("results are " + String.join(", ", Results.known())));
      }
    }
    Optional<YamlNode> name = section.node("name");
    if (name.isEmpty()) {
      context
          .problems()
          .error("missing-key", "a step to wait for needs a 'name'", section.span(), "");
    }
    section.close();
    return name.flatMap(node -> section.text(node, "'name'").flatMap(text -> step(text, node)))
        .map(step -> new Whens.Dependency(step, List.copyOf(on), section.span()));
  }

  private Optional<StepNode> step(String id, YamlNode at) {
    Optional<StepNode> found = context.index().find(id);
    if (found.isEmpty()) {
      context
          .problems()
          .error(
              "no-such-step",
              "there is no step '" + id + "' to wait for",
              at.span(),
              () ->
                  Nearest.to(id, context.index().ids())
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("the steps are " + String.join(", ", context.index().ids())));
    }
    return found;
  }
}
