package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The conditions of a step. */
final class Whens {

  private final Context context;
  private final Branches branches;

  Whens(Context context) {
    this.context = context;
    this.branches = new Branches(context);
  }

  /** Gives a step its conditions. */
  void apply(Section step, StepNode node, Place place, StepDraft draft) {
    step.section("when", "when").ifPresent(when -> conditions(when, node, place, draft));
  }

  private void conditions(Section when, StepNode node, Place place, StepDraft draft) {
    List<String> all = new ArrayList<>();
    when.section("branch", "branch")
        .map(branch -> branches.read(branch, place))
        .ifPresent(all::addAll);
    when.section("condition", "condition")
        .map(each -> condition(each, place))
        .ifPresent(all::addAll);
    Optional<Dependencies> steps =
        when.node("steps").map(value -> new DependencyReader(context).read(value, when));
    when.close();
    boolean waits =
        context.isParallel() && place.moment() == Place.Moment.BEFORE && place.step() == node;
    if (steps.isPresent() && all.isEmpty() && waits && needs(steps.get(), node, draft)) {
      return;
    }
    steps.ifPresent(list -> all.add(list.test(context.variables().steps(), place)));
    if (all.isEmpty()) {
      return;
    }
    draft.when(expression(String.join(" && ", all), when.span()));
    if (waits) {
      draft.join(Step.Join.WHEN);
    }
  }

  private static Template expression(String cel, SourceSpan span) {
    return new Template.Expression(new Expr(cel, span));
  }

  /**
   * A list of steps as needs; false where needs cannot say it: they are between siblings, and what
   * is pending has no edge.
   */
  private static boolean needs(Dependencies steps, StepNode node, StepDraft draft) {
    Set<StepNode> seen = new HashSet<>();
    List<Step.Need> needs = new ArrayList<>();
    for (Dependency each : steps.list()) {
      // Whoever is at work has begun, and a retry comes after a first attempt.
      List<StepStatus> on =
          each.on().stream()
              .filter(status -> status != StepStatus.DISPATCHED && status != StepStatus.RETRYING)
              .toList();
      boolean edge =
          each.step().parent == node.parent
              && each.step() != node
              && seen.add(each.step())
              && !on.isEmpty()
              && on.stream().allMatch(Whens::isEdge);
      if (!edge) {
        return false;
      }
      needs.add(new Step.Need(each.step().name, on, false, each.span()));
    }
    if (steps.any() && needs.size() > 1 && reads(node)) {
      return false;
    }
    draft.needs(needs).join(steps.any() && needs.size() > 1 ? Step.Join.ANY : Step.Join.ALL);
    return true;
  }

  private static boolean isEdge(StepStatus status) {
    return status.isTerminal() || status == StepStatus.RUNNING || status == StepStatus.WAITING;
  }

  /** Whether a step has variables, which might need another step than the one that came first. */
  private static boolean reads(StepNode node) {
    return node.body.entries().stream()
        .filter(entry -> !entry.key().equals("when") && !entry.key().equals("image"))
        .anyMatch(entry -> entry.value().toString().contains("${{"));
  }

  /** Conditions under {@code all} and {@code any}, each as CEL. */
  List<String> condition(Section condition, Place place) {
    List<String> both = new ArrayList<>();
    for (String key : List.of("all", "any")) {
      List<String> found = new ArrayList<>();
      condition.section(key, "conditions").ifPresent(names -> found.addAll(named(names, place)));
      if (!found.isEmpty()) {
        String joined = String.join(key.equals("all") ? " && " : " || ", found);
        both.add("(" + joined + ")");
      }
    }
    if (!condition.has("all") && !condition.has("any")) {
      condition
          .problems()
          .error(
              "missing-key",
              "'condition' needs 'all' or 'any'",
              condition.span(),
              "write all: { name: expression }");
    }
    condition.close();
    return both;
  }

  private List<String> named(Section names, Place place) {
    List<String> found = new ArrayList<>();
    for (Entry entry : names.entries()) {
      YamlNode value = names.read(entry);
      if (!entry.key().matches("[A-Za-z0-9_]+")) {
        names
            .problems()
            .error(
                "bad-name",
                "a condition cannot be called '" + entry.key() + "'",
                entry.keySpan(),
                "letters, digits and '_'");
      }
      if (value instanceof Scalar scalar) {
        cel(scalar, place).ifPresent(found::add);
      } else {
        names.wrongType(value, "'" + entry.key() + "'", "an expression");
      }
    }
    return found;
  }

  private Optional<String> cel(Scalar scalar, Place place) {
    try {
      Ast ast = ConditionParser.parse(scalar.text(), context.index().ids());
      return Optional.of(new CelWriter(context.variables(), place).write(ast).truth());
    } catch (ConditionException e) {
      context
          .problems()
          .error("bad-condition", e.text(), scalar.cursor().at(Math.max(0, e.at())), e.hint());
      return Optional.empty();
    }
  }

  /** A step that another one waits for, and the results that it waits for. */
  record Dependency(StepNode step, List<StepStatus> on, SourceSpan span) {}

  /** Steps that are waited for, all of them or any one. */
  record Dependencies(List<Dependency> list, boolean any) {

    String test(StepViews views, Place place) {
      return list.stream()
          .map(
              each ->
                  Results.test(
                      views.status(each.step().id, place).orElse("\"pending\""), each.on()))
          .collect(Collectors.joining(any ? " || " : " && ", "(", ")"));
    }
  }
}
