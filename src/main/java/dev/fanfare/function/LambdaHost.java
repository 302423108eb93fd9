package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Hosted;
import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.lambda.CurrentInvocation;
import dev.fanfare.invoke.lambda.LambdaInvoker;
import dev.fanfare.invoke.lambda.MessageQueue;
import dev.fanfare.store.LeaseStore.Lease;
import dev.fanfare.work.lambda.LambdaService;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/** What an engine needs where it lives in the environments of Lambda functions. */
final class LambdaHost implements LambdaInvoker.Consequences, AutoCloseable {

  private static final Logger LOG = System.getLogger(LambdaHost.class.getName());

  /** Calls of the service that are under way at once: each takes a few milliseconds. */
  private static final int AT_ONCE = 16;

  /** A fan-out of more invocations is spread over dispatchers. */
  private static final int DIRECT = 64;

  /** What is left of an invocation when nothing new is handed out in it. */
  private static final Duration RESERVE = Duration.ofSeconds(3);

  /** A run is looked at in every tick, of which there is one a minute. */
  private static final Duration SWEEP = Duration.ofSeconds(45);

  private final Deployment deployment;
  private final Executor executor;
  private final Activity activity = new Activity();
  private final CurrentInvocation current = new CurrentInvocation();
  private final Optional<MessageQueue> queue;
  private final WakeUps wakeUps;
  private final AtomicReference<Optional<Conductor>> conductor =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<StepService>> steps =
      new AtomicReference<>(Optional.empty());
  private final ToIntFunction<Invocation> together;
  private final LambdaInvoker invoker;

  /**
   * @param together how many steps of its kind may share an invocation with a step
   * @param executor its threads may block
   */
  LambdaHost(
      Deployment deployment,
      Cloud cloud,
      LambdaService service,
      ToIntFunction<Invocation> together,
      Executor executor) {
    this.deployment = deployment;
    this.together = together;
    this.executor = executor;
    this.queue = deployment.queue().map(url -> new MessageQueue(url, cloud.endpoint()));
    this.wakeUps = new WakeUps(queue, activity, executor);
    this.invoker =
        new LambdaInvoker(
            service,
            new LambdaInvoker.Targets(
                deployment.step(), deployment.dispatcher(), cloud.images(), queue),
            new LambdaInvoker.Limits(AT_ONCE, DIRECT, deployment.hops(), RESERVE),
            together,
            this::here,
            current,
            this,
            activity,
            executor);
  }

  /** One lane, and few connections: a thousand environments share a database. */
  Settings settings() {
    Duration most = deployment.lease().multipliedBy(3).dividedBy(4);
    Duration sweep = most.compareTo(SWEEP) < 0 ? most : SWEEP;
    return new Settings(1, deployment.lease(), sweep, 8_192).withBudget(deployment.budget());
  }

  Hosted hosted() {
    return new Hosted(activity, executor, current::left, wakeUps::in, deployment.look());
  }

  /**
   * @param engine is told what is refused or postponed
   * @param work does steps in this process
   */
  void serve(Conductor engine, StepService work) {
    conductor.set(Optional.of(engine));
    steps.set(Optional.of(work));
  }

  /**
   * Small steps that a report has made ready are done where it came from, beside the one that it
   * goes on with: to be called for them would cost more than they do.
   *
   * @return the steps that are to be handed out
   */
  private List<Invocation> here(List<Invocation> all) {
    StepService work = steps.get().orElseThrow();
    int room = Workbench.MOST_TOGETHER - work.atWork();
    if (work.atWork() == 0 || room < 1 || window().room(System.nanoTime()).isZero()) {
      return all;
    }
    List<Invocation> others = new ArrayList<>();
    for (Invocation step : all) {
      if (room > 0 && together.applyAsInt(step) == Workbench.MOST_TOGETHER) {
        room--;
        soon(() -> perform(work, step));
      } else {
        others.add(step);
      }
    }
    return others;
  }

  private void perform(StepService work, Invocation step) {
    activity.enter();
    work.perform(step)
        .onTermination()
        .invoke(activity::leave)
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.log(
                    Level.WARNING,
                    "step '" + step.step() + "' was not done; its lease will end",
                    failure));
  }

  LambdaInvoker invoker() {
    return invoker;
  }

  CurrentInvocation current() {
    return current;
  }

  Activity activity() {
    return activity;
  }

  WakeUps wakeUps() {
    return wakeUps;
  }

  /** Does something that may block, before the invocation under way ends. */
  void soon(Runnable task) {
    activity.enter();
    try {
      executor.execute(
          () -> {
            try {
              task.run();
            } finally {
              activity.leave();
            }
          });
    } catch (RejectedExecutionException e) {
      activity.leave();
    }
  }

  /** How long the invocation under way may go on. */
  Window window() {
    Optional<CurrentInvocation.Facts> facts = current.get();
    if (facts.isEmpty()) {
      return new Window(System.nanoTime(), deployment.inPlace(), Optional.empty());
    }
    Duration limit = facts.get().limit();
    // What begins in place shall have most of a short timeout, too.
    Duration quarter = limit.dividedBy(4);
    return new Window(
        facts.get().start(),
        quarter.compareTo(deployment.inPlace()) < 0 ? quarter : deployment.inPlace(),
        Optional.of(limit.minus(deployment.margin())));
  }

  @Override
  public void refused(Invocation step, ErrorInfo error) {
    tell(
        step.run(),
        new Event.Report(
            step.step(), step.attempt(), Outcome.Failed.of(error), Event.Cost.NONE, false));
  }

  @Override
  public Uni<Void> postponed(List<Invocation> steps, Duration delay) {
    List<Lease> leases =
        steps.stream().map(step -> new Lease(step.run(), step.step(), step.attempt())).toList();
    return engine().postpone(leases, delay).onFailure().recoverWithNull();
  }

  @Override
  public void tooFar(UUID run, int hops, int limit) {
    tell(run, new Event.Exceeded(Event.Exceeded.Kind.HOPS, hops, limit));
  }

  private void tell(UUID run, Event event) {
    engine()
        .submit(run, event)
        .subscribe()
        .with(reaction -> {}, failure -> {}); // then its lease runs out
  }

  private Conductor engine() {
    return conductor.get().orElseThrow();
  }

  @Override
  public void close() {
    queue.ifPresent(MessageQueue::close);
  }
}
