package dev.fanfare.testing.lambda;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A standard queue of SQS: at least once, in no order that anybody may rely on. */
final class Queue {

  /** A message, and how often it has been received. */
  static final class Message {
    final String id = UUID.randomUUID().toString();
    final String body;
    final String trace;
    final Map<String, Object> attributes;
    final long sent = System.currentTimeMillis();
    long firstReceived;
    int receives;
    String receipt = "";

    private Message(String body, String trace, Map<String, Object> attributes) {
      this.body = body;
      this.trace = trace;
      this.attributes = attributes;
    }
  }

  private final QueueSettings settings;
  private final Queues others;
  private final Vertx vertx;
  private final Pace pace;
  private final Counts counts;
  private final Map<String, Message> visible = new LinkedHashMap<>();
  private final Map<String, Message> hidden = new LinkedHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private int delayed;

  Queue(QueueSettings settings, Queues others, Vertx vertx, Pace pace, Counts counts) {
    this.settings = settings;
    this.others = others;
    this.vertx = vertx;
    this.pace = pace;
    this.counts = counts;
  }

  QueueSettings settings() {
    return settings;
  }

  Message send(String body, String trace) {
    return send(body, trace, Map.of(), Duration.ZERO);
  }

  Message send(String body, String trace, Map<String, Object> attributes, Duration delay) {
    Message message = new Message(body, trace, attributes);
    counts.add("messages", settings.name());
    if (delay.isZero()) {
      show(message);
    } else {
      synchronized (this) {
        delayed++;
      }
      timer(
          delay,
          () -> {
            synchronized (this) {
              delayed--;
            }
            show(message);
          });
    }
    return message;
  }

  private void timer(Duration onAws, Runnable what) {
    vertx.setTimer(Math.max(1, pace.queue(onAws).toMillis()), timer -> what.run());
  }

  private void show(Message message) {
    boolean dead;
    synchronized (this) {
      hidden.remove(message.receipt);
      dead =
          settings.redrive().isPresent() && message.receives >= settings.redrive().get().receives();
      if (!dead) {
        visible.put(message.id, message);
      }
    }
    if (dead) {
      counts.add("redriven", settings.name());
      others
          .get(settings.redrive().orElseThrow().queue())
          .send(message.body, message.trace, message.attributes, Duration.ZERO);
    } else {
      listeners.forEach(Runnable::run);
    }
  }

  /** Is told whenever a message can be received. */
  void listen(Runnable listener) {
    listeners.add(listener);
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /** Takes up to so many messages and hides them for a while. */
  List<Message> receive(int most, Duration visibility) {
    List<Message> taken = new ArrayList<>();
    synchronized (this) {
      for (Message message : List.copyOf(visible.values())) {
        if (taken.size() == most) {
          break;
        }
        visible.remove(message.id);
        message.receives++;
        message.receipt = UUID.randomUUID().toString();
        message.firstReceived =
            message.receives == 1 ? System.currentTimeMillis() : message.firstReceived;
        hidden.put(message.receipt, message);
        taken.add(message);
      }
    }
    for (Message message : taken) {
      String receipt = message.receipt;
      timer(visibility, () -> showAgain(receipt));
    }
    return taken;
  }

  private void showAgain(String receipt) {
    Message message;
    synchronized (this) {
      message = hidden.get(receipt);
    }
    if (message != null) {
      show(message);
    }
  }

  /** Sets anew when a received message becomes visible. */
  void hide(String receipt, Duration visibility) {
    Message message;
    synchronized (this) {
      message = hidden.remove(receipt);
      if (message != null) {
        message.receipt = receipt + "+";
        hidden.put(message.receipt, message);
      }
    }
    if (message == null) {
      return;
    }
    if (visibility.isZero()) {
      showAgain(message.receipt);
    } else {
      String later = message.receipt;
      timer(visibility, () -> showAgain(later));
    }
  }

  synchronized void delete(String receipt) {
    hidden.remove(receipt);
    hidden.remove(receipt + "+");
  }

  synchronized void purge() {
    visible.clear();
    hidden.clear();
  }

  /** Messages that can be received now. */
  synchronized int visible() {
    return visible.size();
  }

  /** Messages that somebody has received and not deleted. */
  synchronized int inFlight() {
    return hidden.size();
  }

  synchronized int delayed() {
    return delayed;
  }

  synchronized List<String> bodies() {
    return visible.values().stream().map(message -> message.body).toList();
  }
}
