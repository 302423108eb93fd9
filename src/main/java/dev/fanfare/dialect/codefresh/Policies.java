package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often a step is tried, how long it may take, and what its failure means. */
final class Policies {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)([smh])");
  private static final Duration MAX_PAUSE = Duration.ofMinutes(60);
  private static final int DEFAULT_DELAY = 5;

  private final Context context;

  Policies(Context context) {
    this.context = context;
  }

  Retry retry(Section step) {
    return step.section("retry", "retry").map(Policies::attempts).orElse(Retry.NONE);
  }

  private static Retry attempts(Section retry) {
    int attempts = retry.integer("maxAttempts", 1, 1_000).orElse(1);
    double delay = retry.number("delay", 0.001, 86_400).orElse((double) DEFAULT_DELAY);
    double factor = retry.number("exponentialFactor", 0.001, 100).orElse(1.0);
    retry.close();
    Retry plain = Retry.of(attempts, Duration.ofMillis(Math.round(delay * 1000)));
    return factor == 1 ? plain : plain.growing(Retry.Backoff.POWER, factor, MAX_PAUSE);
  }

  /** The time of a step: its own, none where it says so, else that of the parallel around it. */
  Optional<Duration> timeout(Section step, Optional<Duration> inherited) {
    if (!step.has("timeout")) {
      return inherited;
    }
    return step.node("timeout").flatMap(value -> duration(value, step));
  }

  private static Optional<Duration> duration(YamlNode value, Section step) {
    if (!(value instanceof Scalar scalar)) {
      step.wrongType(value, "'timeout'", "a time such as 90s, 10m or 1.5h");
      return Optional.empty();
    }
    Matcher written = DURATION.matcher(scalar.text().strip());
    if (!written.matches()) {
      step.problems()
          .error(
              "bad-duration",
              "'" + scalar.text() + "' is no time of a step",
              scalar.span(),
              "write a number and s, m or h: 90s, 10m, 1.5h; null or 0s is no limit");
      return Optional.empty();
    }
    double unit =
        switch (written.group(2)) {
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    double millis = Double.parseDouble(written.group(1)) * unit;
    if (millis > Integer.MAX_VALUE) {
      step.problems()
          .error(
              "bad-duration",
              "a step may take 2147483647 ms at most, about 24 days",
              scalar.span(),
              "write a shorter time, or null");
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.round(millis))).filter(Duration::isPositive);
  }

  /**
   * What the failure of a step means.
   *
   * @param ends condition under which the run ends in spite of {@code fail_fast: false}; may be
   *     empty
   */
  Optional<OnFailure> onFailure(Section step, StepNode node, String ends) {
    String key = step.has("fail-fast") ? "fail-fast" : "fail_fast";
    boolean failFast = context.flag(step, key).orElse(context.failFast());
    boolean strict = context.flag(step, "strict_fail_fast").orElse(false);
    if (failFast) {
      return Optional.empty();
    }
    SourceSpan span = step.has(key) ? step.keySpan(key) : node.span;
    Optional<Template> when =
        ends.isEmpty()
            ? Optional.empty()
            : Optional.of(new Template.Expression(new Expr("!(" + ends + ")", span)));
    return Optional.of(
        new OnFailure(true, when, Optional.empty(), counts(node), strict && !node.isGroup(), span));
  }

  /**
   * As what a tolerated failure counts: a parallel step that tolerates counts as successful; the
   * others stay failed, which those who wait for them in parallel mode must see.
   */
  private Optional<StepStatus> counts(StepNode node) {
    if (node.isGroup()) {
      return Optional.of(StepStatus.SUCCEEDED);
    }
    return context.isParallel() && node.parent == null && !context.inHook()
        ? Optional.of(StepStatus.FAILED)
        : Optional.empty();
  }

  /** Whether a step has a hook before it whose failure nothing forgives. */
  static boolean hasStrictHook(StepNode node) {
    return node.body.get("hooks").orElse(null) instanceof Mapping hooks && hooks.has("on_elected");
  }
}
