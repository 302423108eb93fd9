package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Freestyle steps: commands run as a script in the workspace; an image that is to run its own
 * program is run with docker, which finds the workspace where Codefresh's volume would be.
 */
final class FreestyleBodies {

  /** The set of programs that the worker puts beside Codefresh's scripts. */
  static final Optional<String> TOOLS = Optional.of("codefresh");

  private static final List<String> SHELLS = List.of("sh", "bash");

  private final Context context;

  FreestyleBodies(Context context) {
    this.context = context;
  }

  Bodies.Made read(StepNode node, Section step, Place place) {
    Optional<String> image = step.text("image");
    if (image.isEmpty()) {
      context
          .problems()
          .error(
              "missing-key",
              "the step '" + node.id + "' has no image",
              node.span,
              "a freestyle step needs one: 'image: alpine'");
    }
    folder(step, node);
    List<Scalar> commands = words(step, "commands");
    boolean own = step.has("cmd") || step.has("entry_point");
    if (own && !commands.isEmpty()) {
      context
          .problems()
          .error(
              "contradiction",
              "the step '" + node.id + "' has 'commands' and the image's own program",
              step.keySpan(step.has("cmd") ? "cmd" : "entry_point"),
              "keep 'commands', or 'cmd' and 'entry_point'");
    }
    return commands.isEmpty()
        ? container(node, step, place, image.orElse(""))
        : script(node, step, place, image, commands);
  }

  private Bodies.Made script(
      StepNode node, Section step, Place place, Optional<String> image, List<Scalar> commands) {
    Texts.Script script = context.texts().script(commands, place);
    List<String> lines = new ArrayList<>();
    Map<String, Template> env = new LinkedHashMap<>();
    if (step.has("retry")) {
      lines.add("CF_CURRENT_ATTEMPT=$FANFARE_ATTEMPT; export CF_CURRENT_ATTEMPT");
      env.put("CF_MAX_ATTEMPTS", attempts(step));
    }
    lines.addAll(script.commands());
    Work work = new Work.Run(lines, shell(step), workdir(node, step), image, script.texts(), TOOLS);
    return Bodies.Made.of(work, env);
  }

  private Template attempts(Section step) {
    return new Template.Literal(
        String.valueOf(new Policies(context).retry(step).attempts()), step.keySpan("retry"));
  }

  private Optional<String> shell(Section step) {
    Optional<String> shell = step.text("shell");
    if (shell.isPresent() && !SHELLS.contains(shell.get())) {
      context
          .problems()
          .error(
              "bad-value",
              "'shell' cannot be '" + shell.get() + "'",
              step.keySpan("shell"),
              "it is sh or bash");
    }
    return shell;
  }

  /** Reads the folder of a step, under either of its names. */
  void folder(Section step, StepNode node) {
    Optional<String> written =
        step.text("working_directory").or(() -> step.text("working-directory"));
    if (written.isPresent() && written.get().equals("IMAGE_WORK_DIR")) {
      context
          .problems()
          .warning(
              "no-image-folder",
              "the step '" + node.id + "' works in the workspace: no image is started for it",
              step.keySpan("working_directory"),
              "name a folder of the workspace");
    }
  }

  /** The folder of a step as the workdir of a script; none for the workspace itself. */
  Optional<Template> workdir(StepNode node, Section step) {
    String folder = context.variables().steps().workdir(node);
    SourceSpan span = step.keySpan("working_directory");
    return folder.isEmpty()
        ? Optional.empty()
        : Optional.of(context.texts().template(folder, span, Place.of(node)));
  }

  /** One text or a list of them. */
  List<Scalar> words(Section step, String key) {
    List<Scalar> words = new ArrayList<>();
    for (YamlNode item : step.node(key).map(Section::oneOrMany).orElse(List.of())) {
      if (item instanceof Scalar scalar && !scalar.isNull()) {
        words.add(scalar);
      } else {
        step.wrongType(item, "'" + key + "'", "a command or a list of commands");
      }
    }
    return words;
  }

  /** The image runs its own program, with docker. */
  private Bodies.Made container(StepNode node, Section step, Place place, String image) {
    Map<String, Template> env = new LinkedHashMap<>();
    StringBuilder command =
        new StringBuilder("docker run --rm -v \"$CF_VOLUME_PATH:")
            .append(StepViews.VOLUME)
            .append("\" -e CF_VOLUME_PATH=")
            .append(StepViews.VOLUME);
    String folder = context.variables().steps().workdir(node);
    if (!folder.startsWith("/")) {
      env.put("CF_STEP_FOLDER", text(StepViews.onVolume(folder), node, place));
      command.append(" -w \"$CF_STEP_FOLDER\"");
    }
    place.env().keySet().forEach(name -> command.append(" -e ").append(name));
    for (Scalar volume : words(step, "volumes")) {
      String host = volume.text().replaceFirst("^\\./", "");
      command.append(argument(env, " -v ", "$CF_VOLUME_PATH/" + host, volume, place));
    }
    List<Scalar> entry = words(step, "entry_point");
    if (!entry.isEmpty()) {
      command.append(
          argument(env, " --entrypoint ", entry.getFirst().text(), entry.getFirst(), place));
    }
    env.put("CF_STEP_IMAGE", text(image, node, place));
    command.append(" \"$CF_STEP_IMAGE\"");
    entry.stream()
        .skip(1)
        .forEach(word -> command.append(argument(env, " ", word.text(), word, place)));
    for (Scalar word : words(step, "cmd")) {
      command.append(argument(env, " ", word.text(), word, place));
    }
    Work work =
        new Work.Run(
            List.of(command.toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            TOOLS);
    return Bodies.Made.of(work, env);
  }

  /** A word of the command line, handed over in a variable: no value can become code. */
  private String argument(
      Map<String, Template> env, String option, String word, Scalar at, Place place) {
    String name = "CF_STEP_ARG_" + (env.size() + 1);
    boolean below = word.startsWith("$CF_VOLUME_PATH/");
    String value = below ? word.substring("$CF_VOLUME_PATH/".length()) : word;
    env.put(name, context.texts().template(value, at.span(), place));
    return option + "\"" + (below ? "$CF_VOLUME_PATH/" : "") + "$" + name + "\"";
  }

  private Template text(String text, StepNode node, Place place) {
    return context.texts().template(text, node.span, place);
  }
}
