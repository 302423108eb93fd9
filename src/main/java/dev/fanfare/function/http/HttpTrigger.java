package dev.fanfare.function.http;

import com.amazonaws.services.lambda.runtime.Context;
import dev.fanfare.definition.DurationText;
import dev.fanfare.function.SettingException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** Answers HTTP events: each is sent to the API of this process. */
@Singleton
public class HttpTrigger {

  /** How long a request may wait for something to happen, at most. */
  public static final String LONGEST_WAIT = "fanfare.api.longest-wait";

  /** An HTTP API gives up after 30 s. */
  private static final Duration USUAL = Duration.ofSeconds(25);

  /** From the end of a wait to the end of the invocation: reading the run, and the way back. */
  private static final Duration FOR_THE_ANSWER = Duration.ofSeconds(3);

  /** From a given up answer to the end of the invocation. */
  private static final Duration FOR_GIVING_UP = Duration.ofMillis(500);

  private static final Duration UNKNOWN = Duration.ofSeconds(30);
  private static final int BAD_REQUEST = 400;

  private final Loopback loopback;
  private final Duration longest;

  @Inject
  HttpTrigger(Loopback loopback, Config config) {
    this.loopback = loopback;
    this.longest = longestWait(config).orElse(USUAL);
  }

  /**
   * What the configuration says about waiting.
   *
   * @throws SettingException if it says something else than a duration
   */
  public static Optional<Duration> longestWait(Config config) {
    return config
        .getOptionalValue(LONGEST_WAIT, String.class)
        .map(
            text ->
                DurationText.parse(text)
                    .orElseThrow(
                        () ->
                            new SettingException(
                                "FANFARE_API_LONGEST_WAIT ("
                                    + LONGEST_WAIT
                                    + ") is a duration such as 25s, and not '"
                                    + text
                                    + "'")));
  }

  /**
   * The answer to an event.
   *
   * @param context of the invocation, which knows how long it may last
   */
  public Map<String, Object> answer(Map<String, Object> event, @Nullable Context context) {
    Duration left =
        context == null ? UNKNOWN : Duration.ofMillis(context.getRemainingTimeInMillis());
    try {
      return loopback
          .send(
              HttpEvent.of(event),
              shorter(longest, left.minus(FOR_THE_ANSWER)),
              positive(left.minus(FOR_GIVING_UP)))
          .json();
    } catch (BadEventException e) {
      return HttpReply.problem(BAD_REQUEST, "Bad Request", String.valueOf(e.getMessage())).json();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the function was stopped while it answered", e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : positive(other);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
