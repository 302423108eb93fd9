package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code codefresh-run}: another pipeline, as a run of its own. */
final class Pipelines {

  private final Context context;

  Pipelines(Context context) {
    this.context = context;
  }

  Bodies.Made read(StepNode node, Section step, Place place) {
    Optional<Section> arguments = step.section("arguments", "codefresh-run");
    Optional<YamlNode> name =
        arguments.flatMap(s -> s.node("PIPELINE_ID").or(() -> s.node("PIPELINE_NAME")));
    if (arguments.isEmpty() || name.isEmpty()) {
      context
          .problems()
          .error(
              "missing-key",
              "the step '" + node.id + "' names no pipeline",
              node.span,
              "write arguments: { PIPELINE_ID: name }");
      return Bodies.Made.of(new Work.Pass(Optional.empty()));
    }
    Section given = arguments.get();
    Map<String, Template> params = new LinkedHashMap<>();
    variables(given, params, place);
    param(given, "BRANCH", "CF_BRANCH", params, place);
    param(given, "SHA", "CF_REVISION", params, place);
    boolean detached = context.flag(given, "DETACH").orElse(false);
    Optional<Duration> limit =
        given
            .number("TIMEOUT_MINS", 0, 1_000_000)
            .or(() -> given.number("TIMEOUT", 0, 1_000_000))
            .map(minutes -> Duration.ofMillis(Math.round(minutes * 60_000)))
            .filter(Duration::isPositive);
    given.close();
    Template workflow =
        name.get() instanceof Scalar scalar
            ? context.texts().template(scalar, place)
            : Template.literal("");
    Work work =
        new Work.SubWorkflow(workflow, params, !detached, Optional.of(CodefreshDialect.NAME));
    return new Bodies.Made(work, Map.of(), Map.of(), limit, false);
  }

  private void variables(Section given, Map<String, Template> params, Place place) {
    for (YamlNode item :
        given.free("VARIABLE").map(Section::oneOrMany).orElse(java.util.List.of())) {
      if (item instanceof Mapping map) {
        map.entries()
            .forEach(entry -> params.put(entry.key(), context.texts().value(entry.value(), place)));
      } else if (item instanceof Scalar scalar && scalar.text().contains("=")) {
        String[] parts = scalar.text().split("=", 2);
        params.put(parts[0].strip(), context.texts().template(parts[1], scalar.span(), place));
      } else {
        given.wrongType(item, "'VARIABLE'", "a list of NAME=value");
      }
    }
  }

  private void param(
      Section given, String key, String name, Map<String, Template> params, Place place) {
    given
        .node(key)
        .filter(Scalar.class::isInstance)
        .ifPresent(value -> params.put(name, context.texts().template((Scalar) value, place)));
  }
}
