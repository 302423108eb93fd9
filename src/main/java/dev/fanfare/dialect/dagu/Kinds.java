package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Map;
import java.util.Optional;

/** What kind of work a step does, and what it leaves for others to read. */
final class Kinds {

  /** Executors and actions by other names. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("", "shell"),
          Map.entry("command", "shell"),
          Map.entry("shell", "shell"),
          Map.entry("http", "http.request"),
          Map.entry("jq", "jq.filter"),
          Map.entry("ssh", "ssh.run"),
          Map.entry("docker", "docker.run"),
          Map.entry("container", "docker.run"),
          Map.entry("container.run", "docker.run"),
          Map.entry("mail", "mail.send"),
          Map.entry("dag", "dag.run"),
          Map.entry("subworkflow", "dag.run"),
          Map.entry("router", "router.route"),
          Map.entry("log", "log.write"),
          Map.entry("k8s.run", "kubernetes.run"),
          Map.entry("kubernetes", "kubernetes.run"));

  /**
   * What does the work of a step.
   *
   * @param type the name of the action; {@code shell} where a script does it
   * @param config the input as it is written
   */
  record Action(String type, Optional<YamlNode> config) {}

  private final Age age;
  private final Optional<Fields> defaults;

  Kinds(Age age, Optional<Fields> defaults) {
    this.age = age;
    this.defaults = defaults;
  }

  void describe(Draft draft, Fields fields) {
    String type = action(fields, age).type();
    draft.kind =
        switch (type) {
          case "shell",
              "exec",
              "jq.filter",
              "ssh.run",
              "docker.run",
              "log.write",
              "wait.file",
              "wait.until" ->
              Draft.Kind.SHELL;
          case "http.request" -> Draft.Kind.HTTP;
          case "dag.run", "dag.enqueue" ->
              fields.has("parallel") ? Draft.Kind.PARALLEL : Draft.Kind.SUB;
          case "foreach" -> Draft.Kind.FOREACH;
          case "human.task" -> Draft.Kind.HUMAN;
          case "router.route", "outputs.write", "wait.duration", "noop" -> Draft.Kind.VALUE;
          default -> Draft.Kind.OTHER;
        };
    if (fields.node("output").orElse(null) instanceof Scalar output) {
      draft.variable = Optional.of(output.text().strip().replaceAll("^\\$\\{?|\\}$", ""));
    }
    draft.repeats = policy(fields, "repeat_policy").filter(Kinds::repeats).isPresent();
    draft.approves = fields.has("approval");
    fields
        .node("approval")
        .filter(Mapping.class::isInstance)
        .map(Mapping.class::cast)
        .flatMap(map -> map.get("input"))
        .ifPresent(
            input ->
                Section.oneOrMany(input).stream()
                    .filter(Scalar.class::isInstance)
                    .forEach(name -> draft.form.add(((Scalar) name).text())));
  }

  /** The value of a key of the step, or else that of the defaults. */
  Optional<YamlNode> policy(Fields fields, String key) {
    return fields.node(key).or(() -> defaults.flatMap(others -> others.node(key)));
  }

  private static boolean repeats(YamlNode policy) {
    return policy instanceof Mapping map
        && map.get("repeat")
            .filter(value -> value instanceof Scalar flag && flag.text().equals("false"))
            .isEmpty();
  }

  static Action action(Fields fields, Age age) {
    Optional<YamlNode> input = fields.node("with").or(() -> fields.node("config"));
    if (fields.has("foreach")) {
      return new Action("foreach", input);
    }
    if (fields.has("call") || (age == Age.OLD && fields.has("run"))) {
      return new Action("dag.run", input);
    }
    if (fields.has("exec")) {
      return new Action("exec", input);
    }
    Optional<YamlNode> executor = fields.node("executor");
    if (executor.isPresent() && executor.get() instanceof Mapping) {
      Fields written = fields.section("executor", "executor").orElseThrow();
      Optional<YamlNode> config = written.node("config");
      String type = written.text("type").orElse("");
      written.close();
      return new Action(SAME.getOrDefault(type, type), config);
    }
    String type =
        fields
            .text("action")
            .or(() -> executor.flatMap(name -> fields.text("executor")))
            .or(() -> fields.text("type"))
            .orElse(fields.has("routes") ? "router" : "");
    return new Action(SAME.getOrDefault(type, type), input);
  }

  /** The routes of a router, where the step is one. */
  static Optional<YamlNode> routes(Fields fields) {
    Optional<YamlNode> own = fields.free("routes");
    Optional<YamlNode> input =
        fields
            .node("with")
            .or(() -> fields.node("config"))
            .filter(with -> with instanceof Mapping map && map.has("routes"))
            .map(with -> ((Mapping) with).get("routes").orElseThrow());
    input.ifPresent(fields.section().ledger()::settleAll);
    return own.or(() -> input);
  }
}
