package dev.fanfare.invoke.local;

import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Hands invocations to the step function of this process. */
public final class LocalInvoker implements Invoker {

  private static final Logger LOG = System.getLogger(LocalInvoker.class.getName());

  private final Function<Invocation, Uni<Void>> stepFunction;
  private final Executor executor;
  private final AtomicLong count = new AtomicLong();
  private volatile boolean closed;

  /**
   * @param stepFunction does one invocation, and reports; completes when it has ended
   * @param executor where invocations begin
   */
  public LocalInvoker(Function<Invocation, Uni<Void>> stepFunction, Executor executor) {
    this.stepFunction = stepFunction;
    this.executor = executor;
  }

  @Override
  public void invoke(List<Invocation> invocations) {
    for (Invocation invocation : invocations) {
      if (!closed) {
        count.incrementAndGet();
        try {
          executor.execute(() -> start(invocation));
        } catch (RejectedExecutionException e) {
          LOG.log(Level.DEBUG, "step {0} is left to whoever comes next", invocation.step());
        }
      }
    }
  }

  private void start(Invocation invocation) {
    Uni.createFrom()
        .deferred(() -> stepFunction.apply(invocation))
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.log(
                    Level.WARNING,
                    "an invocation of step '" + invocation.step() + "' failed; its lease will end",
                    failure));
  }

  /** Invocations so far: what a bill would count. */
  public long count() {
    return count.get();
  }

  /** Starts nothing any more. What is claimed goes back when its worker is known to be gone. */
  public void close() {
    closed = true;
  }
}
