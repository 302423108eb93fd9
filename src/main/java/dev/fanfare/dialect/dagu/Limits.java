package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Optional;

/** How many steps, and how many runs, there may be at once. */
final class Limits {

  private final Place place;
  private final Fields root;

  Limits(Place place) {
    this.place = place;
    this.root = place.root;
  }

  /** A number, or a text that refers to one; 0 is no limit. */
  Optional<Template> maxActiveSteps() {
    Optional<YamlNode> written = root.node("max_active_steps");
    if (written.isEmpty() || !(written.get() instanceof Scalar scalar)) {
      return root.integer("max_active_steps", 0, Integer.MAX_VALUE)
          .map(most -> new Template.Literal((long) most, root.keySpan("max_active_steps")));
    }
    if (Texts.references(scalar.text()).isEmpty()) {
      return root.integer("max_active_steps", 0, Integer.MAX_VALUE)
          .map(most -> new Template.Literal((long) most, scalar.span()));
    }
    boolean late =
        Texts.references(scalar.text()).stream()
            .anyMatch(reference -> place.scope.isLate(reference.name()));
    if (late) {
      root.badValue(
          scalar.span(),
          "how many steps run at once is decided before a shell computes " + scalar.text(),
          "write a number, or a variable whose value stands in the file or is given");
      return Optional.empty();
    }
    String source =
        "cel.bind(m, " + Words.text(scalar.text(), place.scope) + ", m == \"\" ? 0 : int(m))";
    return Optional.of(Cel.template(source, scalar.span()));
  }

  /**
   * Runs queue when there are more than {@code maxActiveRuns}. Those that another run started do
   * not: the step that waits for one would wait for its turn too.
   */
  Optional<Workflow.Concurrency> concurrency(SourceSpan span) {
    int most = root.integer("max_active_runs", -1, 1_000_000).orElse(1);
    Optional<String> queue = root.text("queue");
    if (most < 0) {
      return Optional.empty();
    }
    String key = queue.map(name -> Cel.quoted("dagu queue " + name)).orElse("workflow.name");
    String source =
        "run.?parent.hasValue() && run.parent != null ? \"dagu run \" + run.id : " + key;
    return Optional.of(
        new Workflow.Concurrency(
            Cel.template(source, span),
            Math.max(1, most),
            Workflow.Concurrency.Policy.QUEUE,
            0,
            Optional.empty(),
            span));
  }
}
