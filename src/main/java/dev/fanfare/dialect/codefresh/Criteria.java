package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.Structure.Success;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code success_criteria}: what decides whether a parallel step, or the run, has succeeded. */
final class Criteria {

  private final Context context;
  private final Whens whens;

  Criteria(Context context, Whens whens) {
    this.context = context;
    this.whens = whens;
  }

  Success ofGroup(Section step, StepNode group, Place place) {
    return read(step, group.children, place).orElseGet(Success.All::new);
  }

  /** The criteria of a mapping, over the given steps; empty where it has none. */
  Optional<Success> read(Section around, List<StepNode> steps, Place place) {
    return around
        .section("success_criteria", "criteria")
        .map(criteria -> success(criteria, steps, place));
  }

  private Success success(Section criteria, List<StepNode> steps, Place place) {
    Optional<YamlNode> written = criteria.node("steps");
    List<String> conditions =
        criteria
            .section("condition", "condition")
            .map(condition -> whens.condition(condition, place))
            .orElse(List.of());
    if (written.isPresent() == criteria.has("condition")) {
      context
          .problems()
          .error(
              written.isPresent() ? "contradiction" : "missing-key",
              "'success_criteria' has "
                  + (written.isPresent()
                      ? "both 'steps' and 'condition'"
                      : "neither 'steps' nor 'condition'"),
              criteria.span(),
              "keep the one that decides");
    }
    criteria.close();
    if (!conditions.isEmpty()) {
      return new Success.When(
          new Template.Expression(new Expr(String.join(" && ", conditions), criteria.span())));
    }
    return written.map(value -> steps(value, criteria, steps)).orElseGet(Success.All::new);
  }

  private Success steps(YamlNode value, Section criteria, List<StepNode> steps) {
    if (value instanceof Sequence list) {
      return new Success.Only(names(list.items(), criteria, steps), list.span());
    }
    Optional<Section> section = criteria.section(value, "'steps'", "criteria-steps");
    if (section.isEmpty()) {
      return new Success.All();
    }
    boolean only = section.get().has("only");
    if (only == section.get().has("ignore")) {
      context
          .problems()
          .error(
              only ? "contradiction" : "missing-key",
              "'steps' has " + (only ? "both 'only' and 'ignore'" : "neither 'only' nor 'ignore'"),
              section.get().span(),
              "keep the list of the steps that count, or of those that do not");
    }
    List<String> counted = names(section.get().items("only"), criteria, steps);
    List<String> ignored = names(section.get().items("ignore"), criteria, steps);
    section.get().close();
    return only
        ? new Success.Only(counted, value.span())
        : new Success.Ignore(ignored, value.span());
  }

  private List<String> names(List<YamlNode> items, Section criteria, List<StepNode> steps) {
    List<String> names = new ArrayList<>();
    for (YamlNode item : items) {
      Optional<String> id = criteria.text(item, "a step");
      Optional<StepNode> found =
          id.flatMap(text -> steps.stream().filter(step -> step.id.equals(text)).findFirst());
      found.ifPresent(step -> names.add(step.name));
      if (id.isPresent() && found.isEmpty()) {
        List<String> known = steps.stream().map(step -> step.id).toList();
        context
            .problems()
            .error(
                "unknown-child",
                "there is no step '" + id.get() + "' here",
                item.span(),
                () ->
                    Nearest.to(id.get(), known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("the steps are " + String.join(", ", known)));
      }
    }
    return names;
  }
}
