package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A step as Codefresh writes it, as a step of a workflow. */
final class StepReader {

  /** The error of a step whose hook before it has failed. */
  private static final String HOOK_FAILED = "error.code == \"hook_failed\"";

  private static final String TIMED_OUT = "status == \"timed_out\"";

  private final Context context;
  private final Policies policies;
  private final Whens whens;
  private final Bodies bodies;

  StepReader(Context context) {
    this.context = context;
    this.policies = new Policies(context);
    this.whens = new Whens(context);
    this.bodies = new Bodies(context);
  }

  /** Reads the steps of hooks. */
  StepReader forHooks() {
    return new StepReader(context.forHooks());
  }

  List<Step> steps(List<StepNode> nodes) {
    return nodes.stream().map(node -> read(node, Optional.empty(), Place.of(node))).toList();
  }

  /**
   * One step.
   *
   * @param inherited the time of a parallel around it
   * @param base who reads its conditions and variables: the step, or the hook it belongs to
   */
  Step read(StepNode node, Optional<Duration> inherited, Place base) {
    Section section = context.ledger().open("step", node.body);
    checkType(node, section);
    return node.isGroup()
        ? group(node, section, inherited, base)
        : leaf(node, section, inherited, base);
  }

  private void checkType(StepNode node, Section section) {
    section.text("type");
    if (node.type == StepType.APPROVAL && node.parent != null) {
      context
          .problems()
          .error(
              "misplaced-key",
              "an approval cannot stand inside the parallel step '" + node.parent.id + "'",
              node.span,
              "put it before or after that step");
    }
  }

  private Step leaf(StepNode node, Section section, Optional<Duration> inherited, Place base) {
    Environment own = Environment.read(section, context);
    Place place = base.with(own.written());
    Optional<Duration> timeout =
        node.type == StepType.APPROVAL ? Optional.empty() : policies.timeout(section, inherited);
    Bodies.Made made = bodies.read(node, section, place);
    StepDraft draft = StepDraft.of(node.name, made.work(), node.span);
    dress(node, section, draft);
    draft
        .retry(policies.retry(section))
        .timeouts(timeouts(timeout.or(made::timeout), node, made))
        .outputs(made.outputs())
        .env(environment(made, own, place));
    draft.onFailure(policies.onFailure(section, node, endings(node, made)));
    whens.apply(section, node, place, draft);
    draft.hooks(new HooksReader(context, this).ofStep(section, node));
    section.close();
    return draft.step();
  }

  /** When a step that tolerates its failure ends the run all the same. */
  private static String endings(StepNode node, Bodies.Made made) {
    String hook = Policies.hasStrictHook(node) ? HOOK_FAILED : "";
    return made.terminates() ? TIMED_OUT : hook;
  }

  private static Timeouts timeouts(Optional<Duration> limit, StepNode node, Bodies.Made made) {
    boolean whole = node.type == StepType.APPROVAL && made.terminates();
    return new Timeouts(
        whole ? Optional.empty() : limit,
        whole ? limit : Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Map<String, Template> environment(Bodies.Made made, Environment own, Place place) {
    Map<String, Template> env = new LinkedHashMap<>();
    if (made.work() instanceof Work.Run) {
      env.putAll(own.templates(context, place));
    }
    env.putAll(made.env());
    return env;
  }

  private void dress(StepNode node, Section section, StepDraft draft) {
    Optional<String> title = section.text("title");
    Optional<String> name = section.text("name");
    Optional<String> description = section.text("description");
    String plain = node.id.equals(node.name) ? "" : node.id;
    String own = title.or(() -> name).or(() -> description).orElse(plain);
    draft.title(node.combination.isEmpty() ? own : node.combination);
    draft.stage(section.text("stage").orElse(""));
  }

  private Step group(StepNode node, Section section, Optional<Duration> inherited, Place base) {
    boolean written =
        node.type == StepType.PARALLEL && !node.body.has("scale") && !node.body.has("matrix");
    Optional<Duration> timeout = written ? policies.timeout(section, inherited) : inherited;
    if (!written && context.isParallel()) {
      context
          .problems()
          .warning(
              "key-has-no-effect",
              "Codefresh does not promise 'scale' and 'matrix' in 'mode: parallel'; here they work",
              section.keySpan(node.body.has("scale") ? "scale" : "matrix"),
              "");
    }
    if (node.children.isEmpty()) {
      noChildren(node, section, written);
    }
    List<Step> children =
        node.children.stream().map(child -> read(child, timeout, Place.of(child))).toList();
    Structure.Success success =
        new Criteria(context, whens)
            .ofGroup(section, node, Place.of(node, Place.Moment.INSIDE_ENDED));
    Body body = new Structure.Parallel(children, Optional.empty(), Optional.empty(), success);
    StepDraft draft = StepDraft.of(node.name, body, node.span);
    dress(node, section, draft);
    draft.onFailure(policies.onFailure(section, node, ""));
    whens.apply(section, node, base, draft);
    if (written) {
      draft.retry(policies.retry(section));
      noHooks(section);
      section.close();
    }
    return draft.step();
  }

  /** Nothing else is said of a scale or a matrix that is wrong itself. */
  private void noChildren(StepNode node, Section section, boolean written) {
    if (!written) {
      context.ledger().settleAll(node.body);
      boolean empty =
          node.body.get("scale").orElse(null) instanceof Mapping scale && scale.entries().isEmpty();
      if (!empty) {
        return;
      }
    }
    context
        .problems()
        .error(
            "no-steps",
            "the parallel step '" + node.id + "' has no steps",
            section.span(),
            "write steps: { name: { image, commands } }");
  }

  private void noHooks(Section section) {
    if (section.has("hooks")) {
      section.free("hooks");
      context
          .problems()
          .error(
              "misplaced-key",
              "a parallel step has no hooks",
              section.keySpan("hooks"),
              "write them at the steps inside it");
    }
  }
}
