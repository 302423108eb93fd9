package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.circleci.Action.When;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The steps that CircleCI has itself. */
final class BuiltInSteps {

  static final Duration SILENCE = Duration.ofMinutes(10);

  private static final Duration MAX_SILENCE = Duration.ofHours(24);
  private static final Duration MAX_DELAY = Duration.ofMinutes(10);
  private static final int MAX_TITLE = 120;

  /** Steps that are nothing without a value. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "run",
          "deploy",
          "persist_to_workspace",
          "attach_workspace",
          "store_artifacts",
          "store_test_results",
          "save_cache",
          "restore_cache");

  private final Fields fields;
  private final String shell;

  BuiltInSteps(Fields fields, String shell) {
    this.fields = fields;
    this.shell = shell;
  }

  /** Reads a step; false where CircleCI has none of that name. */
  boolean read(String name, Entry entry, Scope scope, Consumer<Action> to) {
    switch (name) {
      case "run", "deploy" -> run(name, entry, scope).ifPresent(to);
      case "checkout" -> {
        Section section = section(name, entry);
        section.node("method").ifPresent(any -> {});
        to.accept(
            new Action.Checkout(
                title(section, scope, "Checkout code"),
                fields.text(section, "path", scope).orElse(".")));
        section.close();
      }
      case "persist_to_workspace" -> persist(name, entry, scope).ifPresent(to);
      case "attach_workspace" -> attach(name, entry, scope).ifPresent(to);
      case "store_artifacts", "store_test_results" -> store(name, entry, scope).ifPresent(to);
      case "save_cache" -> save(name, entry, scope).ifPresent(to);
      case "restore_cache" -> restore(name, entry, scope).ifPresent(to);
      case "setup_remote_docker" ->
          here(name, entry, scope, "docker commands use the docker of the machine");
      case "add_ssh_keys" -> here(name, entry, scope, "no key is added: ssh uses its own");
      case "install_signing_bundle" -> {
        fields.ledger().settleAll(entry.value());
        fields
            .problems()
            .error(
                "key-refused",
                "'install_signing_bundle' is not honoured: signing bundles are CircleCI's own",
                entry.keySpan(),
                "remove it");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void here(String name, Entry entry, Scope scope, String consequence) {
    Section section = section(name, entry);
    fields.text(section, "name", scope);
    section.close();
    fields
        .problems()
        .warning(
            "key-not-honoured",
            "'" + name + "' prepares nothing here: " + consequence,
            entry.keySpan(),
            "");
  }

  /** The body of a step as a section; a step that stands alone has an empty one. */
  private Section section(String name, Entry entry) {
    YamlNode value = entry.value();
    if (value instanceof Mapping map) {
      if (map.entries().isEmpty() && WITH_VALUE.contains(name)) {
        fields
            .problems()
            .error("missing-key", "'" + name + "' needs more than its name", entry.keySpan(), "");
      }
      return fields.ledger().open(name.equals("deploy") ? "run" : name, map);
    }
    Section empty = fields.ledger().open(name, new Mapping(List.of(), value.span()));
    if (!Section.isNull(value)) {
      empty.wrongType(value, "'" + name + "'", "a mapping");
    }
    return empty;
  }

  private String title(Section section, Scope scope, String otherwise) {
    String title = fields.text(section, "name", scope).orElse(otherwise).strip();
    String line = title.lines().findFirst().orElse("");
    boolean whole = line.equals(title) && line.length() <= MAX_TITLE;
    return whole ? line : line.substring(0, Math.min(line.length(), MAX_TITLE)) + "...";
  }

  private Optional<Action> run(String name, Entry entry, Scope scope) {
    if (entry.value() instanceof Scalar scalar) {
      String command = fields.rendering().value(scalar, scope).shown();
      if (scalar.text().isBlank()) {
        fields.missing("'" + name + "'", "command", entry.keySpan());
      }
      return Optional.of(
          new Action.Run(
              shortened(command),
              command,
              shell,
              Map.of(),
              ".",
              false,
              When.ON_SUCCESS,
              0,
              Duration.ZERO,
              SILENCE));
    }
    Section section = section(name, entry);
    Optional<String> command = fields.text(section, "command", scope);
    if (command.isEmpty() && section.has("command")) {
      fields.problems().error("missing-key", "'command' is empty", section.keySpan("command"), "");
    } else if (command.isEmpty() && !section.entries().isEmpty()) {
      fields.missing("'" + name + "'", "command", entry.keySpan());
    }
    String text = command.orElse("");
    Optional<Integer> reruns = fields.integer(section, "max_auto_reruns", 1, 5, scope);
    Optional<Duration> delay = fields.duration(section, "auto_rerun_delay", MAX_DELAY, scope);
    if (delay.isPresent() && reruns.isEmpty()) {
      fields
          .problems()
          .error(
              "missing-key",
              "'auto_rerun_delay' needs 'max_auto_reruns'",
              section.keySpan("auto_rerun_delay"),
              "");
    }
    Action.Run run =
        new Action.Run(
            title(section, scope, shortened(text)),
            text,
            fields.text(section, "shell", scope).orElse(shell),
            fields.environment(section, "environment", scope),
            fields.text(section, "working_directory", scope).orElse("."),
            fields.flag(section, "background", scope).orElse(false),
            when(section, scope),
            reruns.orElse(0),
            delay.orElse(Duration.ZERO),
            fields.duration(section, "no_output_timeout", MAX_SILENCE, scope).orElse(SILENCE));
    section.close();
    return Optional.of(run);
  }

  private static String shortened(String command) {
    String line = command.strip().lines().findFirst().orElse("");
    boolean whole = line.equals(command.strip()) && line.length() <= MAX_TITLE;
    return whole ? line : line.substring(0, Math.min(line.length(), MAX_TITLE)) + "...";
  }

  private When when(Section section, Scope scope) {
    Optional<String> written = fields.text(section, "when", scope);
    return switch (written.orElse("on_success").toLowerCase(Locale.ROOT)) {
      case "on_success" -> When.ON_SUCCESS;
      case "on_fail" -> When.ON_FAIL;
      case "always" -> When.ALWAYS;
      default -> {
        section.badValue(
            section.keySpan("when"),
            "'when' is always, on_success or on_fail, found '" + written.orElse("") + "'",
            "");
        yield When.ON_SUCCESS;
      }
    };
  }

  private Optional<Action> persist(String name, Entry entry, Scope scope) {
    Section section = section(name, entry);
    Optional<String> root = required(section, name, "root", scope);
    List<String> paths = fields.texts(section, "paths", scope);
    if (paths.isEmpty() && section.has("root")) {
      fields.missing("'" + name + "'", "paths", entry.keySpan());
    }
    String title = title(section, scope, "Persisting to workspace");
    section.close();
    return root.map(folder -> new Action.Persist(title, folder, paths));
  }

  private Optional<Action> attach(String name, Entry entry, Scope scope) {
    Section section = section(name, entry);
    Optional<String> at = required(section, name, "at", scope);
    String title = title(section, scope, "Attaching workspace");
    section.close();
    return at.map(folder -> new Action.Attach(title, folder));
  }

  private Optional<Action> store(String name, Entry entry, Scope scope) {
    boolean results = name.equals("store_test_results");
    Section section = section(name, entry);
    Optional<String> path = required(section, name, "path", scope);
    String destination = results ? "" : fields.text(section, "destination", scope).orElse("");
    String title = title(section, scope, results ? "Storing test results" : "Storing artifacts");
    section.close();
    String kind = results ? "test-results" : "artifacts";
    return path.map(from -> new Action.Store(title, kind, from, destination));
  }

  private Optional<Action> save(String name, Entry entry, Scope scope) {
    Section section = section(name, entry);
    Optional<String> key = required(section, name, "key", scope);
    List<String> paths = fields.texts(section, "paths", scope);
    if (paths.isEmpty() && section.has("key")) {
      fields.missing("'" + name + "'", "paths", entry.keySpan());
    }
    String title = title(section, scope, "Saving cache");
    When when = when(section, scope);
    section.close();
    return key.map(text -> new Action.SaveCache(title, text, paths, when));
  }

  private Optional<Action> restore(String name, Entry entry, Scope scope) {
    Section section = section(name, entry);
    List<String> keys =
        section.has("keys")
            ? fields.texts(section, "keys", scope)
            : fields.texts(section, "key", scope);
    String title = title(section, scope, "Restoring cache");
    section.close();
    if (keys.isEmpty() && !section.entries().isEmpty()) {
      fields.missing("'" + name + "'", "key", entry.keySpan());
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new Action.RestoreCache(title, keys));
  }

  private Optional<String> required(Section section, String name, String key, Scope scope) {
    Optional<String> value = fields.text(section, key, scope).filter(text -> !text.isBlank());
    if (value.isEmpty() && !section.entries().isEmpty()) {
      fields.missing("'" + name + "'", key, section.span());
    }
    return value;
  }
}
