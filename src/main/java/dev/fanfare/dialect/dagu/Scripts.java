package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The scripts of steps: what runs, and who reads it. */
final class Scripts {

  private static final Set<String> SHELLS = Set.of("sh", "dash", "ash", "bash", "ksh", "zsh");

  /**
   * What a script is.
   *
   * @param shell who reads it; the usual shell where absent
   */
  record Script(String text, Optional<String> shell) {

    /** Whether a shell reads it that knows variables. */
    boolean isShell() {
      return shell.map(Script::isShell).orElse(true);
    }

    private static boolean isShell(String words) {
      String program = words.strip().split("\\s+", 2)[0];
      return SHELLS.contains(program.substring(program.lastIndexOf('/') + 1));
    }
  }

  private final Place place;

  Scripts(Place place) {
    this.place = place;
  }

  /** The script of a step that is a command, a script, or both. */
  Script of(Draft draft, Kinds.Action action) {
    if (draft.fields.isEmpty() || !draft.plain.isEmpty()) {
      return new Script(draft.plain, place.shell);
    }
    Fields fields = draft.fields.get();
    Optional<String> shell = shell(fields, action);
    return switch (action.type()) {
      case "shell" -> shell(fields, shell);
      case "exec" -> new Script(exec(fields, action), shell);
      default -> new Script(new Programs(place).script(fields, action), Optional.empty());
    };
  }

  private Script shell(Fields fields, Optional<String> shell) {
    Optional<String> script = fields.text("script");
    Optional<YamlNode> command = fields.node("command").or(() -> fields.node("run"));
    if (script.isEmpty()) {
      if (command.isEmpty()) {
        fields.badValue(
            fields.span(), "the step has nothing to do", "give it a 'command' or a 'script'");
      }
      return new Script(command.map(value -> command(fields, value)).orElse(""), shell);
    }
    Optional<String> interpreter =
        command.map(value -> interpreter(fields, value)).or(() -> shebang(script.get()));
    return new Script(script.get(), interpreter.or(() -> shell));
  }

  private static Optional<String> shebang(String script) {
    String first = script.lines().findFirst().orElse("");
    return first.startsWith("#!")
        ? Optional.of(first.substring(2).strip()).filter(words -> !words.isEmpty())
        : Optional.empty();
  }

  private static String interpreter(Fields fields, YamlNode command) {
    return Section.oneOrMany(command).stream()
        .flatMap(word -> fields.section().text(word, "'command'").stream())
        .collect(Collectors.joining(" "));
  }

  private String command(Fields fields, YamlNode command) {
    if (!(command instanceof Sequence words)) {
      return fields.section().text(command, "'command'").orElse("");
    }
    List<String> texts = new ArrayList<>();
    words.items().forEach(word -> fields.section().text(word, "'command'").ifPresent(texts::add));
    return place.age == Age.NEW
        ? String.join("\n", texts)
        : texts.stream().map(Texts::live).collect(Collectors.joining(" "));
  }

  private static String exec(Fields fields, Kinds.Action action) {
    Optional<Fields> exec =
        fields.has("exec")
            ? fields.section("exec", "exec")
            : action.config().flatMap(with -> fields.section(with, "'with'", "exec"));
    if (exec.isEmpty()) {
      return "";
    }
    List<String> words = new ArrayList<>();
    exec.get().text("command").ifPresent(words::add);
    words.addAll(exec.get().texts("args"));
    exec.get().close();
    return words.stream().map(Texts::live).collect(Collectors.joining(" "));
  }

  private Optional<String> shell(Fields fields, Kinds.Action action) {
    Optional<Fields> with =
        action.type().equals("shell")
            ? action.config().flatMap(value -> fields.section(value, "'with'", "run_with"))
            : Optional.empty();
    Optional<String> shell = words(fields).or(() -> with.flatMap(Scripts::words));
    with.ifPresent(Fields::close);
    return shell.or(() -> place.shell);
  }

  /** {@code shell} and {@code shell_args} as one line. */
  static Optional<String> words(Fields fields) {
    List<String> words = new ArrayList<>(fields.texts("shell"));
    List<String> args = fields.texts("shell_args");
    if (words.isEmpty()) {
      return Optional.empty();
    }
    words.addAll(args);
    return Optional.of(String.join(" ", words));
  }

  /** A text of a key that a program is given. */
  static String text(YamlNode node) {
    return node instanceof Scalar scalar ? scalar.text() : Json.text(node);
  }
}
