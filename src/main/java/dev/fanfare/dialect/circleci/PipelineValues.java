package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.ImportInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code pipeline.*}: what the run brings, by CircleCI's names.
 *
 * <p>Each is asked for when something reads it, so that only what a file reads decides what it
 * means. A name that CircleCI has and a run of Fanfare has no value for is nothing.
 */
final class PipelineValues {

  /** Stands in texts for the run's id, which is known when the job runs. */
  static final String RUN_ID = "@fanfare-run-id@";

  /** The parameter of a run that stands for the number of its pipeline. */
  static final String NUMBER = "pipeline-number";

  private static final String PARAMETERS = "pipeline.parameters.";

  /** Those that no run of Fanfare has. */
  private static final Set<String> UNKNOWN_HERE =
      Set.of(
          "pipeline.definition.id",
          "pipeline.name",
          "pipeline.integration_source",
          "pipeline.git.repo_id",
          "pipeline.config.repository.name",
          "pipeline.config.repository.url",
          "pipeline.config.file_path",
          "pipeline.config.ref",
          "pipeline.config.sha",
          "pipeline.trigger.received_at",
          "pipeline.schedule.id",
          "pipeline.event.action");

  private static final List<String> OPEN =
      List.of("pipeline.event.", "pipeline.trigger_parameters.", "pipeline.deploy.");

  private final ImportInputs inputs;
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private Optional<String> scheduledBranch = Optional.empty();
  private String schedule = "";
  private Optional<Long> number = Optional.empty();

  PipelineValues(ImportInputs inputs) {
    this.inputs = inputs;
  }

  /** A pipeline parameter has its value. */
  void parameter(String name, Value value) {
    parameters.put(name, value);
  }

  /** The run is that of a schedule. */
  void scheduled(String workflow, Optional<String> branch) {
    schedule = workflow;
    scheduledBranch = branch;
  }

  Optional<String> branch() {
    Optional<String> given = inputs.run("branch");
    return given.isPresent() || tag().isPresent() ? given : scheduledBranch;
  }

  Optional<String> tag() {
    return inputs.run("tag");
  }

  Optional<String> revision() {
    return inputs
        .run("revision")
        .or(() -> event("head_commit", "id"))
        .or(() -> event("pull_request", "head", "sha"));
  }

  /** Where the repository can be cloned from, as the webhook that started the run says. */
  Optional<String> repository() {
    return event("repository", "clone_url").or(() -> event("repository", "git_url"));
  }

  List<String> names() {
    List<String> names = new ArrayList<>(UNKNOWN_HERE);
    names.addAll(
        List.of(
            "pipeline.id",
            "pipeline.number",
            "pipeline.git.branch",
            "pipeline.git.branch.is_default",
            "pipeline.git.tag",
            "pipeline.git.revision",
            "pipeline.git.base_revision",
            "pipeline.git.repo_name",
            "pipeline.git.repo_owner",
            "pipeline.git.repo_url",
            "pipeline.git.commit.subject",
            "pipeline.git.commit.body",
            "pipeline.git.commit.url",
            "pipeline.git.commit.author_login",
            "pipeline.project.git_url",
            "pipeline.project.slug",
            "pipeline.project.type",
            "pipeline.trigger.id",
            "pipeline.trigger.type",
            "pipeline.trigger_source",
            "pipeline.schedule.name",
            "pipeline.event.name"));
    parameters.keySet().forEach(name -> names.add(PARAMETERS + name));
    return names;
  }

  Optional<Value> find(String name) {
    if (name.startsWith(PARAMETERS)) {
      return Optional.ofNullable(parameters.get(name.substring(PARAMETERS.length())));
    }
    if (!name.startsWith("pipeline.")) {
      return Optional.empty();
    }
    return switch (name) {
      case "pipeline.id", "pipeline.trigger.id" -> Optional.of(new Value.Text(RUN_ID));
      case "pipeline.number" -> Optional.of(counted());
      case "pipeline.git.branch" -> text(branch());
      case "pipeline.git.branch.is_default" -> Optional.of(Value.of(isDefault()));
      case "pipeline.git.tag" -> text(tag());
      case "pipeline.git.revision" -> text(revision());
      case "pipeline.git.base_revision" ->
          text(event("before").or(() -> event("pull_request", "base", "sha")));
      case "pipeline.trigger_source", "pipeline.trigger.type" -> text(Optional.of(source()));
      case "pipeline.event.name" -> text(Optional.of(eventName()));
      case "pipeline.schedule.name" -> text(Optional.of(schedule));
      default -> repository(name);
    };
  }

  private Optional<Value> repository(String name) {
    return switch (name) {
      case "pipeline.git.repo_name" -> text(event("repository", "name"));
      case "pipeline.git.repo_owner" -> text(event("repository", "owner", "login"));
      case "pipeline.git.repo_url", "pipeline.project.git_url" -> text(repository());
      case "pipeline.project.slug" -> text(Optional.of(slug()));
      case "pipeline.project.type" -> text(event("repository", "name").map(any -> "github"));
      case "pipeline.git.commit.subject" ->
          text(event("head_commit", "message").map(all -> all.lines().findFirst().orElse("")));
      case "pipeline.git.commit.body" -> text(event("head_commit", "message"));
      case "pipeline.git.commit.url" -> text(event("head_commit", "url"));
      case "pipeline.git.commit.author_login" -> text(event("head_commit", "author", "username"));
      default -> other(name);
    };
  }

  /**
   * Values of the webhook's payload by the names of its fields; what it does not have is nothing.
   */
  private Optional<Value> other(String name) {
    String github = "pipeline.event.github.";
    if (name.startsWith(github)) {
      return text(event(name.substring(github.length()).split("\\.")));
    }
    boolean known = UNKNOWN_HERE.contains(name) || OPEN.stream().anyMatch(name::startsWith);
    return known ? Optional.of(Value.of()) : Optional.empty();
  }

  private static Optional<Value> text(Optional<String> text) {
    return Optional.of(text.<Value>map(Value.Text::new).orElse(Value.of()));
  }

  /** There is no count of pipelines; a run may bring a number of its own. */
  private Value counted() {
    number =
        Optional.of(
            inputs
                .param(NUMBER)
                .map(String::valueOf)
                .filter(text -> text.matches("[0-9]{1,15}"))
                .map(Long::valueOf)
                .orElse(1L));
    return Value.of(number.get());
  }

  /** The pipeline's number, where something has read it. */
  Optional<Long> number() {
    return number;
  }

  private boolean isDefault() {
    Optional<String> head = event("repository", "default_branch");
    return branch().filter(name -> head.map(name::equals).orElse(name.equals("main"))).isPresent();
  }

  /** {@code webhook}, {@code api} or {@code scheduled_pipeline}, which is what files ask for. */
  private String source() {
    if (!schedule.isEmpty()) {
      return "scheduled_pipeline";
    }
    return switch (inputs.run("trigger").orElse("cli")) {
      case "webhook", "event" -> "webhook";
      case "schedule", "interval" -> "scheduled_pipeline";
      default -> "api";
    };
  }

  private String eventName() {
    return switch (source()) {
      case "webhook" -> event("pull_request", "number").isPresent() ? "pull_request" : "push";
      case "api" -> "api";
      default -> "schedule";
    };
  }

  private String slug() {
    return event("repository", "full_name").map(name -> "gh/" + name).orElse("local/project");
  }

  /** A text, number or flag at a path of the trigger's payload. */
  private Optional<String> event(String... path) {
    Optional<Object> at = inputs.event(path[0]);
    for (int i = 1; i < path.length; i++) {
      String key = path[i];
      at = at.filter(Map.class::isInstance).map(map -> ((Map<?, ?>) map).get(key));
    }
    return at.filter(value -> !(value instanceof Map) && !(value instanceof List))
        .map(String::valueOf);
  }
}
