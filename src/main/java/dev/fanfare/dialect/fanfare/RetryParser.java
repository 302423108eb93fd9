package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Retry;
import dev.fanfare.definition.Workflow.AutoRerun;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Retries: the number of attempts, or a mapping of which every key is optional.
 *
 * <p>{@code attempts} counts the first one and is 3 where the mapping states none. {@code on} and
 * {@code except} take error codes, exit codes of a shell step, and statuses of an HTTP step, where
 * {@code 5xx} stands for a hundred of them. {@code jitter: true} draws from the whole delay.
 */
final class RetryParser {

  /** {@code attempts} of a mapping that states none. */
  static final int ATTEMPTS = 3;

  private static final int MAX_ATTEMPTS = 1000;
  private static final double MAX_FACTOR = 100;
  private static final int MAX_EXIT_CODE = 255;
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]*");
  private static final List<String> KEYS =
      List.of("attempts", "delay", "backoff", "factor", "maxDelay", "jitter", "on", "except");

  private final Values values;

  RetryParser(Values values) {
    this.values = values;
  }

  Retry retry(YamlNode node, boolean http) {
    Retry none = Retry.NONE;
    if (node instanceof Scalar) {
      int attempts = values.integer(node, "'retry'", 1, MAX_ATTEMPTS).orElse(1);
      return Retry.of(attempts, none.delay());
    }
    return Fields.open(node, "'retry'", KEYS, "such as 3, or { attempts: 3, delay: 5s }", values)
        .map(fields -> retry(fields, http))
        .orElse(none);
  }

  private Retry retry(Fields fields, boolean http) {
    Retry none = Retry.NONE;
    Retry growth = growth(fields);
    return new Retry(
        fields.integer("attempts", 1, MAX_ATTEMPTS, ATTEMPTS),
        growth.delay(),
        growth.backoff(),
        growth.factor(),
        growth.maxDelay(),
        fields.node("jitter").flatMap(this::jitter).orElse(none.jitter()),
        fields.node("on").map(node -> matches(node, "on", http)).orElse(none.on()),
        fields.node("except").map(node -> matches(node, "except", http)).orElse(none.except()));
  }

  private Retry growth(Fields fields) {
    Retry none = Retry.NONE;
    return Retry.of(1, fields.node("delay").flatMap(this::delay).orElse(none.delay()))
        .growing(
            fields.choice("backoff", Retry.Backoff.values(), none.backoff()),
            factor(fields, values),
            fields.duration("maxDelay").orElse(none.maxDelay()));
  }

  /** Growth of an exponential delay, exponent of a power. */
  static double factor(Fields fields, Values values) {
    return fields
        .node("factor")
        .flatMap(node -> values.number(node, "'factor'", 1, MAX_FACTOR))
        .orElse(Retry.NONE.factor());
  }

  /** {@code autoRerun}: how often, or {@code {limit, delay, backoff, factor, maxDelay}}. */
  Optional<AutoRerun> autoRerun(YamlNode node) {
    if (node instanceof Scalar) {
      return values
          .integer(node, "'autoRerun'", 1, MAX_ATTEMPTS)
          .map(limit -> AutoRerun.of(limit, Retry.NONE.delay()));
    }
    List<String> keys = List.of("limit", "delay", "backoff", "factor", "maxDelay");
    return Fields.open(node, "'autoRerun'", keys, "such as 2, or { limit: 2, delay: 1m }", values)
        .map(
            fields -> {
              Retry growth = growth(fields);
              int limit = fields.integer("limit", 1, MAX_ATTEMPTS, 1);
              return new AutoRerun(
                  limit, growth.delay(), growth.backoff(), growth.factor(), growth.maxDelay());
            });
  }

  private Optional<Duration> delay(YamlNode node) {
    return values.durationOrZero(node, "'delay'");
  }

  private Optional<Double> jitter(YamlNode node) {
    if (node instanceof Scalar scalar && scalar.value() instanceof Boolean full) {
      return Optional.of(full ? 1.0 : 0.0);
    }
    return values.number(node, "'jitter'", 0, 1);
  }

  private List<Retry.Match> matches(YamlNode node, String key, boolean http) {
    Set<Retry.Match> matches = new LinkedHashSet<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      if (http && HttpStatuses.isStatus(item)) {
        HttpStatuses.of(item, "'" + key + "'", values)
            .forEach(status -> matches.add(new Retry.Match.HttpStatus(status)));
      } else if (item instanceof Scalar scalar && scalar.value() instanceof Long) {
        values
            .integer(item, "an exit code in '" + key + "'", 0, MAX_EXIT_CODE)
            .ifPresent(code -> matches.add(new Retry.Match.ExitCode(code)));
      } else {
        values
            .literal(item, "'" + key + "'")
            .filter(code -> isCode(code, key, item, http))
            .ifPresent(code -> matches.add(new Retry.Match.Code(code)));
      }
    }
    return List.copyOf(matches);
  }

  private boolean isCode(String code, String key, YamlNode item, boolean http) {
    if (CODE.matcher(code).matches()) {
      return true;
    }
    values.badValue(
        item,
        "'" + key + "' cannot be '" + code + "'",
        http
            ? "error codes such as timed_out, statuses such as 503 or 5xx"
            : "error codes such as timed_out, exit codes such as 75");
    return false;
  }
}
