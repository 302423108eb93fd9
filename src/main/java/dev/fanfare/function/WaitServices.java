package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.store.SubscriptionStore;
import dev.fanfare.store.WaitViews;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.concurrent.Executor;

/** What brings waiting steps what they wait for. */
public final class WaitServices {

  private final EventService events;
  private final CallbackService callbacks;
  private final ApprovalService approvals;

  WaitServices(Pool pool, Conductor conductor, Executor executor) {
    SubscriptionStore subscriptions = new SubscriptionStore(pool);
    WaitViews views = new WaitViews(pool);
    this.events = new EventService(conductor, subscriptions);
    this.callbacks = new CallbackService(conductor, subscriptions, views);
    this.approvals = new ApprovalService(conductor, views, executor);
  }

  public EventService events() {
    return events;
  }

  public CallbackService callbacks() {
    return callbacks;
  }

  public ApprovalService approvals() {
    return approvals;
  }
}
