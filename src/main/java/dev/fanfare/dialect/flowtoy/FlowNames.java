package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Cel;
import dev.fanfare.dialect.flowtoy.jinja.Names;
import dev.fanfare.dialect.flowtoy.jinja.Untranslatable;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the names in the templates of one step stand for; notes which steps it reads. */
final class FlowNames {

  /** A JMESPath that is a path and nothing else. */
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*|\\[[0-9]{1,6}\\])*");

  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final Set<String> OF_INPUT = Set.of("raw", "input", "json");

  private final Map<String, FlowStep> steps;
  private final Sources sources;
  private final Set<String> secrets;
  private final Problems problems;
  private final Map<String, SourceSpan> read = new LinkedHashMap<>();
  private @Nullable Payload payload;

  /**
   * @param secrets takes up the variables of the environment that are read
   */
  FlowNames(Map<String, FlowStep> steps, Sources sources, Set<String> secrets, Problems problems) {
    this.steps = steps;
    this.sources = sources;
    this.secrets = secrets;
    this.problems = problems;
  }

  /** Steps that are read, and where first. */
  Map<String, SourceSpan> reads() {
    return read;
  }

  /** From here on templates see the input: {@code raw}, {@code input}, {@code json}. */
  void see(Payload input) {
    payload = input;
  }

  /** The names in one text. */
  Names in(Scalar scalar) {
    return new Names() {
      @Override
      public Reading read(List<String> path, int at) {
        return FlowNames.this.read(path, at, () -> scalar.cursor().at(at));
      }

      @Override
      public void warn(String complaint, int at) {
        problems.warning(
            "template-undefined",
            complaint,
            scalar.cursor().at(at),
            "the step will fail there; declare the output, or write | default(...)");
      }

      @Override
      public Optional<Cel> call(String function, List<String> arguments, int at) {
        return FlowNames.this.call(function, arguments, at);
      }
    };
  }

  private Names.Reading read(
      List<String> path, int at, java.util.function.Supplier<SourceSpan> place) {
    Payload seen = payload;
    if (seen != null && OF_INPUT.contains(path.getFirst())) {
      return ofInput(seen, path.getFirst());
    }
    return switch (path.getFirst()) {
      case "flows" -> flows(path, at, place);
      case "sources" -> sources(path, at);
      case "steps" ->
          throw new Untranslatable(
              at, "unknown-name", "templates have no 'steps'", "write flows.STEP.OUTPUT");
      default ->
          throw new Untranslatable(
              at,
              "unknown-name",
              "templates have no '" + path.getFirst() + "'",
              "there are flows.STEP.OUTPUT and sources.SOURCE.NAME; in a command with pass_to:"
                  + " template also raw, input and json");
    };
  }

  private static Names.Reading ofInput(Payload payload, String name) {
    Cel cel =
        switch (name) {
          case "json" -> payload.json();
          case "input" -> payload.value();
          default -> payload.text();
        };
    return new Names.Reading(cel, "optional.of(" + cel.text() + ")", 1, "");
  }

  private Names.Reading flows(
      List<String> path, int at, java.util.function.Supplier<SourceSpan> place) {
    if (path.size() < 2) {
      throw new Untranslatable(
          at,
          "template-untranslatable",
          "'flows' as a whole has no translation",
          "name the step and its output: flows.STEP.OUTPUT");
    }
    FlowStep step = steps.get(path.get(1));
    if (step == null) {
      throw new Untranslatable(
          at,
          "unknown-step",
          "there is no step '" + path.get(1) + "'",
          near(path.get(1), steps.keySet(), "the steps are " + String.join(", ", steps.keySet())));
    }
    read.putIfAbsent(step.name(), place.get());
    if (path.size() < 3) {
      return new Names.Reading(Cel.any(step.cel() + ".output"), step.cel() + ".?output", 2, "");
    }
    return output(step, path, at);
  }

  private Names.Reading output(FlowStep step, List<String> path, int at) {
    String name = path.get(2);
    if (!(step.outputs().get(name) instanceof Output.Data output)) {
      String known =
          step.outputs().isEmpty()
              ? "; it has none"
              : "; it has " + String.join(", ", step.outputs().keySet());
      return new Names.Reading(
          Cel.any(Cel.member(step.cel() + ".output", name)),
          "optional.none()",
          3,
          "the step '" + step.name() + "' has no output '" + name + "'" + known);
    }
    if (step.isEnv()) {
      Optional<String> field = output.jmespath().filter(query -> !query.equals("@"));
      if (field.isEmpty()) {
        return variable(step.variables(), "the step '" + step.name() + "'", path, 3, at);
      }
      if (step.variables().contains(field.get())) {
        return secret(field.get(), 3);
      }
    }
    return new Names.Reading(
        Cel.any(Cel.member(step.cel() + ".output", name)),
        Cel.optional(step.cel() + ".?output", name),
        3,
        "");
  }

  private Names.Reading sources(List<String> path, int at) {
    Source source = path.size() < 2 ? null : sources.find(path.get(1)).orElse(null);
    if (source == null) {
      String name = path.size() < 2 ? "" : path.get(1);
      throw new Untranslatable(
          at,
          "unknown-source",
          name.isEmpty()
              ? "'sources' as a whole has no translation"
              : "there is no source '" + name + "'",
          near(name, sources.names(), "write sources.SOURCE.NAME"));
    }
    if (source.provider() == Source.Provider.ENV) {
      return variable(source.variables(), "the source '" + source.name() + "'", path, 2, at);
    }
    return SourceValues.read(source, path, at);
  }

  /** One of the variables of an {@code env} source, or of a step that calls one. */
  private Names.Reading variable(
      List<String> variables, String of, List<String> path, int index, int at) {
    if (path.size() <= index) {
      throw new Untranslatable(
          at,
          "template-secret",
          of + " hands on variables of the environment one by one",
          "name the variable");
    }
    String name = path.get(index);
    if (!variables.contains(name)) {
      throw new Untranslatable(
          at,
          "unknown-variable",
          of + " has no variable '" + name + "'",
          near(name, variables, "list it under 'vars'"));
    }
    return secret(name, index + 1);
  }

  private Names.Reading secret(String name, int used) {
    secrets.add(name);
    Cel cel = new Cel(Cel.member("secrets", name), Cel.Kind.SECRET);
    return new Names.Reading(cel, cel.text(), used, "");
  }

  private static String near(String name, Iterable<String> known, String otherwise) {
    List<String> names = new java.util.ArrayList<>();
    known.forEach(names::add);
    Function<String, String> ask = found -> "did you mean '" + found + "'?";
    return Nearest.to(name, names).map(ask).orElse(otherwise);
  }

  private Optional<Cel> call(String function, List<String> arguments, int at) {
    Payload seen = payload;
    if (seen == null || !function.equals("jmespath") || arguments.size() != 1) {
      return Optional.empty();
    }
    String query = arguments.getFirst();
    if (query.equals("@")) {
      return Optional.of(seen.json());
    }
    if (!PATH.matcher(query).matches()) {
      throw new Untranslatable(
          at,
          "template-untranslatable",
          "the JMESPath '" + query + "' has no translation in a template",
          "a path such as users[0].name has one; let an output of another step do the rest");
    }
    StringBuilder cel = new StringBuilder(seen.json().text());
    for (String part : query.split("\\.|(?=\\[)", -1)) {
      cel.append(WORD.matcher(part).matches() ? Cel.optional("", part) : part.replace("[", "[?"));
    }
    return Optional.of(Cel.any(cel.append(".orValue(null)").toString()));
  }
}
