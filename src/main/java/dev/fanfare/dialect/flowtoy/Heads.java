package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Jinja;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the heads of the steps. */
final class Heads {

  private static final int LONGEST_NAME = 120;

  private final Sources sources;
  private final Problems problems;
  private final Set<String> ids = new HashSet<>();
  private final Map<String, FlowStep> steps = new LinkedHashMap<>();

  Heads(Sources sources, Problems problems) {
    this.sources = sources;
    this.problems = problems;
  }

  /** The steps by name, in written order. */
  Map<String, FlowStep> read(Section root) {
    List<YamlNode> items = root.items("flow");
    if (items.isEmpty()) {
      problems.error(
          "missing-key",
          "the file has no steps",
          root.keySpan("flow"),
          "list them under 'flow', each with a name and a source");
    }
    for (YamlNode item : items) {
      root.section(item, "a step of 'flow'", "step").ifPresent(this::step);
    }
    return steps;
  }

  private void step(Section section) {
    Optional<String> written = section.text("name").map(String::strip).filter(n -> !n.isEmpty());
    SourceSpan span = section.has("name") ? section.keySpan("name") : section.span();
    if (written.isEmpty()) {
      problems.error("missing-key", "a step has no name", span, "write name: ...");
    }
    String name = written.orElse("step" + (steps.size() + 1));
    FlowStep step =
        new FlowStep(
            name,
            id(name),
            section,
            sources.of(section, name),
            outputs(section),
            Policy.of(section),
            dependsOn(section),
            span);
    FlowStep twin = steps.putIfAbsent(name, step);
    if (twin != null) {
      problems.error(
          "duplicate-step",
          "there is a step '" + name + "' in line " + twin.span().line() + " already",
          span,
          "give one of them another name: flowtoy itself would run the last one only");
      section.free("input");
      section.close();
    }
  }

  /** A legal name that no other step has. */
  private String id(String name) {
    StringBuilder legal = new StringBuilder();
    name.codePoints()
        .limit(LONGEST_NAME)
        .forEach(
            c ->
                legal.appendCodePoint(
                    c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-') ? c : '-'));
    String base = legal.toString().startsWith("-") ? "_" + legal.substring(1) : legal.toString();
    String id = base;
    for (int i = 2; !ids.add(id); i++) {
      id = base + "-" + i;
    }
    return id;
  }

  private Map<String, SourceSpan> dependsOn(Section section) {
    Map<String, SourceSpan> names = new LinkedHashMap<>();
    List<YamlNode> items = section.node("depends_on").map(Section::oneOrMany).orElse(List.of());
    for (YamlNode item : items) {
      section
          .text(item, "an element of 'depends_on'")
          .ifPresent(name -> names.putIfAbsent(name.strip(), item.span()));
    }
    return names;
  }

  private Map<String, Output> outputs(Section section) {
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (YamlNode item : section.items("output")) {
      section
          .section(item, "an output", "output")
          .ifPresent(
              output -> {
                output(output, outputs);
                output.close();
              });
    }
    return outputs;
  }

  private void output(Section section, Map<String, Output> into) {
    Optional<String> name = section.text("name").filter(text -> !text.isBlank());
    SourceSpan span = section.has("name") ? section.keySpan("name") : section.span();
    if (name.isEmpty() || name.get().length() > LONGEST_NAME) {
      problems.error("missing-key", "an output has no name, or a very long one", span, "");
    }
    Optional<String> type = section.text("type");
    Optional<String> query = Optional.empty();
    if (type.filter("jmespath"::equals).isPresent()) {
      query = Optional.of(query(section, name.orElse("")));
    } else if (type.isPresent() && !type.get().equals("json")) {
      problems.warning(
          "output-type",
          "'" + type.get() + "' is no type of output: it is the whole result, as for 'json'",
          section.keySpan("type"),
          "write json or jmespath");
    }
    if (name.isPresent() && into.containsKey(name.get())) {
      problems.error(
          "duplicate-output",
          "the step has an output '" + name.get() + "' already",
          span,
          "give one of them another name");
    } else if (name.isPresent()) {
      into.put(name.get(), new Output.Data(query, span));
    }
  }

  private String query(Section section, String name) {
    Optional<String> query = section.text("value");
    if (query.filter(text -> !text.isBlank()).isEmpty()) {
      problems.error(
          "missing-key",
          "the output '" + name + "' has no JMESPath",
          section.span(),
          "write value: user.id; '@' is the whole result");
    } else if (!Jinja.isPlain(query.get())) {
      problems.warning(
          "output-template",
          "a JMESPath is not a template: the output '" + name + "' is null",
          section.keySpan("value"),
          "name a field, such as user.id");
    }
    return query.orElse("@");
  }
}
