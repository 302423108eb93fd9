package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a file: sources, heads of steps, what the steps do, and how they hang together. */
final class FileReader {

  /** What flowtoy's own default comes to. */
  private static final int WORKERS = 4;

  private static final int MOST_WORKERS = 1_000_000;

  private final Ledger ledger;
  private final Problems problems;

  FileReader(Ledger ledger) {
    this.ledger = ledger;
    this.problems = ledger.problems();
  }

  Optional<Workflow> workflow(SourceFile file) {
    if (!(file.root() instanceof Mapping map)) {
      ledger.settleAll(file.root());
      problems.error(
          "wrong-type",
          "a flowtoy file must be a mapping, found " + Section.describe(file.root()),
          file.root().span(),
          "it has 'sources' and 'flow'");
      return Optional.empty();
    }
    Section root = ledger.open("root", map);
    Runner runner = runner(root);
    Sources sources = new Sources(problems);
    sources.declare(root);
    Map<String, FlowStep> heads = new Heads(sources, problems).read(root);
    root.close();
    Set<String> secrets = new LinkedHashSet<>();
    Bodies bodies = new Bodies(heads, sources, secrets, problems);
    Dependencies dependencies = new Dependencies(heads, runner.onError(), problems);
    Map<FlowStep, Made> made = new LinkedHashMap<>();
    for (FlowStep head : heads.values()) {
      Map<String, SourceSpan> read = new LinkedHashMap<>();
      made.put(head, bodies.of(head, read));
      dependencies.add(head, read);
    }
    bodies.checkUnused();
    dependencies.checkCycles();
    List<Step> steps = new ArrayList<>();
    made.forEach((head, what) -> steps.add(step(head, what, dependencies)));
    return Optional.of(
        WorkflowDraft.of(name(file), steps, map.span())
            .secrets(List.copyOf(secrets))
            .onFailure(Workflow.OnRunFailure.HALT)
            .maxParallel(Optional.of(runner.workers()))
            .outputs(outputs(heads))
            .workflow());
  }

  private record Runner(Policy onError, Template workers) {}

  private Runner runner(Section root) {
    Optional<Section> runner = root.section("runner", "runner");
    Policy policy = runner.flatMap(Policy::of).orElse(Policy.FAIL);
    long workers =
        runner.flatMap(section -> section.integer("max_workers", 1, MOST_WORKERS)).orElse(WORKERS);
    SourceSpan span = runner.map(section -> section.keySpan("max_workers")).orElse(SourceSpan.NONE);
    runner.ifPresent(Section::close);
    return new Runner(policy, new Template.Literal(workers, span));
  }

  private static Step step(FlowStep head, Made made, Dependencies dependencies) {
    return StepDraft.of(head.id(), made.work(), head.span())
        .needs(dependencies.needs(head))
        .when(dependencies.when(head))
        .onFailure(dependencies.onFailure(head))
        .timeouts(made.timeouts())
        .outputs(head.outputs())
        .env(made.env())
        .title(head.id().equals(head.name()) ? "" : head.name())
        .step();
  }

  /** What flowtoy prints at the end: the outputs of each step that has some. */
  private static Map<String, Template> outputs(Map<String, FlowStep> heads) {
    Map<String, Template> outputs = new LinkedHashMap<>();
    for (FlowStep head : heads.values()) {
      if (!head.outputs().isEmpty()) {
        outputs.put(
            head.id(),
            new Template.Expression(new Expr(head.cel() + ".?output.orValue(null)", head.span())));
      }
    }
    return outputs;
  }

  /** The file's name, made a legal one. */
  private static String name(SourceFile file) {
    String name =
        file.baseName().replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
    if (name.isEmpty()) {
      return "flow";
    }
    return name.length() <= 128 ? name : name.substring(0, 128);
  }
}
