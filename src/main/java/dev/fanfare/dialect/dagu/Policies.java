package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happens when a step fails or takes too long. */
final class Policies {

  /** The exit code of a step whose time was up. */
  static final String EXIT_CODE = "(status == \"timed_out\" ? 124 : exitCode)";

  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Place place;
  private final Statics statics;

  Policies(Place place, Statics statics) {
    this.place = place;
    this.statics = statics;
  }

  Timeouts timeouts(Fields fields) {
    Optional<Duration> limit =
        fields
            .seconds("timeout_sec")
            .or(() -> place.defaults.flatMap(others -> others.seconds("timeout_sec")));
    return new Timeouts(limit, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Optional<Fields> policy(Fields fields, String key) {
    return fields.has(key)
        ? fields.section(key, key)
        : place
            .defaults
            .filter(others -> others.has(key))
            .flatMap(others -> others.section(key, key));
  }

  Retry retry(Fields fields) {
    Optional<Fields> written = policy(fields, "retry_policy");
    if (written.isEmpty()) {
      return Retry.NONE;
    }
    Fields policy = written.get();
    int limit = statics.number(policy, "limit").map(Double::intValue).orElse(0);
    Retry retry =
        growing(policy, Retry.of(Math.max(0, limit) + 1, seconds(policy, Duration.ZERO)), LONGEST);
    List<Retry.Match> on = new ArrayList<>();
    for (String key : new String[] {"exit_code", "exit_codes"}) {
      integers(policy, key).forEach(code -> on.add(new Retry.Match.ExitCode(code)));
    }
    policy.close();
    return retry.only(on, List.of(new Retry.Match.Code("timed_out")));
  }

  private Duration seconds(Fields policy, Duration absent) {
    return statics
        .number(policy, "interval_sec")
        .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
        .orElse(absent);
  }

  private static Retry growing(Fields policy, Retry retry, Duration longest) {
    Duration cap = policy.seconds("max_interval_sec").orElse(longest);
    Optional<Double> factor = factor(policy);
    return factor.isPresent()
        ? retry.growing(Retry.Backoff.EXPONENTIAL, factor.get(), cap)
        : retry.growing(Retry.Backoff.FIXED, Retry.NONE.factor(), longest);
  }

  /** {@code backoff}: true is 2, a number above 1 itself. */
  static Optional<Double> factor(Fields policy) {
    Optional<YamlNode> backoff = policy.node("backoff");
    if (backoff.isEmpty()) {
      return Optional.empty();
    }
    if (backoff.get() instanceof Scalar scalar && scalar.value() instanceof Boolean flag) {
      return flag ? Optional.of(2.0) : Optional.empty();
    }
    Optional<Double> factor = policy.number("backoff", 0, 1000);
    if (factor.isPresent() && factor.get() <= 1) {
      policy.badValue(backoff.get().span(), "'backoff' must be above 1", "write true for 2.0");
      return Optional.empty();
    }
    return factor;
  }

  /** One whole number or a list of them, also in quotes. */
  static List<Integer> integers(Fields fields, String key) {
    List<Integer> numbers = new ArrayList<>();
    fields
        .node(key)
        .ifPresent(
            value ->
                Section.oneOrMany(value)
                    .forEach(
                        item -> {
                          if (item instanceof Scalar scalar
                              && scalar.text().matches("-?\\d{1,9}")) {
                            numbers.add(Integer.parseInt(scalar.text()));
                          } else {
                            fields.wrongType(item, "'" + key + "'", "a whole number");
                          }
                        }));
    return numbers;
  }

  /** What a failure and a skip of the step mean to those that depend on it. */
  void continueOn(Draft draft, Fields fields, StepDraft step) {
    Optional<YamlNode> written = new Kinds(place.age, place.defaults).policy(fields, "continue_on");
    if (written.isEmpty()) {
      return;
    }
    if (!(written.get() instanceof Mapping)) {
      shortForm(fields, written.get(), step);
      return;
    }
    Fields policy = policy(fields, "continue_on").orElseThrow();
    if (policy.flag("skipped")) {
      step.onSkip(Step.OnSkip.SATISFY);
    }
    boolean any = policy.flag("failure");
    List<String> tests = new ArrayList<>();
    List<Integer> codes = integers(policy, "exit_code");
    if (!codes.isEmpty()) {
      tests.add(EXIT_CODE + " in " + codes);
    }
    policy.texts("output").forEach(pattern -> tests.add(printed(pattern)));
    boolean success = policy.flag("mark_success");
    policy.close();
    if (!any && tests.isEmpty()) {
      return;
    }
    if (!any && (draft.repeats || draft.approves)) {
      policy.badValue(
          fields.keySpan("continue_on"),
          "exit codes and output are not known of a step that repeats or is approved",
          "write failure: true");
    }
    Optional<Template> when =
        any
            ? Optional.empty()
            : Optional.of(Cel.template(String.join(" || ", tests), policy.span()));
    Optional<StepStatus> status = success ? Optional.of(StepStatus.SUCCEEDED) : Optional.empty();
    Optional<Template> output =
        draft.kind == Draft.Kind.PARALLEL || draft.kind == Draft.Kind.FOREACH
            ? Optional.of(Cel.template("output", policy.span()))
            : Optional.empty();
    step.onFailure(new OnFailure(true, when, output, status, false, policy.span()));
  }

  private static void shortForm(Fields fields, YamlNode written, StepDraft step) {
    String word = written instanceof Scalar scalar ? scalar.text() : "";
    switch (word) {
      case "failed" -> step.onFailure(OnFailure.tolerated(written.span()));
      case "skipped" -> step.onSkip(Step.OnSkip.SATISFY);
      default ->
          fields.badValue(
              written.span(),
              "'continue_on' is failed, skipped or a mapping, found " + Section.describe(written),
              "");
    }
  }

  /** Whether the step has printed a text, or a line that a pattern matches. */
  private static String printed(String pattern) {
    String output =
        "cel.bind(o, {\"o\": output}.?o, cel.bind(t, o.?" + Shells.STDOUT + ".orValue(\"\"), ";
    String test =
        pattern.startsWith("re:")
            ? "t.matches(" + Cel.quoted("(?m)" + pattern.substring(3)) + ")"
            : "t.contains(" + Cel.quoted(pattern) + ")";
    return output + test + "))";
  }

  /** {@code retry_policy} of a document. */
  Optional<Workflow.AutoRerun> autoRerun(Fields root) {
    Optional<Fields> written = root.section("retry_policy", "run_retry_policy");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Fields policy = written.get();
    int limit = statics.number(policy, "limit").map(Double::intValue).orElse(0);
    Retry retry =
        growing(policy, Retry.of(1, seconds(policy, Duration.ofMinutes(1))), Duration.ofHours(1));
    policy.close();
    return limit <= 0
        ? Optional.empty()
        : Optional.of(
            new Workflow.AutoRerun(
                limit, retry.delay(), retry.backoff(), retry.factor(), retry.maxDelay()));
  }
}
