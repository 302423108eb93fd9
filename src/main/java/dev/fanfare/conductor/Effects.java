package dev.fanfare.conductor;

import dev.fanfare.engine.Decision;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunRow;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.LeaseStore.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Carries out what a committed decision asks for. */
final class Effects {

  private final Invoker invoker;
  private final Attempts attempts;
  private final Alarm timers;
  private final Grants grants;
  private final RunWatch watch;
  private final long budget;
  private final BiConsumer<UUID, Event> submit;

  /**
   * @param budget most entries of the event log that a run may make
   * @param submit hands over an event that nobody waits for
   */
  Effects(
      Invoker invoker,
      Attempts attempts,
      Alarm timers,
      Grants grants,
      RunWatch watch,
      long budget,
      BiConsumer<UUID, Event> submit) {
    this.budget = budget;
    this.submit = submit;
    this.invoker = invoker;
    this.attempts = attempts;
    this.timers = timers;
    this.grants = grants;
    this.watch = watch;
  }

  /** Makes the order of a claimed step. */
  @FunctionalInterface
  interface OrderMaker {
    WorkOrder make(String step, int node, int attempt);
  }

  /**
   * @param inPlace takes the orders of steps that their reporters do in place, by step
   */
  void carryOut(
      UUID run, Reply.Decided decided, OrderMaker orders, Map<String, WorkOrder> inPlace) {
    List<Invocation> invocations = new ArrayList<>();
    List<Lease> continued = new ArrayList<>();
    for (Decision decision : decided.decisions()) {
      switch (decision) {
        case Decision.Invoke invoke -> {
          WorkOrder order = orders.make(invoke.step(), invoke.node(), invoke.attempt());
          invocations.add(new Invocation(run, invoke.step(), invoke.attempt(), Optional.of(order)));
        }
        case Decision.Continue next -> {
          inPlace.put(next.step(), orders.make(next.step(), next.node(), next.attempt()));
          continued.add(new Lease(run, next.step(), next.attempt()));
        }
        case Decision.Stop ignored -> {}
        case Decision.Arm arm -> timers.wakeIn(arm.after());
        case Decision.Disarm ignored -> {}
        case Decision.Enqueue ignored -> {}
        case Decision.Dequeue ignored -> {}
        case Decision.Finish ignored -> {}
        case Decision.Await ignored -> {}
        case Decision.Unawait ignored -> {}
        case Decision.Acquire acquire -> grants.asked(acquire);
        case Decision.Release release -> grants.released(release);
        case Decision.Remember ignored -> {}
        case Decision.Tally ignored -> {}
        case Decision.NextAttempt ignored -> {}
        case Decision.Wake ignored -> timers.wakeIn(Duration.ZERO);
      }
    }
    continued.forEach(lease -> attempts.hold(lease.run(), lease.step(), lease.attempt()));
    for (Decision decision : decided.decisions()) {
      if (decision instanceof Decision.Stop stop) {
        attempts.stop(new Lease(run, stop.step(), stop.attempt()), stop.reason());
      }
    }
    if (isOverBudget(decided.run())) {
      long used = decided.run().lastEvent();
      submit.accept(run, new Event.Exceeded(Event.Exceeded.Kind.EVENTS, used, budget));
    } else if (!invocations.isEmpty()) {
      invoker.invoke(invocations);
    }
    watch.committed(run, decided.run().status());
  }

  /** Its hooks have as much again. */
  private boolean isOverBudget(RunRow run) {
    return !run.status().isTerminal()
        && (run.isEnding() ? run.lastEvent() / 2 : run.lastEvent()) > budget;
  }
}
