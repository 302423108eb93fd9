package dev.fanfare.pipeline;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.MaskedTrace;
import dev.fanfare.work.Pulse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One attempt of a step: the work, its limits, its cancel signal and its heartbeat. */
public final class Attempt {

  private static final System.Logger LOGGER = System.getLogger(Attempt.class.getName());

  private Attempt() {}

  /** An attempt whose work is over as soon as it is cancelled. */
  public static Uni<Outcome> run(
      Assignment assignment,
      Supplier<Uni<Outcome>> work,
      Timeouts limits,
      CancelSignal signal,
      Heartbeat heartbeat) {
    Supplier<Uni<Void>> atOnce = () -> Uni.createFrom().voidItem();
    return run(assignment, work, atOnce, limits, Optional.empty(), signal, heartbeat);
  }

  /**
   * Runs the work to exactly one outcome. The Uni never fails; cancelling it stops the work.
   *
   * @param work started once, and not at all where the signal has been given before
   * @param stopped completes when nothing of the cancelled work is left; awaited before a timeout
   *     is told
   * @param limits of this attempt: {@code attempt}, and {@code heartbeat} between two beats of its
   *     pulse
   * @param left until the function that it runs in has to be done with it
   * @param signal ends the attempt as {@code Stopped} at once
   * @param heartbeat beats from the begin on, first after one interval
   */
  public static Uni<Outcome> run(
      Assignment assignment,
      Supplier<Uni<Outcome>> work,
      Supplier<Uni<Void>> stopped,
      Timeouts limits,
      Optional<Duration> left,
      CancelSignal signal,
      Heartbeat heartbeat) {
    Uni<Outcome> safe = neverFailing(work, assignment);
    Uni<Outcome> limited = limited(safe, stopped, limits, left, assignment);
    Uni<Outcome> cancelled =
        Uni.createFrom()
            .deferred(signal::requested)
            .map(reason -> (Outcome) new Outcome.Stopped(reason))
            .onFailure()
            .recoverWithUni(Uni.createFrom().nothing());
    return FirstOutcome.of(List.of(cancelled, stoppedByHeartbeat(heartbeat, assignment), limited));
  }

  private static Uni<Outcome> neverFailing(Supplier<Uni<Outcome>> work, Assignment assignment) {
    return Uni.createFrom()
        .deferred(work::get)
        .onItem()
        .ifNull()
        .failWith(() -> new IllegalStateException("the work ended without an outcome"))
        .onFailure()
        .recoverWithItem(
            thrown -> {
              LOGGER.log(
                  System.Logger.Level.DEBUG,
                  "the work of {0} threw: {1}",
                  assignment.step(),
                  new MaskedTrace(thrown, assignment));
              return failed(thrown);
            });
  }

  private static Outcome failed(Throwable thrown) {
    String type = thrown.getClass().getSimpleName();
    String message = thrown.getMessage() == null ? type : type + ": " + thrown.getMessage();
    return Outcome.Failed.of(
        ErrorInfo.of("exception", message).with("class", thrown.getClass().getName()));
  }

  /** The work, or its end by a limit, told once nothing of it is left. */
  private static Uni<Outcome> limited(
      Uni<Outcome> work,
      Supplier<Uni<Void>> stopped,
      Timeouts limits,
      Optional<Duration> left,
      Assignment assignment) {
    List<Uni<Outcome>> candidates = new ArrayList<>();
    left.ifPresent(rest -> candidates.add(deadline(rest, assignment)));
    limits.attempt().ifPresent(limit -> candidates.add(overdue(limit, assignment)));
    limits.heartbeat().ifPresent(limit -> candidates.add(silent(limit, assignment)));
    if (candidates.isEmpty()) {
      return work;
    }
    candidates.add(work);
    return FirstOutcome.of(candidates)
        .chain(
            outcome ->
                outcome instanceof Outcome.TimedOut || isDeadline(outcome)
                    ? Uni.createFrom()
                        .deferred(stopped::get)
                        .onFailure()
                        .recoverWithNull()
                        .map(gone -> outcome)
                    : Uni.createFrom().item(outcome));
  }

  /** The code of what has no more time in its function. */
  private static final String DEADLINE = "function_deadline";

  private static Uni<Outcome> deadline(Duration left, Assignment assignment) {
    ErrorInfo error =
        ErrorInfo.of(
                DEADLINE,
                ("Attempt %d of step \"%s\" was stopped after %s, because the Lambda function that"
                        + " it ran in may not go on for longer. Make the function's timeout longer (15"
                        + " minutes at most), split the step, or let it go on where it was with"
                        + " 'retry'.")
                    .formatted(assignment.attempt(), assignment.step(), inWords(left)))
            .with("afterMs", left.toMillis());
    Uni<Outcome> failed = Uni.createFrom().item(Outcome.Failed.of(error));
    return left.isPositive() ? failed.onItem().delayIt().by(TimerDelay.of(left)) : failed;
  }

  private static boolean isDeadline(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed && failed.error().code().equals(DEADLINE);
  }

  private static Uni<Outcome> overdue(Duration limit, Assignment assignment) {
    ErrorInfo error =
        ErrorInfo.of(
                "timed_out",
                "Attempt %d of step \"%s\" took longer than its limit of %s and was stopped."
                    .formatted(assignment.attempt(), assignment.step(), inWords(limit)))
            .with("limitMs", limit.toMillis());
    return Uni.createFrom()
        .item((Outcome) new Outcome.TimedOut(error))
        .onItem()
        .delayIt()
        .by(TimerDelay.of(limit));
  }

  /** One timer at a time: when it is over it is set again for what is left of the silence. */
  private static Uni<Outcome> silent(Duration limit, Assignment assignment) {
    ErrorInfo error =
        ErrorInfo.of(
                "heartbeat_timed_out",
                ("Attempt %d of step \"%s\" gave no sign of life for %s and was stopped. Let it"
                        + " print something now and then, or allow more time between two signs.")
                    .formatted(assignment.attempt(), assignment.step(), inWords(limit)))
            .with("limitMs", limit.toMillis());
    Pulse pulse = assignment.pulse();
    return Uni.createFrom()
        .deferred(
            () -> {
              Duration left = limit.minus(pulse.silence());
              return left.isPositive()
                  ? Uni.createFrom().item(false).onItem().delayIt().by(TimerDelay.of(left))
                  : Uni.createFrom().item(true);
            })
        .repeat()
        .until(over -> over)
        .onItem()
        .ignoreAsUni()
        .map(over -> (Outcome) new Outcome.TimedOut(error));
  }

  /** Never yields anything but a stop. */
  private static Uni<Outcome> stoppedByHeartbeat(Heartbeat heartbeat, Assignment assignment) {
    if (heartbeat.every().isZero()) {
      return Uni.createFrom().nothing();
    }
    return Multi.createFrom()
        .ticks()
        .startingAfter(heartbeat.every())
        .every(heartbeat.every())
        .onOverflow()
        .drop()
        .onItem()
        .transformToUniAndConcatenate(tick -> beat(heartbeat, assignment))
        .select()
        .where(Heartbeat.Answer.Stop.class::isInstance)
        .map(answer -> (Outcome) new Outcome.Stopped(((Heartbeat.Answer.Stop) answer).reason()))
        .toUni();
  }

  private static Uni<Heartbeat.Answer> beat(Heartbeat heartbeat, Assignment assignment) {
    Heartbeat.Answer goOn = new Heartbeat.Answer.GoOn();
    return Uni.createFrom()
        .deferred(() -> heartbeat.beat().get())
        .ifNoItem()
        .after(heartbeat.every().multipliedBy(2))
        .fail()
        .onFailure()
        .invoke(
            thrown ->
                LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "a heartbeat of " + assignment.step() + " failed",
                    thrown))
        .onFailure()
        .recoverWithItem(goOn);
  }

  private static String inWords(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }
}
