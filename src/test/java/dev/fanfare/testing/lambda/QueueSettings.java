package dev.fanfare.testing.lambda;

import java.time.Duration;
import java.util.Optional;

/**
 * A standard queue.
 *
 * @param visibility how long a received message is hidden from others
 * @param redrive where messages go that were received too often
 */
public record QueueSettings(String name, Duration visibility, Optional<Redrive> redrive) {

  /**
   * A redrive policy.
   *
   * @param receives a message that was received so often goes to the other queue
   */
  public record Redrive(String queue, int receives) {}

  public static QueueSettings of(String name) {
    return new QueueSettings(name, Duration.ofSeconds(30), Optional.empty());
  }

  public QueueSettings withVisibility(Duration time) {
    return new QueueSettings(name, time, redrive);
  }

  public QueueSettings withRedrive(String queue, int receives) {
    return new QueueSettings(name, visibility, Optional.of(new Redrive(queue, receives)));
  }

  public String arn() {
    return "arn:aws:sqs:" + LambdaHost.REGION + ":" + LambdaHost.ACCOUNT + ":" + name;
  }
}
