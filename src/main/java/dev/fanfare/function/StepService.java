package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Reaction;
import dev.fanfare.conductor.ShutDownException;
import dev.fanfare.conductor.Transients;
import dev.fanfare.conductor.UnknownRunException;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.pipeline.Slots;
import dev.fanfare.work.Input;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One invocation of the step function: begin, work, report, and on in place with one step that the
 * report made ready, while time is left.
 */
public final class StepService {

  private final Conductor conductor;
  private final Workbench workbench;
  private final Slots shellSlots;
  private final Executor executor;
  private final Supplier<Window> windows;
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile boolean closing;

  /**
   * @param shellSlots most shell steps at once
   * @param executor where work goes on after a commit
   * @param windows how long the invocation that begins may go on
   */
  public StepService(
      Conductor conductor,
      Workbench workbench,
      Slots shellSlots,
      Executor executor,
      Supplier<Window> windows) {
    this.conductor = conductor;
    this.workbench = workbench;
    this.shellSlots = shellSlots;
    this.executor = executor;
    this.windows = windows;
  }

  /** Where an invocation is: the step to do next, and whether steps went before it. */
  private record Next(Optional<WorkOrder> order, boolean begun, boolean continuation) {}

  /** Does an invocation to its end; completes when it has nothing more to do. */
  public Uni<Void> perform(Invocation invocation) {
    Window window = windows.get();
    AtomicReference<Next> next = new AtomicReference<>();
    conductor.attempts().hold(invocation.run(), invocation.step(), invocation.attempt());
    return first(invocation)
        .invoke(next::set)
        .chain(
            found ->
                Uni.createFrom()
                    .deferred(() -> one(next.get(), window).invoke(next::set))
                    .repeat()
                    .until(done -> done.order().isEmpty())
                    .collect()
                    .last())
        .replaceWithVoid()
        .onSubscription()
        .invoke(atWork::incrementAndGet)
        .onTermination()
        .invoke(atWork::decrementAndGet);
  }

  /** How many invocations of steps are under way in this process. */
  int atWork() {
    return atWork.get();
  }

  private Uni<Next> first(Invocation invocation) {
    if (invocation.order().isPresent()) {
      return Uni.createFrom().item(new Next(invocation.order(), false, false));
    }
    return begin(invocation.run(), invocation.step(), invocation.attempt())
        .map(order -> new Next(order, true, false));
  }

  private Uni<Optional<WorkOrder>> begin(UUID run, String step, int attempt) {
    return persistently(() -> conductor.submit(run, new Event.Begin(step, attempt)))
        .emitOn(executor)
        .map(
            reaction -> {
              if (reaction.verdict() != Verdict.ACCEPTED) {
                conductor.attempts().leave(run, step, attempt);
              }
              return reaction.order();
            })
        .onFailure()
        .invoke(() -> conductor.attempts().leave(run, step, attempt));
  }

  /** While the database cannot be reached there is nothing to do but to ask again. */
  private static Uni<Reaction> persistently(Supplier<Uni<Reaction>> event) {
    return Uni.createFrom()
        .deferred(event::get)
        .onFailure(Transients::isTransient)
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .indefinitely();
  }

  /** Whether what was reported is what cannot be stored: the same again would fail again. */
  private static boolean isRefusal(Throwable failure) {
    return !(failure instanceof ShutDownException || failure instanceof UnknownRunException);
  }

  /**
   * Reports until the report is decided: the work is done, and its lease is renewed meanwhile. An
   * outcome that cannot be stored is a failure of the step.
   */
  private Uni<Reaction> report(WorkOrder order, Event.Report report) {
    return persistently(() -> conductor.submit(order.run(), report))
        .onFailure(StepService::isRefusal)
        .recoverWithUni(
            failure -> {
              ErrorInfo error =
                  ErrorInfo.of(
                      "not_stored",
                      "what the step brought cannot be stored: " + failure.getMessage());
              Event.Report instead =
                  new Event.Report(
                      report.step(),
                      report.attempt(),
                      Outcome.Failed.of(error),
                      report.cost(),
                      report.room());
              return persistently(() -> conductor.submit(order.run(), instead));
            });
  }

  /**
   * Begins nothing any more. What is at work is reported still; what has been claimed stays
   * claimed, for whoever finds its worker gone.
   */
  public void close() {
    closing = true;
  }

  private static Next nothing() {
    return new Next(Optional.empty(), true, false);
  }

  private Uni<Next> one(Next next, Window window) {
    if (next.order().isEmpty() || closing) {
      return Uni.createFrom().item(nothing());
    }
    WorkOrder order = next.order().get();
    boolean shell =
        order.preparation() instanceof WorkOrder.Prepared prepared
            && prepared.input() instanceof Input.ShellInput;
    if (!shell) {
      return begunAndDone(next, order, window);
    }
    return shellSlots
        .take()
        .emitOn(executor)
        .chain(
            slot ->
                begunAndDone(next, order, window)
                    .onTermination()
                    .invoke((done, failure, cancelled) -> slot.giveBack()));
  }

  private Uni<Next> begunAndDone(Next next, WorkOrder order, Window window) {
    if (closing) {
      return Uni.createFrom().item(nothing());
    }
    if (next.begun() || workbench.isShort(order)) {
      return done(order, next.continuation(), window);
    }
    return begin(order.run(), order.step(), order.attempt())
        .chain(
            begun ->
                begun.isEmpty() || closing
                    ? Uni.createFrom().item(nothing())
                    : done(begun.get(), next.continuation(), window));
  }

  private Uni<Next> done(WorkOrder order, boolean continuation, Window window) {
    long begun = System.nanoTime();
    StepLines.begins(order);
    // What follows must not hold up, nor depend on, whatever thread the work ended on.
    return attempt(order, window)
        .emitOn(executor)
        .chain(
            outcome -> {
              long now = System.nanoTime();
              StepLines.ended(order, outcome, now - begun);
              Event.Cost cost =
                  new Event.Cost(TimeUnit.NANOSECONDS.toMillis(now - begun), 0, continuation);
              Duration room =
                  closing || outcome instanceof Outcome.Stopped ? Duration.ZERO : window.room(now);
              return report(
                  order, new Event.Report(order.step(), order.attempt(), outcome, cost, room));
            })
        .onTermination()
        .invoke(() -> conductor.attempts().ended(order.run(), order.step(), order.attempt()))
        .emitOn(executor)
        .map(reaction -> new Next(reaction.order(), true, true));
  }

  private Uni<Outcome> attempt(WorkOrder order, Window window) {
    return switch (order.preparation()) {
      case WorkOrder.Broken broken ->
          Uni.createFrom().item((Outcome) Outcome.Failed.of(broken.error()));
      case WorkOrder.Prepared prepared ->
          workbench
              .work(order, prepared.input(), conductor.attempts(), window.left())
              .onFailure()
              .recoverWithItem(
                  failure ->
                      Outcome.Failed.of(
                          ErrorInfo.of("exception", String.valueOf(failure.getMessage()))));
    };
  }
}
