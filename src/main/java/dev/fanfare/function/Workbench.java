package dev.fanfare.function;

import dev.fanfare.conductor.Attempts;
import dev.fanfare.definition.Outcome;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.pipeline.Attempt;
import dev.fanfare.pipeline.CancelSwitch;
import dev.fanfare.pipeline.Heartbeat;
import dev.fanfare.secret.Masker;
import dev.fanfare.secret.Vault;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Worker;
import dev.fanfare.work.call.CallSteps;
import dev.fanfare.work.call.CallWork;
import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.files.Workspaces;
import dev.fanfare.work.http.HttpWork;
import dev.fanfare.work.lambda.LambdaWork;
import dev.fanfare.work.log.BeatingLog;
import dev.fanfare.work.log.LogBuffer;
import dev.fanfare.work.log.LogLimits;
import dev.fanfare.work.log.LogSink;
import dev.fanfare.work.shell.ShellWork;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Does one attempt: gives it a workspace, a log, a limit and a way to stop it. */
public final class Workbench {

  private final Path root;
  private final Workspaces workspaces;
  private final LogBook logs;
  private final ShellWork shell;
  private final HttpWork http;
  private final CallWork call;
  private final CallSteps beans;
  private final LambdaWork lambda;
  private final ChildRuns children;
  private final Handover handover;
  private final Activity activity;

  /**
   * @param root where work is that needs no folder
   * @param workspaces where other work gets its folder
   * @param vault where the secrets of steps come from
   * @param activity counts work that was stopped and is not gone yet
   */
  public Workbench(
      Path root,
      Workspaces workspaces,
      LogBook logs,
      ShellWork shell,
      HttpWork http,
      CallSteps beans,
      LambdaWork lambda,
      ChildRuns children,
      Vault vault,
      Activity activity) {
    this.activity = activity;
    this.root = root;
    this.workspaces = workspaces;
    this.logs = logs;
    this.shell = shell;
    this.http = http;
    this.beans = beans;
    this.lambda = lambda;
    this.children = children;
    this.call = new CallWork(beans);
    this.handover = new Handover(vault);
  }

  /**
   * Whether the work is done in no time and may be done again, so that its begin is not recorded.
   */
  boolean isShort(WorkOrder order) {
    return switch (order.preparation()) {
      case WorkOrder.Broken ignored -> true;
      case WorkOrder.Prepared prepared ->
          switch (prepared.input()) {
            case Input.PassInput ignored -> true;
            case Input.CallInput input ->
                beans.find(input.bean()).orElse(null) instanceof JavaStep step && step.isShort();
            case Input.ShellInput ignored -> false;
            case Input.HttpInput ignored -> false;
            case Input.WorkflowInput ignored -> false;
            case Input.LambdaInput ignored -> false;
          };
    };
  }

  /** Most steps at once in an invocation. */
  static final int MOST_TOGETHER = 100;

  /**
   * How many steps of its kind may share an invocation with a step: those that take no time at all,
   * some of those that wait for others, and no other beside a script.
   */
  int together(Invocation step) {
    return step.order().map(this::together).orElse(1);
  }

  private int together(WorkOrder order) {
    if (isShort(order)) {
      return MOST_TOGETHER;
    }
    return switch (order.preparation()) {
      case WorkOrder.Broken ignored -> MOST_TOGETHER;
      case WorkOrder.Prepared prepared ->
          switch (prepared.input()) {
            case Input.PassInput ignored -> MOST_TOGETHER;
            case Input.HttpInput ignored -> 20;
            case Input.LambdaInput ignored -> 20;
            case Input.WorkflowInput ignored -> 20;
            case Input.CallInput ignored -> 10;
            case Input.ShellInput ignored -> 1;
          };
    };
  }

  /**
   * @param left until the function that it is done in has to be done with it
   */
  Uni<Outcome> work(WorkOrder order, Input input, Attempts attempts, Optional<Duration> left) {
    return handover.work(
        order.secrets(), input, (filled, masker) -> work(order, filled, masker, attempts, left));
  }

  private Uni<Outcome> work(
      WorkOrder order, Input input, Masker masker, Attempts attempts, Optional<Duration> left) {
    return switch (input) {
      case Input.PassInput pass -> Uni.createFrom().item(Outcome.Succeeded.of(pass.output()));
      case Input.CallInput works ->
          attempt(order, works, call, masker, attempts, left, isShort(order));
      case Input.HttpInput works -> attempt(order, works, http, masker, attempts, left, true);
      case Input.LambdaInput works -> attempt(order, works, lambda, masker, attempts, left, true);
      // Not to be stopped half-way: whoever does not want the run stops it when it is reported.
      case Input.WorkflowInput works -> start(order, works);
      case Input.ShellInput works ->
          attempt(order, withSource(order, works), shell, masker, attempts, left, false);
    };
  }

  private Uni<Outcome> start(WorkOrder order, Input.WorkflowInput input) {
    return children.start(
        order,
        input,
        reading -> {
          Workspaces.Visit visit = Visits.of(order, input, LogSink.NONE, new Pulse());
          return workspaces.within(visit, reading, () -> Uni.createFrom().voidItem());
        });
  }

  private <I extends Input> Uni<Outcome> attempt(
      WorkOrder order,
      I input,
      Worker<I> worker,
      Masker masker,
      Attempts attempts,
      Optional<Duration> left,
      boolean withoutFolder) {
    LogBuffer log =
        new LogBuffer(
            order.run(), order.step(), order.attempt(), LogLimits.DEFAULT, masker, logs::append);
    Pulse pulse = new Pulse();
    LogSink alive = new BeatingLog(log, pulse);
    Assignment assignment =
        new Assignment(
            order.run(),
            order.workflow(),
            order.step(),
            order.attempt(),
            order.idempotencyKey(),
            root,
            alive,
            pulse,
            order.definition().timeouts().attempt(),
            order.trace());
    CancelSwitch cancel = new CancelSwitch();
    attempts.atWork(order.run(), order.step(), order.attempt(), cancel::cancel);
    return Attempt.run(
            assignment,
            () ->
                withoutFolder
                    ? worker.work(assignment, input)
                    : inFolder(order, input, worker, assignment),
            () -> worker.stopped(assignment),
            order.definition().timeouts(),
            left,
            cancel,
            Heartbeat.NONE)
        .invoke(outcome -> awaitEnd(worker, assignment))
        .call(outcome -> log.close().onFailure().recoverWithNull());
  }

  /** What was told to stop is awaited by the invocation and not by whoever waits for the step. */
  private void awaitEnd(Worker<?> worker, Assignment assignment) {
    activity.enter();
    worker
        .stopped(assignment)
        .subscribe()
        .with(gone -> activity.leave(), failure -> activity.leave());
  }

  private <I extends Input> Uni<Outcome> inFolder(
      WorkOrder order, I input, Worker<I> worker, Assignment assignment) {
    return workspaces.within(
        Visits.of(order, input, assignment.log(), assignment.pulse()),
        folder -> worker.work(assignment.in(folder), input),
        () -> worker.stopped(assignment));
  }

  /** A shell step learns the folder of its workflow file, where the run has one. */
  private static Input.ShellInput withSource(WorkOrder order, Input.ShellInput input) {
    Optional<Object> source = Optional.ofNullable(order.context().get("source"));
    if (source.isEmpty()) {
      return input;
    }
    Map<String, String> env = new LinkedHashMap<>();
    env.put("FANFARE_SOURCE", String.valueOf(source.get()));
    env.putAll(input.env());
    return input.with(env);
  }
}
