package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.ImportInputs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code ${{NAME}}} stands for. Nearest first: the step's own environment, what earlier steps
 * have exported, the run's parameters, what Codefresh itself would know.
 */
final class Variables {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,127}");

  /** Variables of a shell that nobody means as a parameter of a run. */
  private static final Set<String> OF_A_SHELL =
      Set.of(
          "HOME",
          "PATH",
          "PWD",
          "OLDPWD",
          "USER",
          "SHELL",
          "IFS",
          "LANG",
          "TERM",
          "TMPDIR",
          "HOSTNAME",
          "RANDOM",
          "SECONDS",
          "LINENO",
          "PPID",
          "UID",
          "EUID",
          "OPTARG",
          "OPTIND",
          "BASH_SOURCE",
          "FUNCNAME",
          "BASH_VERSION");

  private final ImportInputs inputs;
  private final StepViews steps;
  private final Exports exports;
  private final Map<String, Param> params = new LinkedHashMap<>();
  private final Map<String, String> secrets = new HashMap<>();

  Variables(ImportInputs inputs, StepViews steps, Exports exports) {
    this.inputs = inputs;
    this.steps = steps;
    this.exports = exports;
  }

  StepViews steps() {
    return steps;
  }

  /** The parameters of the run: variables of the pipeline, and every name that is read. */
  Map<String, Param> params() {
    return params;
  }

  /** A variable of the pipeline with its default. */
  void declare(String name, String value, SourceSpan span) {
    params.put(name, new Param(name, Param.Type.STRING, false, true, value, "", span));
  }

  /** A variable whose value no file shows. */
  void declareSecret(String name) {
    secrets.put(name, name);
  }

  boolean isSecret(String name) {
    return secrets.containsKey(name);
  }

  Set<String> secrets() {
    return secrets.keySet();
  }

  /** A name that a script reads: a run may give it a value. */
  void mention(String name, SourceSpan span) {
    if (!OF_A_SHELL.contains(name) && !name.startsWith("FANFARE_") && !secrets.containsKey(name)) {
      parameter(name, span);
    }
  }

  private void parameter(String name, SourceSpan span) {
    params.computeIfAbsent(
        name, same -> new Param(same, Param.Type.STRING, false, false, null, "", span));
    BuiltIns.source(name)
        .filter(source -> !source.equals(name))
        .ifPresent(source -> parameter(source, span));
  }

  /** The value of a parameter of this very run, where it decides what the file means. */
  Optional<String> known(String name) {
    Optional<String> given = inputs.param(name).map(String::valueOf);
    Param param = params.get(name);
    parameter(name, SourceSpan.NONE);
    return given.isPresent() || param == null || !param.hasDefault()
        ? given
        : Optional.of(String.valueOf(param.defaultValue()));
  }

  /** Whether a run is known to have a value for a parameter. */
  boolean isGiven(String name) {
    return params.containsKey(name)
        && (params.get(name).hasDefault() || inputs.param(name).isPresent());
  }

  /** The text of a variable that every run has the same. */
  Optional<String> fixed(String name, Place place) {
    String own = place.env().get(name);
    if (own != null) {
      return own.contains("${{") ? Optional.empty() : Optional.of(own);
    }
    String step = name.startsWith("parentSteps.") ? name.substring("parentSteps.".length()) : name;
    return steps.index().find(step).flatMap(steps::folder).map(StepViews::onVolume);
  }

  /** CEL for the value of a variable, null where it has none. */
  String orNull(String name, Place place) {
    String own = place.env().get(name);
    if (own != null) {
      Map<String, String> others = new HashMap<>(place.env());
      others.remove(name);
      return new Texts(this).cel(own, place.with(others));
    }
    Optional<String> fixed = fixed(name, place);
    if (fixed.isPresent()) {
      return Cel.quote(fixed.get());
    }
    if (secrets.containsKey(name)) {
      return "secrets." + name;
    }
    Optional<String> ofStep = steps.value(name, place);
    if (ofStep.isPresent()) {
      return ofStep.get();
    }
    if (!NAME.matcher(name).matches() || BuiltIns.OF_THE_SCRIPT.contains(name)) {
      return "null";
    }
    parameter(name, SourceSpan.NONE);
    String otherwise = BuiltIns.find(name).map(known -> "(" + known + ")").orElse("null");
    String given = "params[?" + Cel.quote(name) + "].orValue(" + otherwise + ")";
    return exports.of(name, place, given);
  }

  /** CEL for the text of a variable: as it is written where it has no value. */
  String text(String name, Place place) {
    Optional<String> fixed = fixed(name, place);
    if (fixed.isPresent()) {
      return Cel.quote(fixed.get());
    }
    if (secrets.containsKey(name)) {
      return "secrets." + name;
    }
    return "cel.bind(w, "
        + orNull(name, place)
        + ", w == null ? "
        + Cel.quote("${{" + name + "}}")
        + " : type(w) == map || type(w) == list ? toJson(w) : string(w))";
  }
}
