package dev.fanfare.dsl;

import dev.fanfare.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A workflow: what starts it, what holds for all of it, and its steps. */
public final class Flow extends Steps<Flow> {

  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(30);

  private String description = "";
  private String version = "";
  private final List<String> tags = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();
  private final List<Map<String, Object>> triggers = new ArrayList<>();
  private Optional<Duration> timeout = Optional.empty();
  private boolean timeoutIsSaid;
  private @Nullable Map<String, Object> concurrency;
  private @Nullable Action onSuccess;
  private @Nullable Action onFailure;

  Flow(Book book) {
    super(book);
  }

  @Override
  Flow self() {
    return this;
  }

  /** For people. */
  public Flow description(String text) {
    description = text;
    return this;
  }

  /** For people. */
  public Flow version(String text) {
    version = text;
    return this;
  }

  /** For people. */
  public Flow tags(String... words) {
    tags.addAll(List.of(words));
    return this;
  }

  /** Names of secrets that steps read with {@link Context#secret}. */
  public Flow secrets(String... names) {
    secrets.addAll(List.of(names));
    return this;
  }

  /**
   * How long a run may take. Unless it is said, 30 minutes; without a limit where the workflow
   * waits for a person, an event or a time, which may take longer.
   */
  public Flow runTimeout(Duration limit) {
    timeout = Optional.of(limit);
    timeoutIsSaid = true;
    return this;
  }

  public Flow runTimeout(String limit) {
    return runTimeout(Durations.of(limit, "the timeout of a run"));
  }

  /** Lets a run take as long as it takes. */
  public Flow withoutRunTimeout() {
    timeout = Optional.empty();
    timeoutIsSaid = true;
    return this;
  }

  /** How many runs are at work at once; others wait, the first one first. */
  public Flow concurrency(int most) {
    return concurrency(most, "workflow-" + book.workflow());
  }

  /** How many runs are at work at once in a queue, which workflows may share. */
  public Flow concurrency(int most, String queue) {
    if (most < 1) {
      throw bad("concurrency is at least 1");
    }
    concurrency = new LinkedHashMap<>();
    concurrency.put("key", queue);
    concurrency.put("limit", most);
    return this;
  }

  /** Called when a run has ended well. */
  public Flow onSuccess(Action action) {
    onSuccess = action;
    return this;
  }

  /** Called when a run has failed; {@code ctx.error()} says why. */
  public Flow onFailure(Action action) {
    onFailure = action;
    return this;
  }

  /** {@code POST /hooks/PATH} starts a run; the JSON object that it brings is the payload. */
  public Flow onWebhook(String path) {
    return onWebhook(path, options -> {});
  }

  public Flow onWebhook(String path, Consumer<WebhookOptions> options) {
    WebhookOptions chosen = new WebhookOptions(path);
    options.accept(chosen);
    triggers.add(Map.of("webhook", chosen.written()));
    return this;
  }

  /** Starts runs at the times of a cron expression of five fields, in UTC. */
  public Flow onSchedule(String cron) {
    return onSchedule(cron, options -> {});
  }

  public Flow onSchedule(String cron, Consumer<ScheduleOptions> options) {
    ScheduleOptions chosen = new ScheduleOptions(cron);
    options.accept(chosen);
    triggers.add(Map.of("schedule", chosen.written()));
    return this;
  }

  /** Starts a run every so often. */
  public Flow onInterval(Duration every) {
    triggers.add(Map.of("interval", Durations.text(every)));
    return this;
  }

  public Flow onInterval(String every) {
    return onInterval(Durations.of(every, "an interval"));
  }

  /** An event that is published starts a run; its payload is the run's. */
  public Flow onEvent(String name) {
    triggers.add(Map.of("event", name));
    return this;
  }

  /**
   * An event starts a run, if a condition holds.
   *
   * @param condition in the expression language: {@code event.amount > 100}
   */
  public Flow onEvent(String name, String condition) {
    triggers.add(Map.of("event", Map.of("name", name, "when", Emitter.expression(condition))));
    return this;
  }

  /** Nothing but a call starts a run, which is so for every workflow without a trigger. */
  public Flow manual() {
    return this;
  }

  /** The workflow as a text, and its functions. */
  FlowCode code(String source, Set<String> javaFlows) {
    Emitter emitter = new Emitter(book.workflow(), secrets, javaFlows);
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("name", book.workflow());
    String about = about();
    if (!about.isEmpty()) {
      text.put("description", about);
    }
    text.put("params", Map.of("payload", Map.of("type", "any")));
    if (!secrets.isEmpty()) {
      text.put("secrets", List.copyOf(secrets));
    }
    if (!triggers.isEmpty()) {
      text.put("triggers", triggers);
    }
    if (concurrency != null) {
      text.put("concurrency", concurrency);
    }
    Optional<Duration> usual =
        Part.waits(finished()) ? Optional.empty() : Optional.of(USUAL_TIMEOUT);
    (timeoutIsSaid ? timeout : usual)
        .ifPresent(limit -> text.put("timeout", Durations.text(limit)));
    if (finished().isEmpty()) {
      throw bad("it has no steps");
    }
    emitter.workflow(finished(), onSuccess, onFailure, text);
    return new FlowCode(book.workflow(), source, Json.writePretty(text), emitter.functions());
  }

  private String about() {
    StringBuilder about = new StringBuilder(description);
    if (!version.isEmpty()) {
      about.append(about.isEmpty() ? "" : " ").append("Version ").append(version).append('.');
    }
    if (!tags.isEmpty()) {
      about.append(about.isEmpty() ? "" : " ").append("Tags: ").append(String.join(", ", tags));
      about.append('.');
    }
    return about.toString();
  }
}
