package dev.fanfare.function;

import dev.fanfare.definition.DurationText;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/**
 * How a process works that is a Lambda function; {@code fanfare.functions.step} says that it is
 * one.
 *
 * @param step the function that does steps: a name or an ARN, with the alias to call
 * @param dispatcher the function that fans out and is woken
 * @param queue address of the SQS queue whose messages the dispatcher gets
 * @param lease how long a claimed step may stay silent before it is handed out again
 * @param hops most invocations each of which was started by the one before
 * @param budget most entries of the event log that a run may make
 * @param margin what is left of an invocation when its work is stopped, so that it can be reported
 * @param inPlace no step is begun in place when an invocation has lasted this long
 * @param look how often work in progress is compared with what is stored
 */
public record Deployment(
    String step,
    Optional<String> dispatcher,
    Optional<String> queue,
    Duration lease,
    int hops,
    long budget,
    Duration margin,
    Duration inPlace,
    Duration look) {

  private static final String STEP = "fanfare.functions.step";
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int HOPS = 10_000;
  private static final long BUDGET = 5_000_000;
  private static final Duration MARGIN = Duration.ofSeconds(2);
  private static final Duration IN_PLACE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** With the usual values. */
  public static Deployment of(String step, Optional<String> dispatcher, Optional<String> queue) {
    return new Deployment(step, dispatcher, queue, LEASE, HOPS, BUDGET, MARGIN, IN_PLACE, LOOK);
  }

  /**
   * What the configuration says; empty on one machine.
   *
   * @throws SettingException if a value is none
   */
  public static Optional<Deployment> of(Config config) {
    return text(config, STEP)
        .map(
            step ->
                new Deployment(
                    step,
                    text(config, "fanfare.functions.dispatcher"),
                    text(config, "fanfare.queue"),
                    lease(config).orElse(LEASE),
                    (int) count(config, "fanfare.hops", HOPS),
                    count(config, "fanfare.budget", BUDGET),
                    duration(config, "fanfare.margin").orElse(MARGIN),
                    duration(config, "fanfare.in.place").orElse(IN_PLACE),
                    duration(config, "fanfare.look").orElse(LOOK)));
  }

  /** {@code fanfare.lease}, on whatever machine. */
  static Optional<Duration> lease(Config config) {
    return duration(config, "fanfare.lease");
  }

  public Deployment withLease(Duration shorter) {
    return new Deployment(step, dispatcher, queue, shorter, hops, budget, margin, inPlace, look);
  }

  public Deployment withHops(int most) {
    return new Deployment(step, dispatcher, queue, lease, most, budget, margin, inPlace, look);
  }

  public Deployment withBudget(long most) {
    return new Deployment(step, dispatcher, queue, lease, hops, most, margin, inPlace, look);
  }

  public Deployment withMargin(Duration other) {
    return new Deployment(step, dispatcher, queue, lease, hops, budget, other, inPlace, look);
  }

  public Deployment withInPlace(Duration other) {
    return new Deployment(step, dispatcher, queue, lease, hops, budget, margin, other, look);
  }

  private static Optional<String> text(Config config, String name) {
    return config
        .getOptionalValue(name, String.class)
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private static Optional<Duration> duration(Config config, String name) {
    return text(config, name)
        .map(
            text ->
                read(name, text, "a duration such as 60s", DurationText::parse)
                    .filter(Duration::isPositive)
                    .orElseThrow(() -> wrong(name, text, "longer than nothing")));
  }

  private static long count(Config config, String name, long otherwise) {
    return text(config, name)
        .map(
            text ->
                read(
                        name,
                        text,
                        "a number from 1 to 999999999",
                        digits ->
                            digits.matches("[1-9][0-9]{0,8}")
                                ? Optional.of(Long.parseLong(digits))
                                : Optional.<Long>empty())
                    .orElseThrow())
        .orElse(otherwise);
  }

  private static <T> Optional<T> read(
      String name, String text, String expected, Function<String, Optional<T>> reader) {
    Optional<T> value = reader.apply(text);
    if (value.isEmpty()) {
      throw wrong(name, text, expected);
    }
    return value;
  }

  private static SettingException wrong(String name, String value, String expected) {
    String variable = name.replace('.', '_').toUpperCase(Locale.ROOT);
    return new SettingException(
        "%s (%s) is '%s', but it has to be %s".formatted(variable, name, value, expected));
  }
}
