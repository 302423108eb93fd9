package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a step yields by name: {@code {stdout: true}}, {@code {file}}, {@code {json}}, the first and
 * the last with an optional {@code jmespath}; or a value, written plainly or, where it is a mapping
 * itself, as {@code {value: ...}}.
 */
final class OutputParser {

  private static final List<String> SOURCES = List.of("stdout", "file", "json", "value");
  private static final List<String> KEYS = List.of("stdout", "file", "json", "value", "jmespath");

  private final Values values;
  private final Names names;

  OutputParser(Values values) {
    this.values = values;
    this.names = new Names(values.problems());
  }

  Map<String, Output> outputs(YamlNode node, Body body) {
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (Entry entry : values.entries(node, "'outputs'")) {
      names.field("an output's name", entry.key(), entry.keySpan());
      output(entry, body).ifPresent(output -> outputs.put(entry.key(), output));
    }
    return outputs;
  }

  private Optional<Output> output(Entry entry, Body body) {
    YamlNode node = entry.value();
    String what = "output '" + entry.key() + "'";
    if (Values.isNull(node)) {
      values.wrongType(node, what, "a source or a value", "such as { stdout: true }");
      return Optional.empty();
    }
    if (!(node instanceof Mapping)) {
      return Optional.of(new Output.Value(values.templates().computed(node), entry.keySpan()));
    }
    return Fields.open(node, what, KEYS, "", values)
        .flatMap(fields -> output(fields, what, entry.keySpan(), body));
  }

  private Optional<Output> output(Fields fields, String what, SourceSpan span, Body body) {
    List<String> sources = SOURCES.stream().filter(fields::has).toList();
    if (sources.size() != 1) {
      values
          .problems()
          .error(
              "output-source",
              what + (sources.isEmpty() ? " has no source" : " has more than one source"),
              fields.span(),
              "give exactly one of " + String.join(", ", SOURCES));
      return Optional.empty();
    }
    String source = sources.getFirst();
    checkShell(source, fields, what, body);
    Optional<String> query = fields.literal("jmespath");
    if (query.isPresent() && (source.equals("file") || source.equals("value"))) {
      values
          .problems()
          .error(
              "misplaced-key",
              "'jmespath' stands only beside 'stdout' or 'json'",
              fields.keySpan("jmespath"),
              "");
    }
    return switch (source) {
      case "stdout" -> stdout(fields, query, span);
      case "file" -> path(fields, "file").map(path -> new Output.File(path, span));
      case "json" -> path(fields, "json").map(path -> new Output.Json(path, query, span));
      default -> fields.value("value").map(value -> new Output.Value(value, span));
    };
  }

  private void checkShell(String source, Fields fields, String what, Body body) {
    if (!source.equals("value") && !(body instanceof Work.Run)) {
      values
          .problems()
          .error(
              "misplaced-key",
              what + " reads '" + source + "', which only a 'run' step has",
              fields.keySpan(source),
              "compute it: \"${{ output... }}\"");
    }
  }

  private Optional<Output> stdout(Fields fields, Optional<String> query, SourceSpan span) {
    YamlNode node = fields.node("stdout").orElseThrow();
    if (values.bool(node, "'stdout'").filter(yes -> !yes).isPresent()) {
      values.badValue(node, "'stdout' can only be true", "leave the output out");
    }
    return Optional.of(new Output.Stdout(query, span));
  }

  private Optional<Template> path(Fields fields, String key) {
    fields.node(key).ifPresent(node -> Paths.checkInside(node, "'" + key + "'", values));
    return fields.text(key);
  }
}
