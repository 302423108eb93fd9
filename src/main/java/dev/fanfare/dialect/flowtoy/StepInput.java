package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a step says under {@code input}: a value, or a mapping that says where a value goes and what
 * of the source's configuration is different for this step.
 *
 * <p>A mapping is the latter where it has one of the keys that stand for the configuration, or a
 * {@code type} that is one of the input's. Any other mapping is a value.
 *
 * @param type where the value goes; empty where it is not said
 * @param overrides {@code url}, {@code method}, {@code headers}, {@code command}, {@code stdin}
 */
record StepInput(Payload payload, String type, Map<String, YamlNode> overrides) {

  private static final StepInput NONE = new StepInput(Payload.NONE, "", Map.of());
  private static final Set<String> TYPES = Set.of("parameter", "body", "filter", "value");
  private static final Set<String> REST = Set.of("url", "method", "headers");
  private static final Set<String> PROCESS = Set.of("command", "stdin");

  static StepInput of(Section step, Source source, Texts texts) {
    Optional<YamlNode> node = step.node("input");
    if (node.isEmpty()) {
      return NONE;
    }
    if (!(node.get() instanceof Mapping map) || !isForm(map)) {
      step.ledger().settleAll(node.get());
      Template value = texts.value(node.get());
      return new StepInput(new Payload(Optional.of(value), node.get().span()), "", Map.of());
    }
    Section section = step.ledger().open("input", map);
    StepInput input = form(section, source, texts);
    section.close();
    return input;
  }

  private static boolean isForm(Mapping map) {
    boolean typed =
        map.get("type").orElse(null) instanceof Scalar scalar && TYPES.contains(scalar.text());
    return typed
        || map.entries().stream()
            .map(Entry::key)
            .anyMatch(key -> REST.contains(key) || PROCESS.contains(key));
  }

  private static StepInput form(Section section, Source source, Texts texts) {
    String type = section.text("type").orElse("");
    if (!type.isEmpty() && !TYPES.contains(type)) {
      section.badValue(
          section.keySpan("type"),
          "there is no type of input '" + type + "'",
          "it is 'parameter' or 'body'");
    }
    Set<String> mine =
        switch (source.provider()) {
          case REST -> REST;
          case PROCESS -> PROCESS;
          case ENV, PLUGIN -> Set.of();
        };
    Map<String, YamlNode> overrides =
        mine.stream()
            .sorted()
            .filter(key -> section.node(key).isPresent())
            .collect(Collectors.toMap(key -> key, key -> section.node(key).orElseThrow()));
    overrides.forEach((key, node) -> check(section, key, node));
    return new StepInput(payload(section, texts), type, overrides);
  }

  private static Payload payload(Section section, Texts texts) {
    Optional<YamlNode> template = section.free("template");
    Optional<YamlNode> value = section.free("value");
    if (template.isPresent() && value.isPresent()) {
      section
          .problems()
          .warning(
              "key-has-no-effect",
              "'value' says nothing beside 'template'",
              section.keySpan("value"),
              "remove one of them");
    }
    return template
        .or(() -> value)
        .map(node -> new Payload(Optional.of(texts.value(node)), node.span()))
        .orElse(Payload.NONE);
  }

  private static void check(Section section, String key, YamlNode node) {
    switch (key) {
      case "headers" -> {
        section.ledger().settleAll(node);
        Configurations.headers(section, node);
      }
      case "command" -> Configurations.command(section, node);
      default -> section.text(node, "'" + key + "'");
    }
  }

  /** What the step has instead of the source's. */
  Optional<YamlNode> get(String key) {
    return Optional.ofNullable(overrides.get(key));
  }

  Optional<Scalar> scalar(String key) {
    return get(key).filter(Scalar.class::isInstance).map(Scalar.class::cast);
  }
}
