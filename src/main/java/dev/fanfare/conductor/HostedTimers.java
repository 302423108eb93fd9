package dev.fanfare.conductor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Wakes runs whose timers have come due, in a process that is frozen between invocations.
 *
 * <p>A timer that is due at once, a grant or the end of a run that another one waits for, is fired
 * before the invocation that set it ends; so is one within a second, which costs less than to be
 * woken for it. For a later one a function is woken.
 */
final class HostedTimers implements Alarm {

  private static final Logger LOG = System.getLogger(HostedTimers.class.getName());

  /** What is due within this long is waited for. */
  static final Duration SOON = Duration.ofSeconds(1);

  /** What is left of an invocation when no timers are fired in it any more. */
  private static final Duration RESERVE = Duration.ofSeconds(3);

  private enum State {
    IDLE,
    AT_WORK,
    /** At work, and something has come since it looked. */
    AGAIN
  }

  private final DueTimers due;
  private final Hosted hosted;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  HostedTimers(DueTimers due, Hosted hosted) {
    this.due = due;
    this.hosted = hosted;
  }

  @Override
  public void wakeIn(Duration after) {
    if (after.compareTo(SOON) >= 0) {
      hosted.wakeLater().accept(after);
    } else if (hosted.left().get().compareTo(RESERVE) < 0) {
      hosted.wakeLater().accept(after.isNegative() ? Duration.ZERO : after);
    } else if (after.isPositive()) {
      hosted.activity().enter();
      CompletableFuture.delayedExecutor(after.toMillis() + 1, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                now();
                hosted.activity().leave();
              });
    } else {
      now();
    }
  }

  /** Fires what is due, on another thread; the invocation waits for it. */
  private void now() {
    State before = state.getAndUpdate(at -> at == State.IDLE ? State.AT_WORK : State.AGAIN);
    if (before != State.IDLE) {
      return;
    }
    hosted.activity().enter();
    try {
      hosted.executor().execute(this::work);
    } catch (RejectedExecutionException e) {
      state.set(State.IDLE);
      hosted.activity().leave();
    }
  }

  private void work() {
    try {
      do {
        state.set(State.AT_WORK);
        drain();
      } while (!state.compareAndSet(State.AT_WORK, State.IDLE));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "timers could not be fired, trying again: {0}", e.getMessage());
      state.set(State.IDLE);
      hosted.wakeLater().accept(SOON);
    } finally {
      hosted.activity().leave();
    }
  }

  /** Fires everything that is due, as far as there is time. Blocks. */
  void drain() {
    while (true) {
      if (hosted.left().get().compareTo(RESERVE) < 0) {
        hosted.wakeLater().accept(Duration.ZERO);
        return;
      }
      DueTimers.Fired fired = due.fire();
      if (!fired.all()) {
        hosted.wakeLater().accept(SOON);
        return;
      }
      if (!fired.more()) {
        return;
      }
    }
  }
}
