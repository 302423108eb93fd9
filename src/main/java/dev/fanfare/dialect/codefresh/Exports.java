package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Variables that steps export, for whatever is evaluated outside of a script: scripts get them from
 * their worker. The newest one counts, so steps are asked from the last to the first.
 */
final class Exports {

  /** Steps that are asked for a variable which none of them names. */
  private static final int MAX_ASKED = 30;

  private final StepIndex index;
  private final boolean parallel;

  Exports(StepIndex index, boolean parallel) {
    this.index = index;
    this.parallel = parallel;
  }

  /** CEL for what earlier steps have exported under a name, else for {@code otherwise}. */
  String of(String name, Place place, String otherwise) {
    List<StepNode> scripts =
        index.all().stream()
            .filter(step -> step.type == StepType.FREESTYLE && !step.isGroup())
            .filter(step -> isEarlier(step, place))
            .sorted(Comparator.comparingInt(step -> -step.order))
            .toList();
    List<StepNode> naming = scripts.stream().filter(step -> exports(step, name)).toList();
    boolean known = BuiltIns.find(name).isPresent();
    List<StepNode> asked =
        !naming.isEmpty() || known
            ? naming
            : scripts.stream().filter(step -> !isPlain(step)).limit(MAX_ASKED).toList();
    StringBuilder cel = new StringBuilder();
    for (StepNode step : asked) {
      String output = "steps[" + Cel.quote(step.path) + "].output";
      String key = Cel.quote(name);
      cel.append("type(").append(output).append(") == map && ").append(key).append(" in ");
      cel.append(output).append(" ? ").append(output).append("[").append(key).append("] : ");
    }
    return cel.isEmpty() ? otherwise : "(" + cel + otherwise + ")";
  }

  private boolean isEarlier(StepNode step, Place place) {
    StepNode reader = place.step();
    if (!parallel || reader == null) {
      return place.isAfter(step);
    }
    return reader != step && upstream(reader).contains(step.top());
  }

  /** The steps that a step of a parallel pipeline waits for, directly or over others. */
  private Set<StepNode> upstream(StepNode reader) {
    Set<StepNode> found = new HashSet<>();
    List<StepNode> open = new ArrayList<>(List.of(reader.top()));
    while (!open.isEmpty()) {
      Set<String> named = new HashSet<>();
      open.removeLast().body.get("when").ifPresent(when -> texts(when, named));
      for (String text : named) {
        index
            .find(text)
            .map(StepNode::top)
            .filter(step -> step != reader.top() && found.add(step))
            .ifPresent(open::add);
      }
    }
    return found;
  }

  private void texts(YamlNode node, Set<String> found) {
    switch (node) {
      case Scalar scalar -> {
        found.add(scalar.text());
        index.ids().stream().filter(id -> scalar.text().contains(id + ".")).forEach(found::add);
      }
      case Sequence list -> list.items().forEach(item -> texts(item, found));
      case Mapping map -> map.entries().forEach(entry -> texts(entry.value(), found));
    }
  }

  private static boolean exports(StepNode step, String name) {
    String text = commands(step);
    return text.contains(name)
        && (text.contains("cf_export") || text.contains("env_vars_to_export"));
  }

  /** Whether a script does nothing that anybody could not see in its text. */
  private static boolean isPlain(StepNode step) {
    return commands(step)
        .lines()
        .allMatch(line -> line.strip().matches("(echo|exit|ls|true|false|sleep)\\b[^;&|$`]*"));
  }

  private static String commands(StepNode step) {
    return switch (step.body.get("commands").orElse(null)) {
      case Scalar scalar -> scalar.text();
      case Sequence list -> {
        StringBuilder all = new StringBuilder();
        list.items().stream()
            .filter(Scalar.class::isInstance)
            .forEach(item -> all.append(((Scalar) item).text()).append('\n'));
        yield all.toString();
      }
      case Mapping ignored -> "";
      case null -> "";
    };
  }
}
