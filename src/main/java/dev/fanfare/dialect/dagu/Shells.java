package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.dagu.Conditions.Condition;
import dev.fanfare.dialect.dagu.Piece.Reference;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Steps that a script does: its text, its variables, its outputs. */
final class Shells {

  /** The output that holds all that a script printed, where somebody asks for it. */
  static final String STDOUT = "DAGU_STDOUT";

  private static final Pattern LOG_PATH =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\.(stdout|stderr)\\}");

  private static final Pattern FREE = Pattern.compile("[A-Z][A-Z0-9_]*|[1-9]");
  private static final Pattern RESERVED = Pattern.compile("(FANFARE|DAGU|DAG|BASH|LC)_.*");

  /** What a script does not expand: text in single quotes, and comments. */
  private static final Pattern UNREAD = Pattern.compile("(?m)(?<![\\w$'\"])#.*$|'[^'\\n]*+'");

  /**
   * A script that is ready to run.
   *
   * @param env variables that the step adds to those of the document
   */
  record Made(Work.Run run, Map<String, Template> env, Map<String, Output> outputs) {}

  private final Place place;
  private final Scope scope;

  /** Names of variables that steps upstream have set. */
  private final List<String> inherited;

  private final Map<String, Template> env = new LinkedHashMap<>();
  private final List<String> exports = new ArrayList<>();

  Shells(Place place, Scope scope, List<String> inherited) {
    this.place = place;
    this.scope = scope;
    this.inherited = inherited;
  }

  Made of(Draft draft, Kinds.Action action, List<Condition> checks) {
    environment(draft);
    Scripts.Script script = new Scripts(place).of(draft, action);
    List<String> commands = new ArrayList<>();
    Map<String, Template> texts = new LinkedHashMap<>();
    String text = script.text();
    if (script.isShell()) {
      text = logPaths(draft, text);
      String all =
          text + "\n" + String.join("\n", checks.stream().map(Condition::command).toList());
      free(all, commands);
      prelude(draft, all, checks, commands);
      texts(draft, all, texts);
    } else {
      refuseChecks(draft, checks);
      replaced(text, texts);
    }
    commands.add(text);
    Work.Run run =
        new Work.Run(
            commands,
            script.shell(),
            Optional.of(new Folders(place).workdir(draft.fields, scope, draft.span)),
            image(draft),
            texts);
    return new Made(run, env, new Outputs(place).of(draft));
  }

  /** A script of conditions alone, in front of a step that is none itself. */
  Made check(Draft draft, List<Condition> checks) {
    environment(draft);
    List<String> commands = new ArrayList<>();
    Map<String, Template> texts = new LinkedHashMap<>();
    String all = String.join("\n", checks.stream().map(Condition::command).toList());
    free(all, commands);
    prelude(draft, all, checks, commands);
    texts(draft, all, texts);
    Work.Run run =
        new Work.Run(
            commands,
            Optional.empty(),
            Optional.of(new Folders(place).workdir(draft.fields, scope, draft.span)),
            Optional.empty(),
            texts);
    return new Made(run, env, Map.of());
  }

  /** A script that prints whether a condition holds, such as that of a loop. */
  Made test(Draft draft, Condition condition) {
    Made made = check(draft, List.of());
    Map<String, Template> texts = new LinkedHashMap<>();
    List<String> commands = new ArrayList<>(made.run().commands());
    free(condition.command(), commands);
    texts(draft, condition.command(), texts);
    commands.add("if " + condition.command() + "; then echo met; else echo unmet; fi");
    return new Made(
        new Work.Run(commands, Optional.empty(), made.run().workdir(), Optional.empty(), texts),
        env,
        Map.of());
  }

  /** Variables of the run, those of the steps before it, its own: later ones win. */
  private void environment(Draft draft) {
    for (String name : place.late) {
      env.put(name, Cel.template(place.scope.source(name), draft.span));
    }
    env.putAll(place.imageEnv);
    for (String name : inherited) {
      env.put(name, Cel.template(scope.source(name), draft.span));
    }
    String title = draft.title.isEmpty() ? draft.name : draft.title;
    env.put("DAG_RUN_STEP_NAME", Cel.literal(title, draft.span));
    if (place.status) {
      env.put("DAG_RUN_STATUS", Cel.template(Words.RUN_STATUS, draft.span));
    }
    place.defaults.ifPresent(defaults -> Env.read(defaults, "env").forEach(this::variable));
    draft.fields.ifPresent(fields -> Env.read(fields, "env").forEach(this::variable));
  }

  private void variable(Env.Entry entry) {
    if (entry.needsShell(scope)) {
      exports.add("export " + entry.name() + "=" + Texts.live(entry.text()));
      env.remove(entry.name());
      return;
    }
    env.put(entry.name(), Words.template(entry.text(), scope, entry.span()));
    scope.variables.put(entry.name(), Words.text(entry.text(), scope));
  }

  private void prelude(Draft draft, String text, List<Condition> checks, List<String> commands) {
    commands.addAll(Prelude.dotenv(place.dotenv, scope.variables.keySet()));
    if (Pattern.compile("\\$(?:\\{?[1-9@*#]|@)").matcher(text).find()) {
      List<String> names = place.positions;
      int count = Math.max(names.size(), highest(text));
      for (int i = 1; i <= count; i++) {
        String name = i <= names.size() ? names.get(i - 1) : Integer.toString(i);
        String value = scope.params.getOrDefault(name, Scope.given(name));
        env.put("DAGU_PARAM_" + i, Cel.template(value, draft.span));
      }
      if (count > 0) {
        commands.add(Prelude.positions(count));
      }
    }
    if (text.contains("DAGU_OUTPUT_FILE")) {
      commands.add("export DAGU_OUTPUT_FILE=\"$FANFARE_OUTPUT\"");
    }
    commands.addAll(exports);
    draft.fields.ifPresent(
        fields -> {
          for (String stream : List.of("stdout", "stderr")) {
            fields.text(stream).ifPresent(path -> commands.addAll(Prelude.copy(stream, path)));
          }
        });
    checks.forEach(check -> commands.add(Conditions.skipUnless(check)));
  }

  private static int highest(String text) {
    return Texts.everyReference(text).stream()
        .map(Reference::name)
        .filter(name -> name.matches("[1-9]"))
        .mapToInt(Integer::parseInt)
        .max()
        .orElse(0);
  }

  /** {@code ${id.stdout}} becomes the path of a file with what the step printed. */
  private String logPaths(Draft draft, String text) {
    return LOG_PATH
        .matcher(text)
        .replaceAll(
            found -> {
              Draft read = scope.steps.get(found.group(1));
              if (read == null) {
                return java.util.regex.Matcher.quoteReplacement(found.group());
              }
              String name =
                  "DAGU_"
                      + found.group(2).toUpperCase(java.util.Locale.ROOT)
                      + "_"
                      + found.group(1);
              boolean out = found.group(2).equals("stdout") && read.kind == Draft.Kind.SHELL;
              if (!out) {
                place.problems.warning(
                    "dagu-no-log-file",
                    "what '"
                        + found.group(1)
                        + "' printed there is not kept apart: the file is empty",
                    draft.span,
                    "read its standard output, or let the step write a file");
              }
              String value = out ? read.output(STDOUT) + ".orValue(\"\")" : "\"\"";
              String file = "$FANFARE_SCRATCH/" + found.group(1) + "." + found.group(2);
              env.put(name, Cel.template(value, draft.span));
              exports.add("printf '%s\\n' \"$" + name + "\" > \"" + file + "\"");
              return java.util.regex.Matcher.quoteReplacement(
                  file.replace("$FANFARE_SCRATCH", "${FANFARE_SCRATCH}"));
            });
  }

  /** Names that nothing sets can be given as parameters, as Dagu takes any. */
  private void free(String script, List<String> commands) {
    String read = UNREAD.matcher(script).replaceAll("");
    for (Reference reference : Texts.everyReference(read)) {
      String name = reference.name();
      if (reference.isPlain()
          && FREE.matcher(name).matches()
          && !RESERVED.matcher(name).matches()
          && !Scope.OF_THE_SHELL.contains(name)
          && !scope.variables.containsKey(name)
          && !isAssigned(read, name)) {
        String given = scope.free(name);
        if (Character.isLetter(name.charAt(0))) {
          env.putIfAbsent("DAGU_GIVEN_" + name, Cel.template(given, place.root.span()));
          String value = "\"$DAGU_GIVEN_" + name + "\"";
          given(commands, "test -z " + value + " || export " + name + "=" + value);
        }
      }
    }
  }

  /** A parameter that is given counts more than a file of variables; one that is not is unset. */
  private static void given(List<String> commands, String line) {
    if (!commands.contains(line)) {
      commands.add(line);
    }
  }

  private boolean isAssigned(String script, String name) {
    String quoted = Pattern.quote(name);
    return exports.stream().anyMatch(line -> line.startsWith("export " + name + "="))
        || Pattern.compile(
                "(?m)(?:^|[\\s;&|(`])"
                    + quoted
                    + "\\+?=|\\b(?:for|read|local|getopts|mapfile)\\b[^;\\n|&]*\\b"
                    + quoted
                    + "\\b")
            .matcher(script)
            .find();
  }

  /** What no shell can expand is replaced in the text. */
  private void texts(Draft draft, String script, Map<String, Template> texts) {
    for (Reference reference : Texts.everyReference(script)) {
      if (!reference.isPlain() || reference.written().equals("${params}")) {
        scope
            .value(reference)
            .ifPresent(value -> texts.put(reference.written(), Cel.template(value, draft.span)));
      }
    }
  }

  /** A script that no shell reads gets its values as text. */
  private void replaced(String script, Map<String, Template> texts) {
    for (Reference reference : Texts.everyReference(script)) {
      boolean known =
          !reference.isPlain()
              || scope.variables.containsKey(reference.name())
              || reference.name().equals("params");
      if (known && reference.written().startsWith("${")) {
        scope
            .value(reference)
            .ifPresent(
                value -> texts.put(reference.written(), Cel.template(value, place.root.span())));
      }
    }
  }

  private void refuseChecks(Draft draft, List<Condition> checks) {
    if (!checks.isEmpty()) {
      throw new IllegalStateException("'" + draft.name + "' is no shell step");
    }
  }

  private Optional<String> image(Draft draft) {
    Optional<YamlNode> container = draft.fields.flatMap(fields -> fields.node("container"));
    if (container.isEmpty()) {
      return place.image;
    }
    Fields fields = draft.fields.get();
    if (container.get() instanceof Mapping) {
      Fields written = fields.section("container", "container").orElseThrow();
      Optional<String> image = written.text("image");
      Env.read(written, "env").forEach(this::variable);
      written.close();
      return image;
    }
    return fields.section().text(container.get(), "'container'");
  }

  static List<YamlNode> items(YamlNode node) {
    return Section.oneOrMany(node);
  }
}
