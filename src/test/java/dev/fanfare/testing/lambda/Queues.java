package dev.fanfare.testing.lambda;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The SQS queues of the host, by name. */
final class Queues {

  private final Vertx vertx;
  private final Pace pace;
  private final Counts counts;
  private final Map<String, Queue> queues = new ConcurrentSkipListMap<>();

  Queues(Vertx vertx, Pace pace, Counts counts) {
    this.vertx = vertx;
    this.pace = pace;
    this.counts = counts;
  }

  Queue create(QueueSettings settings) {
    return queues.computeIfAbsent(
        settings.name(), name -> new Queue(settings, this, vertx, pace, counts));
  }

  boolean has(String name) {
    return queues.containsKey(name);
  }

  Queue get(String name) {
    Queue queue = queues.get(name);
    if (queue == null) {
      throw new IllegalArgumentException("no queue " + name);
    }
    return queue;
  }

  List<Queue> all() {
    return List.copyOf(queues.values());
  }
}
