package dev.fanfare.invoke.lambda;

import dev.fanfare.aws.AwsEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The queue whose messages wake a dispatcher. Its client is made when it is first needed. */
public final class MessageQueue implements AutoCloseable {

  /** The service's longest delay. */
  public static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String url;
  private final Optional<URI> endpoint;
  private @Nullable SqsClient client;

  /**
   * @param endpoint where the service is, if not where the region has it: an emulator
   */
  public MessageQueue(String url, Optional<URI> endpoint) {
    this.url = url;
    this.endpoint = endpoint;
  }

  /**
   * Sends a message. Blocks; the SDK tries a few times.
   *
   * @param delay from now until it is delivered, in whole seconds, at most {@link #LONGEST_DELAY}
   * @throws software.amazon.awssdk.core.exception.SdkException if the service did not take it
   */
  public void send(String body, Duration delay) {
    int seconds = (int) Math.min(LONGEST_DELAY.toSeconds(), seconds(delay));
    client().sendMessage(request -> request.queueUrl(url).messageBody(body).delaySeconds(seconds));
  }

  /** Whole seconds that are not shorter. */
  static long seconds(Duration delay) {
    return delay.isNegative() ? 0 : delay.plusNanos(999_999_999).toSeconds();
  }

  private synchronized SqsClient client() {
    if (client == null) {
      client =
          new AwsEndpoint(endpoint)
              .reach(SqsClient.builder(), CONNECT, PATIENCE)
              .overrideConfiguration(settings -> settings.apiCallTimeout(PATIENCE))
              .build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
