package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a step waits for: a name, {@code {step, on}}, or a list of those.
 *
 * <p>{@code on} is one status or a list; {@code finished} stands for every end; absent, the step
 * must succeed.
 */
final class NeedsParser {

  private static final String FINISHED = "finished";
  private static final List<String> WORDS =
      Stream.concat(Arrays.stream(StepStatus.values()).map(StepStatus::id), Stream.of(FINISHED))
          .toList();

  private final Values values;

  NeedsParser(Values values) {
    this.values = values;
  }

  List<Step.Need> needs(YamlNode node) {
    Map<String, Step.Need> seen = new HashMap<>();
    List<Step.Need> needs = new ArrayList<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      need(item)
          .ifPresent(
              need -> {
                Step.Need first = seen.putIfAbsent(need.step(), need);
                if (first == null) {
                  needs.add(need);
                } else {
                  duplicate(need, first);
                }
              });
    }
    return needs;
  }

  private void duplicate(Step.Need need, Step.Need first) {
    values
        .problems()
        .error(
            "duplicate-need",
            "'" + need.step() + "' is already needed at " + first.span(),
            need.span(),
            "keep one; several statuses go into one 'on' list");
  }

  private Optional<Step.Need> need(YamlNode node) {
    if (!(node instanceof Mapping)) {
      return values
          .literal(node, "'needs'")
          .map(name -> new Step.Need(name, List.of(StepStatus.SUCCEEDED), false, node.span()));
    }
    return Fields.open(node, "an entry of 'needs'", List.of("step", "on"), "", values)
        .flatMap(this::need);
  }

  private Optional<Step.Need> need(Fields fields) {
    if (!fields.has("step")) {
      fields.missing("step", "write { step: build, on: [succeeded, skipped] }");
    }
    List<StepStatus> on =
        fields.node("on").map(this::statuses).orElse(List.of(StepStatus.SUCCEEDED));
    return fields
        .literal("step")
        .map(
            name ->
                new Step.Need(
                    name, on, false, fields.node("step").map(YamlNode::span).orElseThrow()));
  }

  private List<StepStatus> statuses(YamlNode node) {
    Set<StepStatus> statuses = new LinkedHashSet<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      Optional<String> word = values.literal(item, "'on'");
      if (word.isEmpty()) {
        continue;
      }
      Optional<StepStatus> status = StepStatus.of(word.get());
      if (word.get().equals(FINISHED)) {
        statuses.addAll(StepStatus.terminal());
      } else if (status.isPresent()) {
        statuses.add(status.get());
      } else {
        values.badValue(
            item,
            "there is no status '" + word.get() + "'",
            () -> Suggestion.forValue(word.get(), WORDS));
      }
    }
    if (Values.oneOrMany(node).isEmpty()) {
      values.wrongType(node, "'on'", "a status or a list of them", "such as [succeeded, skipped]");
    }
    return new ArrayList<>(statuses);
  }
}
