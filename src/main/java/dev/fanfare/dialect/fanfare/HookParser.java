package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hooks: each a step without needs, or a list of such steps that run one after another.
 *
 * <p>The step of a hook carries the hook's name; those of a list are called {@code 1}, {@code 2}
 * and so on.
 */
final class HookParser {

  private static final List<String> KEYS =
      List.of("before", "onSuccess", "onFailure", "onCancel", "always");

  private final Values values;
  private final StepParser steps;

  HookParser(Values values, StepParser steps) {
    this.values = values;
    this.steps = steps;
  }

  Hooks hooks(YamlNode node) {
    if (Values.isNull(node)) {
      return Hooks.NONE;
    }
    return Fields.open(node, "'hooks'", KEYS, "such as { always: { run: ./cleanup.sh } }", values)
        .map(
            fields ->
                new Hooks(
                    hook(fields, "before"),
                    hook(fields, "onSuccess"),
                    hook(fields, "onFailure"),
                    hook(fields, "onCancel"),
                    hook(fields, "always")))
        .orElse(Hooks.NONE);
  }

  private Optional<Step> hook(Fields fields, String key) {
    return fields.node(key).map(node -> hook(fields, key, node));
  }

  private Step hook(Fields fields, String key, YamlNode node) {
    if (!(node instanceof Sequence list)) {
      return single(key, fields, key, node);
    }
    if (list.items().isEmpty()) {
      values
          .problems()
          .error("no-steps", "the hook '" + key + "' has no step", list.span(), "leave it out");
    }
    List<Step> parts = new ArrayList<>();
    for (YamlNode item : list.items()) {
      parts.add(single(String.valueOf(parts.size() + 1), fields, key, item));
    }
    return StepParser.plain(key, new Structure.Sequence(parts), fields.keySpan(key));
  }

  private Step single(String name, Fields fields, String key, YamlNode node) {
    if (node instanceof Mapping map) {
      StepKeys.checkHook(map, values.problems());
    }
    boolean listed = !name.equals(key);
    return steps.step(name, listed ? node.span() : fields.keySpan(key), node);
  }
}
