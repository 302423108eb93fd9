package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.circleci.Library.Kind;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The top of a file: its version, its parameters, what it defines. */
final class ConfigReader {

  private static final int MAX_ORB_DEPTH = 10;

  private static final Set<String> ROOT =
      Set.of(
          "version",
          "setup",
          "orbs",
          "commands",
          "executors",
          "jobs",
          "job-groups",
          "parameters",
          "workflows");

  private final Fields fields;
  private final ImportInputs inputs;
  private final PipelineValues pipeline;
  private final Map<String, Param> params = new LinkedHashMap<>();

  ConfigReader(Fields fields, ImportInputs inputs, PipelineValues pipeline) {
    this.fields = fields;
    this.inputs = inputs;
    this.pipeline = pipeline;
  }

  /** The parameters of the pipeline as parameters of runs. */
  Map<String, Param> params() {
    return params;
  }

  /** Whether {@code << >>} means something: in every version but 2. */
  boolean templated(Section root) {
    Optional<String> version = root.text("version");
    switch (version.orElse("")) {
      case "2", "2.0" -> {
        return false;
      }
      case "2.1" -> {
        return true;
      }
      default ->
          fields
              .problems()
              .error(
                  version.isPresent() ? "bad-value" : "missing-key",
                  version
                      .map(text -> "'" + text + "' is no version of CircleCI's configuration")
                      .orElse("a CircleCI file needs 'version'"),
                  version.isPresent() ? root.keySpan("version") : root.span(),
                  "versions are 2 and 2.1");
    }
    return true;
  }

  /** Pipeline parameters have the value that the run gives, or their default. */
  void parameters(Section root, boolean templated) {
    Map<String, Parameter> declared = new Parameters(fields, false).declared(root, true);
    Scope scope = Scope.of(templated, pipeline);
    declared.forEach(
        (name, parameter) -> {
          Optional<Value> fallback =
              parameter
                  .fallback()
                  .filter(Scalar.class::isInstance)
                  .map(node -> fields.rendering().value((Scalar) node, scope));
          fallback.ifPresent(value -> check(parameter, value));
          params.put(name, param(parameter, fallback));
          Value value =
              inputs
                  .param(name)
                  .map(ConfigReader::given)
                  .or(() -> fallback)
                  .orElseGet(parameter::placeholder);
          pipeline.parameter(name, conforming(parameter, value));
        });
  }

  private static Value given(Object value) {
    return switch (value) {
      case Boolean flag -> Value.of(flag);
      case Number number -> Value.of(number.doubleValue());
      default -> new Value.Text(String.valueOf(value));
    };
  }

  /** What a command line gives is text; what does not fit is for the check of the run to refuse. */
  private Value conforming(Parameter parameter, Value value) {
    String text = value.shown();
    return switch (parameter.type()) {
      case BOOLEAN -> value instanceof Value.Flag ? value : Value.of(text.equals("true"));
      case INTEGER -> text.matches("-?[0-9]{1,15}") ? Value.of(Double.parseDouble(text)) : value;
      case ENUM -> {
        check(parameter, value);
        yield new Value.Text(text);
      }
      case STRING, EXECUTOR, STEPS, ENV_VAR_NAME -> new Value.Text(text);
    };
  }

  private void check(Parameter parameter, Value value) {
    boolean good =
        switch (parameter.type()) {
          case ENUM -> parameter.values().contains(value.shown());
          case BOOLEAN -> value instanceof Value.Flag;
          case INTEGER -> value instanceof Value.Numeric number && number.isWhole();
          case STRING, EXECUTOR, STEPS, ENV_VAR_NAME ->
              value instanceof Value.Text || value instanceof Value.Nothing;
        };
    if (!good) {
      fields
          .problems()
          .error(
              "wrong-argument",
              "the parameter '"
                  + parameter.name()
                  + "' must be "
                  + parameter.allowed()
                  + ", found '"
                  + value.shown()
                  + "'",
              parameter.span(),
              "");
    }
  }

  private static Param param(Parameter parameter, Optional<Value> fallback) {
    Param.Type type =
        switch (parameter.type()) {
          case BOOLEAN -> Param.Type.BOOLEAN;
          case INTEGER -> Param.Type.INTEGER;
          case STRING, ENUM, EXECUTOR, STEPS, ENV_VAR_NAME -> Param.Type.STRING;
        };
    @Nullable Object value = fallback.map(each -> plain(type, each)).orElse(null);
    return new Param(
        parameter.name(), type, value == null, value != null, value, "", parameter.span());
  }

  private static Object plain(Param.Type type, Value value) {
    return switch (value) {
      case Value.Flag flag when type == Param.Type.BOOLEAN -> flag.flag();
      case Value.Numeric number when type == Param.Type.INTEGER -> (long) number.number();
      case Value other -> other.shown();
    };
  }

  /** A parameter that Fanfare adds, for what no file of CircleCI says. */
  void param(String name, Param.Type type, Object fallback, String description) {
    params.putIfAbsent(
        name, new Param(name, type, false, true, fallback, description, SourceSpan.NONE));
  }

  /** Everything that has a name. */
  Library library(Section root) {
    Library library = Library.root();
    define(root, library, 0);
    for (Entry entry :
        root.section("job-groups", "job-groups").map(Section::entries).orElse(List.of())) {
      named("job-groups", entry);
      library.define(Kind.GROUP, entry);
    }
    return library;
  }

  private void define(Section owner, Library library, int depth) {
    define(owner, "commands", Kind.COMMAND, library);
    define(owner, "executors", Kind.EXECUTOR, library);
    define(owner, "jobs", Kind.JOB, library);
    for (Entry entry : owner.section("orbs", "orbs").map(Section::entries).orElse(List.of())) {
      named("orbs", entry);
      orb(owner, entry, library, depth);
    }
  }

  private void define(Section owner, String key, Kind kind, Library library) {
    for (Entry entry : owner.section(key, key).map(Section::entries).orElse(List.of())) {
      named(key, entry);
      library.define(kind, entry);
    }
  }

  /** Notes that a name in a section of names was read. */
  private void named(String section, Entry entry) {
    fields.ledger().open(section, new Mapping(List.of(entry), entry.keySpan())).read(entry);
  }

  private void orb(Section owner, Entry entry, Library library, int depth) {
    switch (entry.value()) {
      case Scalar source when !source.isNull() -> library.fetched(entry.key(), source.text());
      case Mapping map when depth < MAX_ORB_DEPTH -> {
        Section section = fields.ledger().open("orb", map);
        define(section, library.orb(entry.key()), depth + 1);
        section.close();
      }
      case YamlNode other ->
          owner.wrongType(other, "the orb '" + entry.key() + "'", "a reference or a mapping");
    }
  }

  /** Keys at the top that CircleCI does not read: they carry anchors, or are slips. */
  void others(Section root) {
    for (Entry entry : root.entries()) {
      if (!ROOT.contains(entry.key())) {
        boolean slip = Nearest.to(entry.key(), ROOT).isPresent();
        if (slip) {
          root.withoutEffect(entry.key());
        } else {
          root.read(entry);
          fields.ledger().settleAll(entry.value());
        }
      }
    }
  }
}
