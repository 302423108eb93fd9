package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Declarations of parameters, and arguments that are checked against them. */
final class Parameters {

  private static final Set<Parameter.Type> OF_PIPELINES =
      Set.of(
          Parameter.Type.STRING,
          Parameter.Type.BOOLEAN,
          Parameter.Type.INTEGER,
          Parameter.Type.ENUM);

  private final Fields fields;
  private final boolean checking;

  /**
   * @param checking whether definitions are only looked at: what is not given is made up
   */
  Parameters(Fields fields, boolean checking) {
    this.fields = fields;
    this.checking = checking;
  }

  /** A value that is handed over: a node in the scope it was written in, or a computed value. */
  sealed interface Argument {
    SourceSpan span();

    record Written(YamlNode node, Scope scope, SourceSpan span) implements Argument {}

    record Ready(Value value, SourceSpan span) implements Argument {}
  }

  /** What {@code parameters} of a section declares. */
  Map<String, Parameter> declared(Section owner, boolean ofPipeline) {
    Map<String, Parameter> declared = new LinkedHashMap<>();
    Optional<Section> section = owner.section("parameters", "parameters");
    for (Entry entry : section.map(Section::entries).orElse(List.of())) {
      section.get().read(entry);
      section
          .get()
          .section(entry.value(), "the parameter '" + entry.key() + "'", "parameter")
          .flatMap(inner -> parameter(entry, inner, ofPipeline))
          .ifPresent(parameter -> declared.put(entry.key(), parameter));
    }
    return declared;
  }

  private Optional<Parameter> parameter(Entry entry, Section section, boolean ofPipeline) {
    section.text("description");
    Optional<String> written = section.text("type");
    List<String> values = section.texts("enum");
    Optional<YamlNode> fallback = fallback(entry, section);
    section.close();
    Optional<Parameter.Type> type = written.flatMap(Parameter.Type::of);
    if (type.isEmpty() || (ofPipeline && !OF_PIPELINES.contains(type.get()))) {
      fields
          .problems()
          .error(
              "bad-value",
              "the parameter '"
                  + entry.key()
                  + "' has "
                  + written.map(t -> "the type '" + t + "'").orElse("no type"),
              written.isPresent() ? section.keySpan("type") : entry.keySpan(),
              "types are string, boolean, integer, enum"
                  + (ofPipeline ? "" : ", executor, steps, env_var_name"));
      return Optional.empty();
    }
    if (type.get() == Parameter.Type.ENUM && values.isEmpty()) {
      fields.missing("an enum parameter", "enum", entry.keySpan());
    }
    return Optional.of(new Parameter(entry.key(), type.get(), values, fallback, entry.keySpan()));
  }

  /** {@code default:} with nothing behind it is a default all the same. */
  private static Optional<YamlNode> fallback(Entry entry, Section section) {
    Optional<YamlNode> written = section.free("default");
    return written.isEmpty() && entry.value() instanceof Mapping map ? map.get("default") : written;
  }

  /**
   * The scope inside of something that was called.
   *
   * @param what it is called in messages: {@code the job 'build'}
   * @param given the arguments by name
   * @param outer where it was called from, for the defaults
   */
  Scope bind(
      String what,
      Map<String, Parameter> declared,
      Map<String, Argument> given,
      Scope outer,
      SourceSpan at) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (Parameter parameter : declared.values()) {
      Argument argument = given.get(parameter.name());
      if (argument != null) {
        values.put(parameter.name(), checked(parameter, value(parameter, argument), argument));
      } else if (parameter.fallback().isPresent()) {
        Argument fallback =
            new Argument.Written(
                parameter.fallback().get(), outer.inside(Map.of()), parameter.span());
        values.put(parameter.name(), checked(parameter, value(parameter, fallback), fallback));
      } else {
        values.put(parameter.name(), absent(what, parameter, at));
      }
    }
    given.forEach(
        (name, argument) -> {
          if (!declared.containsKey(name)) {
            unknown(what, name, declared, argument);
          }
        });
    return outer.inside(values);
  }

  private Value absent(String what, Parameter parameter, SourceSpan at) {
    if (!checking) {
      fields
          .problems()
          .error(
              "missing-argument",
              what + " needs a value for its parameter '" + parameter.name() + "'",
              at,
              "give it one, or give the parameter a default");
    }
    return parameter.placeholder();
  }

  private void unknown(
      String what, String name, Map<String, Parameter> declared, Argument argument) {
    if (argument instanceof Argument.Written written) {
      fields.ledger().settleAll(written.node());
    }
    fields
        .problems()
        .error(
            "unknown-argument",
            what + " has no parameter '" + name + "'",
            argument.span(),
            () ->
                Nearest.to(name, declared.keySet())
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse(
                        declared.isEmpty()
                            ? "it takes none"
                            : "its parameters are " + String.join(", ", declared.keySet())));
  }

  private Value value(Parameter parameter, Argument argument) {
    return switch (argument) {
      case Argument.Ready ready -> ready.value();
      case Argument.Written written -> written(parameter, written);
    };
  }

  private Value written(Parameter parameter, Argument.Written written) {
    return switch (written.node()) {
      case Scalar scalar -> {
        Value value = fields.rendering().value(scalar, written.scope());
        yield value instanceof Value.Nothing && parameter.type() == Parameter.Type.STRING
            ? new Value.Text("")
            : value;
      }
      case Sequence list when parameter.type() == Parameter.Type.STEPS ->
          new Value.Steps(list.items(), written.scope());
      case Mapping map when parameter.type() == Parameter.Type.EXECUTOR ->
          new Value.Executor(map, written.scope());
      case YamlNode other -> {
        fields.ledger().settleAll(other);
        yield Value.of();
      }
    };
  }

  private Value checked(Parameter parameter, Value value, Argument argument) {
    Optional<Value> good = conforming(parameter, value);
    if (good.isPresent()) {
      return good.get();
    }
    String found = value.shown().isEmpty() ? "" : ", found '" + value.shown() + "'";
    if (!checking) {
      fields
          .problems()
          .error(
              "wrong-argument",
              "the parameter '"
                  + parameter.name()
                  + "' must be "
                  + parameter.allowed()
                  + found
                  + ", which is "
                  + value.type(),
              span(argument),
              value instanceof Value.Numeric && parameter.type() == Parameter.Type.STRING
                  ? "put it in quotes"
                  : "");
    }
    return parameter.placeholder();
  }

  private static SourceSpan span(Argument argument) {
    return argument instanceof Argument.Written written ? written.node().span() : argument.span();
  }

  /** The value as one of the parameter's type, where it is one. */
  private static Optional<Value> conforming(Parameter parameter, Value value) {
    return switch (parameter.type()) {
      case STRING -> value instanceof Value.Text ? Optional.of(value) : Optional.empty();
      case INTEGER ->
          value instanceof Value.Numeric number && number.isWhole()
              ? Optional.of(value)
              : Optional.empty();
      case BOOLEAN -> flag(value);
      case ENUM ->
          parameter.values().contains(value.shown())
              ? Optional.of(new Value.Text(value.shown()))
              : Optional.empty();
      case ENV_VAR_NAME ->
          value.shown().matches("[A-Za-z_][A-Za-z0-9_]*") ? Optional.of(value) : Optional.empty();
      case EXECUTOR ->
          value instanceof Value.Text || value instanceof Value.Executor
              ? Optional.of(value)
              : Optional.empty();
      case STEPS -> value instanceof Value.Steps ? Optional.of(value) : Optional.empty();
    };
  }

  /** The words of YAML 1.1 count too, as they do there. */
  private static Optional<Value> flag(Value value) {
    return switch (value) {
      case Value.Flag ignored -> Optional.of(value);
      case Value.Text text ->
          switch (text.text().toLowerCase(Locale.ROOT)) {
            case "yes", "on", "true" -> Optional.of(Value.of(true));
            case "no", "off", "false" -> Optional.of(Value.of(false));
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }
}
