package dev.fanfare.invoke.local;

import dev.fanfare.definition.Work;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Hands invocations to the step function of this process. */
public final class LocalInvoker implements Invoker {

  private static final Logger LOG = System.getLogger(LocalInvoker.class.getName());

  private final Function<Invocation, Uni<Void>> stepFunction;
  private final Executor executor;
  private final int slots;
  private final Deque<Invocation> waiting = new ArrayDeque<>();
  private final AtomicLong count = new AtomicLong();
  private int busy;
  private boolean closed;

  /**
   * @param stepFunction does one invocation, and reports; completes when it has ended
   * @param executor where invocations begin
   * @param slots most shell steps at once
   */
  public LocalInvoker(Function<Invocation, Uni<Void>> stepFunction, Executor executor, int slots) {
    this.stepFunction = stepFunction;
    this.executor = executor;
    this.slots = slots;
  }

  @Override
  public void invoke(List<Invocation> invocations) {
    for (Invocation invocation : invocations) {
      if (takesSlot(invocation)) {
        synchronized (this) {
          if (busy == slots) {
            waiting.add(invocation);
            continue;
          }
          busy++;
        }
        start(invocation, true);
      } else {
        start(invocation, false);
      }
    }
  }

  /** Invocations so far: what a bill would count. */
  public long count() {
    return count.get();
  }

  /**
   * Starts nothing any more: what waits goes back when its lease ends or its worker is known gone.
   */
  public synchronized void close() {
    closed = true;
    waiting.clear();
  }

  private static boolean takesSlot(Invocation invocation) {
    return invocation
        .order()
        .map(order -> order.definition().body() instanceof Work.Run)
        .orElse(true);
  }

  private void start(Invocation invocation, boolean slot) {
    count.incrementAndGet();
    executor.execute(
        () ->
            Uni.createFrom()
                .deferred(() -> stepFunction.apply(invocation))
                .subscribe()
                .with(
                    done -> ended(slot),
                    failure -> {
                      LOG.log(
                          Level.WARNING,
                          "an invocation of step " + invocation.step() + " failed; its lease ends",
                          failure);
                      ended(slot);
                    }));
  }

  private void ended(boolean slot) {
    if (!slot) {
      return;
    }
    Invocation next;
    synchronized (this) {
      next = closed ? null : waiting.poll();
      if (next == null) {
        busy--;
        return;
      }
    }
    start(next, true);
  }
}
