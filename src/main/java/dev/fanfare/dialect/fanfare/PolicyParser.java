package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What surrounds an attempt: time limits, failure, locks, caches and breakers. */
final class PolicyParser {

  /** {@code threshold} of a breaker that states none: failures in a row that open it. */
  static final int BREAKER_THRESHOLD = 5;

  /** {@code recovery} of a breaker that states none: how long it stays open. */
  static final Duration BREAKER_RECOVERY = Duration.ofSeconds(30);

  /** Most characters of a breaker's name. */
  private static final int LONGEST_NAME = 128;

  private static final List<StepStatus> FALLBACKS =
      List.of(StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.SKIPPED);

  private final Values values;
  private final RetryParser retries;

  PolicyParser(Values values) {
    this.values = values;
    this.retries = new RetryParser(values);
  }

  Retry retry(Fields step, boolean http) {
    return step.node("retry").map(node -> retries.retry(node, http)).orElse(Retry.NONE);
  }

  /**
   * A duration or {@code {attempt, total, queue, heartbeat}}.
   *
   * <p>A duration limits one attempt of a step that does work, and a step that contains steps as a
   * whole.
   */
  Timeouts timeouts(Fields step, boolean work) {
    Optional<YamlNode> node = step.node("timeout");
    if (node.isEmpty()) {
      return Timeouts.NONE;
    }
    if (!(node.get() instanceof Mapping)) {
      Optional<Duration> limit = step.duration("timeout");
      Optional<Duration> none = Optional.empty();
      return work ? new Timeouts(limit, none, none, none) : new Timeouts(none, limit, none, none);
    }
    List<String> keys = List.of("attempt", "total", "queue", "heartbeat");
    return Fields.open(node.get(), "'timeout'", keys, "", values)
        .map(
            fields ->
                new Timeouts(
                    fields.duration("attempt"),
                    fields.duration("total"),
                    fields.duration("queue"),
                    fields.duration("heartbeat")))
        .orElse(Timeouts.NONE);
  }

  /**
   * {@code {tolerate, when, output, status, failsRun}}, or the word {@code tolerate} or {@code
   * continue}.
   *
   * <p>{@code tolerate} is true where one of the others is written without it.
   */
  Optional<OnFailure> onFailure(Fields step) {
    return step.node("onFailure").flatMap(node -> onFailure(step, node));
  }

  private Optional<OnFailure> onFailure(Fields step, YamlNode node) {
    if (node instanceof Scalar scalar && !scalar.isNull()) {
      List<String> words = List.of("tolerate", "continue");
      if (!words.contains(scalar.text())) {
        boolean root = scalar.text().equals("abort") || scalar.text().equals("drain");
        values.badValue(
            node,
            "'onFailure' of a step cannot be '" + scalar.text() + "'",
            root
                ? "'" + scalar.text() + "' is for the whole workflow: write it at the top"
                : "write tolerate, or { tolerate: true, when, output, status, failsRun }");
      }
      return Optional.of(OnFailure.tolerated(step.keySpan("onFailure")));
    }
    List<String> keys = List.of("tolerate", "when", "output", "status", "failsRun");
    return Fields.open(node, "'onFailure'", keys, "such as { tolerate: true }", values)
        .map(fields -> onFailure(step, fields));
  }

  private OnFailure onFailure(Fields step, Fields fields) {
    boolean tolerate = fields.bool("tolerate", true);
    if (!tolerate
        && List.of("output", "status", "when", "failsRun").stream().anyMatch(fields::has)) {
      values
          .problems()
          .error(
              "contradiction",
              "'tolerate: false' leaves no use for 'when', 'output', 'status' and 'failsRun'",
              fields.keySpan("tolerate"),
              "remove it, or remove them");
    }
    return new OnFailure(
        tolerate,
        fields.condition("when"),
        fields.value("output"),
        fields.node("status").flatMap(this::fallback),
        fields.bool("failsRun", false),
        step.keySpan("onFailure"));
  }

  private Optional<StepStatus> fallback(YamlNode node) {
    Optional<String> word = values.literal(node, "'status'");
    Optional<StepStatus> status = word.flatMap(StepStatus::of).filter(FALLBACKS::contains);
    if (word.isPresent() && status.isEmpty()) {
      List<String> words = FALLBACKS.stream().map(StepStatus::id).toList();
      values.badValue(
          node, "'status' cannot be '" + word.get() + "'", Suggestion.forValue(word.get(), words));
    }
    return status;
  }

  /** A mutex: its key, or {@code {key, waitMax, skipOlder}}. */
  Optional<Step.Lock> lock(Fields step) {
    return step.node("lock").flatMap(this::lock);
  }

  private Optional<Step.Lock> lock(YamlNode node) {
    if (node instanceof Scalar) {
      return values.text(node, "'lock'").map(Step.Lock::of);
    }
    List<String> keys = List.of("key", "waitMax", "skipOlder");
    return Fields.open(node, "'lock'", keys, "", values)
        .flatMap(
            fields -> {
              if (!fields.has("key")) {
                fields.missing("key", "");
              }
              Optional<Duration> waitMax = fields.duration("waitMax");
              boolean skipOlder = fields.bool("skipOlder", false);
              return fields.text("key").map(key -> new Step.Lock(key, waitMax, skipOlder));
            });
  }

  private Optional<Template> keyed(YamlNode node, String what, List<String> keys) {
    if (node instanceof Scalar) {
      return values.text(node, what);
    }
    return Fields.open(node, what, keys, "", values)
        .flatMap(
            fields -> {
              if (!fields.has("key")) {
                fields.missing("key", "");
              }
              return fields.text("key");
            });
  }

  /** A stored result: its key, or {@code {key, ttl}}; without {@code ttl} it never grows old. */
  Optional<Step.Cache> cache(Fields step) {
    return step.node("cache")
        .flatMap(
            node -> {
              Optional<Duration> ttl =
                  node instanceof Mapping map
                      ? map.get("ttl").flatMap(value -> values.duration(value, "'ttl'"))
                      : Optional.empty();
              return keyed(node, "'cache'", List.of("key", "ttl"))
                  .map(key -> new Step.Cache(key, ttl, step.keySpan("cache")));
            });
  }

  /** A circuit breaker: its name, or {@code {name, threshold, recovery}}. */
  Optional<Step.Breaker> breaker(Fields step) {
    return step.node("breaker").flatMap(node -> breaker(step, node));
  }

  private Optional<Step.Breaker> breaker(Fields step, YamlNode node) {
    if (node instanceof Scalar) {
      return breakerName(node, "'breaker'")
          .map(
              name ->
                  new Step.Breaker(
                      name, BREAKER_THRESHOLD, BREAKER_RECOVERY, step.keySpan("breaker")));
    }
    List<String> keys = List.of("name", "threshold", "recovery");
    return Fields.open(node, "'breaker'", keys, "", values)
        .flatMap(
            fields -> {
              if (!fields.has("name")) {
                fields.missing("name", "every step with this name shares the breaker");
              }
              int threshold = fields.integer("threshold", 1, Integer.MAX_VALUE, BREAKER_THRESHOLD);
              Duration recovery = fields.duration("recovery").orElse(BREAKER_RECOVERY);
              return fields
                  .node("name")
                  .flatMap(name -> breakerName(name, "'name'"))
                  .map(
                      name -> new Step.Breaker(name, threshold, recovery, step.keySpan("breaker")));
            });
  }

  private Optional<String> breakerName(YamlNode node, String what) {
    Optional<String> name = values.literal(node, what);
    if (name.isPresent() && name.get().length() > LONGEST_NAME) {
      values.badValue(
          node,
          what + " has " + name.get().length() + " characters",
          "a breaker's name has at most " + LONGEST_NAME);
      return Optional.empty();
    }
    return name;
  }
}
