package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure.Loop;
import dev.fanfare.definition.Structure.Switch;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code loop} and {@code switch}.
 *
 * <p>A switch is a list of cases with {@code all} beside it, or {@code {cases, all}}.
 */
final class RepeatParser {

  /** {@code limit} of a loop that states none. */
  static final int LIMIT = 1000;

  private static final List<String> LOOP_KEYS =
      List.of("while", "until", "limit", "delay", "backoff", "factor", "maxDelay", "steps");

  private final Values values;
  private final StepParser steps;

  RepeatParser(Values values, StepParser steps) {
    this.values = values;
    this.steps = steps;
  }

  Body loop(YamlNode node, SourceSpan span) {
    return Fields.open(node, "'loop'", LOOP_KEYS, "write { until: ..., steps: { ... } }", values)
        .map(fields -> loop(fields, span))
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private Body loop(Fields fields, SourceSpan span) {
    if (fields.has("while") == fields.has("until")) {
      boolean both = fields.has("while");
      values
          .problems()
          .error(
              both ? "contradiction" : "missing-key",
              both ? "'loop' has 'while' and 'until'" : "'loop' needs 'while' or 'until'",
              both ? fields.keySpan("until") : fields.span(),
              "'while' tests before each turn, 'until' after it");
    }
    if (!fields.has("steps")) {
      fields.missing("steps", "what to repeat");
    }
    return new Loop(
        fields
            .node("steps")
            .map(node -> steps.steps(node, "the steps of 'loop'"))
            .orElse(List.of()),
        fields.condition("while"),
        fields.condition("until"),
        fields.integer("limit", 1, Integer.MAX_VALUE, LIMIT),
        fields.node("delay").flatMap(delay -> values.durationOrZero(delay, "'delay'")),
        fields.choice("backoff", Retry.Backoff.values(), Retry.Backoff.FIXED),
        RetryParser.factor(fields, values),
        fields.duration("maxDelay"),
        span);
  }

  Body choice(YamlNode node, Fields step, SourceSpan span) {
    if (!(node instanceof Mapping)) {
      return new Switch(cases(node), step.bool("all", false), span);
    }
    String hint = "write a list of { when, steps }";
    return Fields.open(node, "'switch'", List.of("cases", "all"), hint, values)
        .map(
            fields -> {
              if (!fields.has("cases")) {
                fields.missing("cases", hint);
              }
              List<Switch.Case> cases = fields.node("cases").map(this::cases).orElse(List.of());
              return (Body) new Switch(cases, fields.bool("all", false), span);
            })
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private List<Switch.Case> cases(YamlNode node) {
    if (!(node instanceof Sequence list) || list.items().isEmpty()) {
      values.wrongType(
          node, "'switch'", "a list of cases", "write - { when: ..., steps: { ... } }");
      return List.of();
    }
    List<Switch.Case> cases = new ArrayList<>();
    for (YamlNode item : list.items()) {
      Fields.open(item, "a case", List.of("when", "steps", "else"), "", values)
          .ifPresent(fields -> cases.add(oneCase(fields, item == list.items().getLast())));
    }
    return cases;
  }

  private Switch.Case oneCase(Fields fields, boolean last) {
    if (!fields.has("else")) {
      for (String key : List.of("when", "steps")) {
        if (!fields.has(key)) {
          fields.missing(key, "the case for everything else is { else: { ... } }");
        }
      }
      return new Switch.Case(fields.condition("when"), steps(fields, "steps"), fields.span());
    }
    if (fields.has("when") || fields.has("steps")) {
      values
          .problems()
          .error(
              "contradiction",
              "a case has 'when' and 'steps', or 'else'",
              fields.keySpan("else"),
              "make it a case of its own: - else: { ... }");
    }
    if (!last) {
      values
          .problems()
          .error(
              "misplaced-key",
              "'else' stands in the last case only",
              fields.keySpan("else"),
              "move it to the end of the list");
    }
    return new Switch.Case(Optional.empty(), steps(fields, "else"), fields.span());
  }

  private List<Step> steps(Fields fields, String key) {
    return fields.node(key).map(node -> steps.steps(node, "the steps of a case")).orElse(List.of());
  }
}
