package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.Workflow.Concurrency;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys at the top of a file. */
final class WorkflowParser {

  private static final Workflow.WorkspaceMode[] WORKSPACES = {
    Workflow.WorkspaceMode.SHARED, Workflow.WorkspaceMode.LAYERED
  };

  static final List<String> KEYS =
      List.of(
          "name",
          "description",
          "params",
          "env",
          "secrets",
          "triggers",
          "concurrency",
          "order",
          "onFailure",
          "tolerated",
          "autoRerun",
          "maxParallel",
          "timeout",
          "workspace",
          "steps",
          "hooks",
          "outputs");

  private final Values values;
  private final Names names;
  private final StepParser steps;

  WorkflowParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
    this.steps = new StepParser(values);
  }

  /** The workflow of a file; empty, and reported, where the file is no mapping. */
  Optional<Workflow> workflow(YamlNode root) {
    if (!(root instanceof Mapping)) {
      values
          .problems()
          .error(
              "not-a-mapping",
              "a workflow is a mapping, found " + Values.describe(root),
              root.span(),
              "begin with 'name: my-workflow' and 'steps:'");
      return Optional.empty();
    }
    return Fields.open(root, "a workflow", KEYS, "", values).map(this::workflow);
  }

  private Workflow workflow(Fields fields) {
    SourceSpan span = fields.node("name").map(YamlNode::span).orElse(fields.span());
    return new Workflow(
        name(fields),
        fields.note("description"),
        fields.node("params").map(new ParamParser(values)::params).orElse(Map.of()),
        fields.node("env").map(new EnvParser(values)::env).orElse(Map.of()),
        fields.node("secrets").map(this::secrets).orElse(List.of()),
        fields.node("triggers").map(new TriggerParser(values)::triggers).orElse(List.of()),
        fields.node("concurrency").flatMap(node -> concurrency(node, fields)),
        fields.choice("order", Workflow.Order.values(), Workflow.Order.GRAPH),
        fields.choice("onFailure", Workflow.OnRunFailure.values(), Workflow.OnRunFailure.DRAIN),
        fields.choice(
            "tolerated", Workflow.Tolerated.values(), Workflow.Tolerated.SOME_MUST_SUCCEED),
        fields.node("autoRerun").flatMap(new RetryParser(values)::autoRerun),
        fields.count("maxParallel", 0),
        fields.duration("timeout"),
        steps(fields),
        fields.node("hooks").map(steps.hooks()::hooks).orElse(Hooks.NONE),
        fields.node("outputs").map(this::outputs).orElse(Map.of()),
        fields.choice("workspace", WORKSPACES, Workflow.WorkspaceMode.UNSAID),
        span);
  }

  private String name(Fields fields) {
    if (!fields.has("name")) {
      fields.missing("name", "such as 'name: release'");
    }
    Optional<String> name = fields.literal("name");
    name.ifPresent(text -> names.workflow(text, fields.node("name").orElseThrow().span()));
    return name.orElse("unnamed");
  }

  private List<Step> steps(Fields fields) {
    if (!fields.has("steps")) {
      fields.missing("steps", "a workflow has at least one step: 'steps: { hello: { run: ... } }'");
    }
    return fields.node("steps").map(node -> steps.steps(node, "'steps'")).orElse(List.of());
  }

  private Map<String, Template> outputs(YamlNode node) {
    values
        .entries(node, "'outputs'")
        .forEach(entry -> names.field("an output's name", entry.key(), entry.keySpan()));
    return node instanceof Mapping ? values.values(node, "'outputs'") : Map.of();
  }

  /** Names only: a value in a file would be no secret. */
  private List<String> secrets(YamlNode node) {
    if (node instanceof Mapping) {
      values.wrongType(
          node,
          "'secrets'",
          "a list of names",
          "values come from the secret store, not from a file");
      return List.of();
    }
    List<String> secrets = new ArrayList<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      values
          .literal(item, "a secret's name")
          .ifPresent(
              name -> {
                names.field("a secret's name", name, item.span());
                secrets.add(name);
              });
    }
    return secrets;
  }

  /** {@code {key, limit, policy, priority, waitMax}}, or the key alone: one at a time, queued. */
  private Optional<Concurrency> concurrency(YamlNode node, Fields root) {
    SourceSpan span = root.keySpan("concurrency");
    if (node instanceof Scalar) {
      return values
          .text(node, "'concurrency'")
          .map(key -> new Concurrency(key, 1, Concurrency.Policy.QUEUE, 0, Optional.empty(), span));
    }
    List<String> keys = List.of("key", "limit", "policy", "priority", "waitMax");
    return Fields.open(node, "'concurrency'", keys, "a key, or { key, limit, policy }", values)
        .flatMap(fields -> concurrency(fields, span));
  }

  private Optional<Concurrency> concurrency(Fields fields, SourceSpan span) {
    if (!fields.has("key")) {
      fields.missing("key", "runs with the same key share the limit");
    }
    int limit = fields.integer("limit", 0, Integer.MAX_VALUE, 1);
    Concurrency.Policy policy =
        fields.choice("policy", Concurrency.Policy.values(), Concurrency.Policy.QUEUE);
    int priority = fields.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE, 0);
    Optional<Duration> waitMax = fields.duration("waitMax");
    return fields
        .text("key")
        .map(key -> new Concurrency(key, limit, policy, priority, waitMax, span));
  }
}
