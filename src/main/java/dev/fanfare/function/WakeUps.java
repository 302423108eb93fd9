package dev.fanfare.function;

import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.lambda.MessageQueue;
import dev.fanfare.json.Json;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Has the dispatcher woken later by messages of the queue: what is due within a quarter of an hour.
 * What is due after that, or while there is no queue, is seen by the minute's tick.
 */
final class WakeUps {

  private static final Logger LOG = System.getLogger(WakeUps.class.getName());

  /** The message that has a dispatcher look for due timers. */
  static final String MESSAGE = Json.write(Map.of("wake", true));

  private static final long SECOND = 1_000_000_000L;

  private final Optional<MessageQueue> queue;
  private final Activity activity;
  private final Executor executor;

  /** Seconds for which a message has been sent, by the clock that only counts. */
  private final NavigableSet<Long> sent = new TreeSet<>();

  /**
   * @param executor its threads may block
   */
  WakeUps(Optional<MessageQueue> queue, Activity activity, Executor executor) {
    this.queue = queue;
    this.activity = activity;
    this.executor = executor;
  }

  /** Wakes after this long, to the second. Never blocks. */
  void in(Duration after) {
    if (queue.isEmpty() || after.compareTo(MessageQueue.LONGEST_DELAY) > 0 || !isNew(after)) {
      return;
    }
    activity.enter();
    try {
      executor.execute(() -> send(queue.get(), after));
    } catch (RejectedExecutionException e) {
      activity.leave();
    }
  }

  private synchronized boolean isNew(Duration after) {
    long now = System.nanoTime();
    sent.headSet(Math.floorDiv(now, SECOND)).clear();
    return sent.add(Math.floorDiv(now + after.toNanos(), SECOND) + 1);
  }

  private void send(MessageQueue to, Duration after) {
    try {
      to.send(MESSAGE, after);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "no message could be sent to be woken in {0} s; the next tick looks: {1}",
          after.toSeconds(),
          e.getMessage());
    } finally {
      activity.leave();
    }
  }
}
