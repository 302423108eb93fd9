package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Retry;
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
 * <p>{@code attempts} counts the first one and is 3 where the mapping states none. {@code on} takes
 * error codes, exit codes of a shell step, and statuses of an HTTP step, where {@code 5xx} stands
 * for a hundred of them. {@code jitter: true} draws from the whole delay.
 */
final class RetryParser {

  /** {@code attempts} of a mapping that states none. */
  static final int ATTEMPTS = 3;

  private static final int MAX_ATTEMPTS = 1000;
  private static final double MAX_FACTOR = 100;
  private static final int MAX_EXIT_CODE = 255;
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]*");
  private static final List<String> KEYS =
      List.of("attempts", "delay", "backoff", "factor", "maxDelay", "jitter", "on");

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
    Duration delay = fields.node("delay").flatMap(this::delay).orElse(none.delay());
    return new Retry(
        fields.integer("attempts", 1, MAX_ATTEMPTS, ATTEMPTS),
        delay,
        fields.choice("backoff", Retry.Backoff.values(), none.backoff()),
        fields
            .node("factor")
            .flatMap(node -> values.number(node, "'factor'", 1, MAX_FACTOR))
            .orElse(none.factor()),
        fields.duration("maxDelay").orElse(none.maxDelay()),
        fields.node("jitter").flatMap(this::jitter).orElse(none.jitter()),
        fields.node("on").map(node -> matches(node, http)).orElse(none.on()),
        none.except());
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

  private List<Retry.Match> matches(YamlNode node, boolean http) {
    Set<Retry.Match> matches = new LinkedHashSet<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      if (http && HttpStatuses.isStatus(item)) {
        HttpStatuses.of(item, "'on'", values)
            .forEach(status -> matches.add(new Retry.Match.HttpStatus(status)));
      } else if (item instanceof Scalar scalar && scalar.value() instanceof Long) {
        values
            .integer(item, "an exit code in 'on'", 0, MAX_EXIT_CODE)
            .ifPresent(code -> matches.add(new Retry.Match.ExitCode(code)));
      } else {
        values
            .literal(item, "'on'")
            .filter(code -> isCode(code, item, http))
            .ifPresent(code -> matches.add(new Retry.Match.Code(code)));
      }
    }
    return List.copyOf(matches);
  }

  private boolean isCode(String code, YamlNode item, boolean http) {
    if (CODE.matcher(code).matches()) {
      return true;
    }
    values.badValue(
        item,
        "'on' cannot be '" + code + "'",
        http
            ? "error codes such as timed_out, statuses such as 503 or 5xx"
            : "error codes such as timed_out, exit codes such as 75");
    return false;
  }
}
