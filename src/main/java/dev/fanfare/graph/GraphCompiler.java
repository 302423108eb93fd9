package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.Expressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a workflow ready to run, or says everything that keeps it from running. */
public final class GraphCompiler {

  /** Root names that every expression of a workflow may use. */
  public static final Set<String> NAMES =
      Set.of("params", "env", "event", "steps", "run", "workflow", "secrets");

  private static final Set<String> NAMES_WITHOUT_STEPS =
      Set.of("params", "env", "event", "run", "workflow", "secrets");

  private GraphCompiler() {}

  /**
   * Compiles a workflow.
   *
   * @param inputs what the run brings; {@link CompileInputs#NONE} plans with defaults unset
   */
  public static Compiled compile(Workflow workflow, CompileInputs inputs) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    NodeTree tree = new NodeTree(inputs, NAMES, diagnostics);
    tree.build(workflow.steps(), workflow.hooks());
    if (tree.nodes.size() > NodeTree.MAX_NODES) {
      return new Compiled(Optional.empty(), diagnostics);
    }
    SecretRules secrets = new SecretRules(workflow, diagnostics);
    NeedResolution needs = new NeedResolution(tree, NAMES, secrets, diagnostics);
    needs.resolve(workflow.order() == Workflow.Order.SEQUENCE);
    diagnostics.addAll(Cycles.find(tree.nodes));
    diagnostics.addAll(NoEffect.check(workflow, tree.nodes, inputs.images()));
    checkWorkflowTemplates(workflow, tree, secrets, diagnostics);
    diagnostics.addAll(TriggerChecks.check(workflow));
    List<Diagnostic> sorted =
        diagnostics.stream().distinct().sorted(Comparator.comparing(Diagnostic::span)).toList();
    if (sorted.stream().anyMatch(Diagnostic::isError)) {
      return new Compiled(Optional.empty(), sorted);
    }
    Graph graph =
        new Graph(
            workflow,
            tree.nodes.stream().map(NodeDraft::freeze).toList(),
            tree.top.stream().map(node -> node.index).toList(),
            NodeDraft.indexes(tree.hooks),
            needs.watches());
    return new Compiled(Optional.of(graph), sorted);
  }

  private static void checkWorkflowTemplates(
      Workflow workflow, NodeTree tree, SecretRules secrets, List<Diagnostic> diagnostics) {
    for (Template template : workflow.env().values()) {
      Expressions.Checked checked = Expressions.check(template, SecretRules.ENV_NAMES);
      diagnostics.addAll(checked.diagnostics());
      secrets.check(checked.references(), SecretRules.Place.TEXT);
    }
    if (workflow.maxParallel().isPresent()) {
      Expressions.Checked checked =
          Expressions.check(workflow.maxParallel().get(), NAMES_WITHOUT_STEPS);
      diagnostics.addAll(checked.diagnostics());
      secrets.check(checked.references(), SecretRules.Place.STORED);
    }
    if (workflow.concurrency().isPresent()) {
      Expressions.Checked checked =
          Expressions.check(workflow.concurrency().get().key(), NAMES_WITHOUT_STEPS);
      diagnostics.addAll(checked.diagnostics());
      secrets.check(checked.references(), SecretRules.Place.STORED);
    }
    Set<String> ids = new HashSet<>();
    tree.nodes.stream()
        .filter(node -> node.repeatedBy().isEmpty())
        .forEach(node -> ids.add(node.id));
    for (Template template : workflow.outputs().values()) {
      Expressions.Checked checked = Expressions.check(template, NAMES);
      diagnostics.addAll(checked.diagnostics());
      secrets.check(checked.references(), SecretRules.Place.STORED);
      checked.references().steps().stream()
          .filter(read -> !ids.contains(read.step()))
          .forEach(
              read ->
                  diagnostics.add(
                      Diagnostic.error(
                          "unknown-step",
                          "an output of the run reads '" + read.step() + "', which is no step",
                          read.span(),
                          Suggestion.of(read.step(), ids))));
    }
  }
}
