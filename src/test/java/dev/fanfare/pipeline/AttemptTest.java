package dev.fanfare.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.pipeline.Heartbeat.Answer;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.RecordedLog;
import dev.fanfare.work.log.LogSink;
import dev.fanfare.work.shell.ShellSettings;
import dev.fanfare.work.shell.ShellWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Timeouts NO_LIMIT = Timeouts.NONE;

  private static Timeouts limit(Duration limit) {
    return new Timeouts(Optional.of(limit), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Timeouts heartbeat(Duration limit) {
    return new Timeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(limit));
  }

  private static final Outcome DONE = Outcome.Succeeded.of("done");

  private final Assignment assignment = Assignments.in(Path.of("."), LogSink.NONE);

  private static Uni<Outcome> endless(AtomicBoolean cancelled) {
    return Uni.createFrom().<Outcome>nothing().onCancellation().invoke(() -> cancelled.set(true));
  }

  private Outcome run(Uni<Outcome> work, Timeouts timeout, CancelSignal signal) {
    return Attempt.run(assignment, () -> work, timeout, signal, Heartbeat.NONE)
        .await()
        .atMost(LIMIT);
  }

  @Test
  void the_outcome_of_the_work_passes_through() {
    Timeouts limit = limit(Duration.ofSeconds(10));
    assertEquals(DONE, run(Uni.createFrom().item(DONE), limit, CancelSignal.NEVER));
  }

  @Test
  void whatever_is_thrown_is_a_failure() {
    for (Uni<Outcome> work :
        List.of(
            Uni.createFrom().<Outcome>failure(new IllegalStateException("broken")),
            Uni.createFrom()
                .<Outcome>item(
                    () -> {
                      throw new AssertionError("broken");
                    }),
            Uni.createFrom().<Outcome>nullItem())) {
      Outcome outcome = run(work, NO_LIMIT, CancelSignal.NEVER);
      assertTrue(
          outcome instanceof Outcome.Failed failed && failed.error().code().equals("exception"),
          outcome.toString());
    }
    Outcome thrown =
        Attempt.run(
                assignment,
                () -> {
                  throw new IllegalArgumentException("early");
                },
                NO_LIMIT,
                CancelSignal.NEVER,
                Heartbeat.NONE)
            .await()
            .atMost(LIMIT);
    assertTrue(thrown.toString().contains("early"));
  }

  @Test
  void a_limit_stops_the_work_before_it_is_told() {
    AtomicBoolean cancelled = new AtomicBoolean();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    CompletableFuture<Outcome> outcome =
        Attempt.run(
                assignment,
                () -> endless(cancelled).onCancellation().invoke(() -> gone.complete(null)),
                () ->
                    Uni.createFrom().completionStage(gone).invoke(v -> assertTrue(cancelled.get())),
                limit(Duration.ofMillis(50)),
                Optional.empty(),
                CancelSignal.NEVER,
                Heartbeat.NONE)
            .subscribeAsCompletionStage();
    Outcome told = outcome.orTimeout(10, TimeUnit.SECONDS).join();
    assertTrue(cancelled.get());
    assertTrue(told instanceof Outcome.TimedOut t && t.error().code().equals("timed_out"));
    assertTrue(told.toString().contains("50 ms"), told.toString());
  }

  @Test
  void a_failing_timeout_of_the_work_itself_is_not_the_limit() {
    Uni<Outcome> work = Uni.createFrom().failure(new io.smallrye.mutiny.TimeoutException());
    assertTrue(run(work, limit(LIMIT), CancelSignal.NEVER) instanceof Outcome.Failed);
  }

  @Test
  void a_cancel_signal_stops_at_once() {
    AtomicBoolean cancelled = new AtomicBoolean();
    CancelSwitch button = new CancelSwitch();
    CompletableFuture<Outcome> outcome =
        Attempt.run(assignment, () -> endless(cancelled), NO_LIMIT, button, Heartbeat.NONE)
            .subscribeAsCompletionStage();
    assertFalse(outcome.isDone());
    button.cancel("the race is won");
    assertEquals(new Outcome.Stopped("the race is won"), outcome.join());
    assertTrue(cancelled.get());
  }

  @Test
  void work_that_was_cancelled_before_never_starts() {
    CancelSwitch button = new CancelSwitch();
    button.cancel("too late");
    AtomicBoolean started = new AtomicBoolean();
    Uni<Outcome> work =
        Uni.createFrom()
            .item(
                () -> {
                  started.set(true);
                  return DONE;
                });
    assertEquals(new Outcome.Stopped("too late"), run(work, NO_LIMIT, button));
    assertFalse(started.get());
  }

  @Test
  void one_attempt_that_goes_does_not_cancel_the_signal_of_others() {
    CancelSwitch button = new CancelSwitch();
    assertEquals(DONE, run(Uni.createFrom().item(DONE), NO_LIMIT, button));
    assertFalse(button.isCancelled());
  }

  @Test
  void a_heartbeat_beats_until_its_answer_says_stop() {
    AtomicInteger beats = new AtomicInteger();
    AtomicBoolean cancelled = new AtomicBoolean();
    Heartbeat heartbeat =
        new Heartbeat(
            Duration.ofMillis(10),
            () ->
                beats.incrementAndGet() == 2
                    ? Uni.createFrom().failure(new IllegalStateException("no database"))
                    : Uni.createFrom()
                        .item(beats.get() < 5 ? new Answer.GoOn() : new Answer.Stop("lost")));
    Outcome outcome =
        Attempt.run(assignment, () -> endless(cancelled), NO_LIMIT, CancelSignal.NEVER, heartbeat)
            .await()
            .atMost(LIMIT);
    assertEquals(new Outcome.Stopped("lost"), outcome);
    assertEquals(5, beats.get());
    assertTrue(cancelled.get());
  }

  @Test
  void a_heartbeat_ends_with_the_work() {
    AtomicReference<UniEmitter<? super Outcome>> work = new AtomicReference<>();
    AtomicInteger beats = new AtomicInteger();
    CompletableFuture<Void> silent = new CompletableFuture<>();
    Heartbeat heartbeat =
        new Heartbeat(
            Duration.ofMillis(5),
            () -> {
              if (beats.incrementAndGet() == 3) {
                work.get().complete(DONE);
              }
              return Uni.createFrom()
                  .<Answer>nothing()
                  .onCancellation()
                  .invoke(() -> silent.complete(null))
                  .ifNoItem()
                  .after(Duration.ofMillis(1))
                  .recoverWithItem(new Answer.GoOn());
            });
    Uni<Outcome> waiting = Uni.createFrom().emitter(emitter -> work.set(emitter));
    assertEquals(
        DONE,
        Attempt.run(assignment, () -> waiting, NO_LIMIT, CancelSignal.NEVER, heartbeat)
            .await()
            .atMost(LIMIT));
    silent.orTimeout(10, TimeUnit.SECONDS).join();
    assertEquals(3, beats.get());
  }

  @Test
  void work_that_gives_no_sign_of_life_is_stopped() {
    AtomicBoolean cancelled = new AtomicBoolean();
    Assignment quiet = Assignments.in(Path.of("."), LogSink.NONE);
    Outcome outcome =
        Attempt.run(
                quiet,
                () -> endless(cancelled),
                heartbeat(Duration.ofMillis(50)),
                CancelSignal.NEVER,
                Heartbeat.NONE)
            .await()
            .atMost(LIMIT);
    assertTrue(
        outcome instanceof Outcome.TimedOut t && t.error().code().equals("heartbeat_timed_out"),
        outcome.toString());
    assertTrue(cancelled.get());
    assertTrue(outcome.toString().contains("no sign of life for 50 ms"), outcome.toString());
  }

  @Test
  void work_that_gives_signs_of_life_may_take_longer_than_the_time_between_two_of_them() {
    Assignment lively = Assignments.in(Path.of("."), LogSink.NONE);
    Duration between = Duration.ofMillis(400);
    long begun = System.nanoTime();
    Uni<Outcome> work =
        Multi.createFrom()
            .ticks()
            .every(Duration.ofMillis(20))
            .invoke(tick -> lively.pulse().beat())
            .select()
            .first(50)
            .collect()
            .last()
            .map(last -> DONE);
    assertEquals(
        DONE,
        Attempt.run(lively, () -> work, heartbeat(between), CancelSignal.NEVER, Heartbeat.NONE)
            .await()
            .atMost(LIMIT));
    assertTrue(System.nanoTime() - begun > between.toNanos());
  }

  @Test
  void the_shorter_of_two_limits_decides() {
    Timeouts both =
        new Timeouts(
            Optional.of(Duration.ofMillis(50)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Duration.ofSeconds(10)));
    Outcome outcome = run(endless(new AtomicBoolean()), both, CancelSignal.NEVER);
    assertTrue(outcome instanceof Outcome.TimedOut t && t.error().code().equals("timed_out"));
  }

  @Test
  void completion_and_cancel_at_the_same_instant_give_exactly_one_outcome() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int stopped = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      CyclicBarrier barrier = new CyclicBarrier(2);
      for (int i = 0; i < 5000; i++) {
        CancelSwitch button = new CancelSwitch();
        AtomicReference<UniEmitter<? super Outcome>> work = new AtomicReference<>();
        AtomicInteger outcomes = new AtomicInteger();
        CompletableFuture<Outcome> first = new CompletableFuture<>();
        Attempt.run(
                assignment,
                () -> Uni.createFrom().emitter(emitter -> work.set(emitter)),
                i % 2 == 0 ? NO_LIMIT : limit(LIMIT),
                button,
                Heartbeat.NONE)
            .subscribe()
            .with(
                outcome -> {
                  outcomes.incrementAndGet();
                  first.complete(outcome);
                });
        int spinA = random.nextInt(50);
        int spinB = random.nextInt(50);
        var a = threads.submit(() -> race(barrier, spinA, () -> work.get().complete(DONE)));
        var b = threads.submit(() -> race(barrier, spinB, () -> button.cancel("stop")));
        a.get(10, TimeUnit.SECONDS);
        b.get(10, TimeUnit.SECONDS);
        stopped += first.get(10, TimeUnit.SECONDS) instanceof Outcome.Stopped ? 1 : 0;
        assertEquals(1, outcomes.get());
      }
    }
    System.out.println("stopped " + stopped + " of 5000");
  }

  private static Void race(CyclicBarrier barrier, int spins, Runnable action) throws Exception {
    barrier.await(10, TimeUnit.SECONDS);
    for (int i = 0; i < spins; i++) {
      Thread.onSpinWait();
    }
    action.run();
    return null;
  }

  @Test
  void a_signal_during_the_start_of_the_work_leaves_nothing_running() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      for (int i = 0; i < 2000; i++) {
        CancelSwitch button = new CancelSwitch();
        AtomicInteger running = new AtomicInteger();
        var cancel = threads.submit(() -> button.cancel("stop"));
        Uni<Outcome> work =
            Uni.createFrom()
                .emitter(
                    emitter -> {
                      running.incrementAndGet();
                      emitter.onTermination(running::decrementAndGet);
                    });
        assertEquals(new Outcome.Stopped("stop"), run(work, NO_LIMIT, button));
        cancel.get(10, TimeUnit.SECONDS);
        awaitZero(running);
      }
    }
  }

  private static void awaitZero(AtomicInteger running) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (running.get() != 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, running.get());
  }

  @Test
  void a_script_over_its_limit_is_gone_when_the_timeout_is_told(@TempDir Path folder)
      throws Exception {
    RecordedLog log = new RecordedLog();
    Assignment script = Assignments.in(folder.toRealPath(), log);
    ShellSettings settings =
        ShellSettings.in(folder.resolve("scratch")).withGrace(Duration.ofMillis(300));
    try (ShellWork shell = new ShellWork(settings)) {
      ShellInput input =
          new ShellInput(
              List.of("trap '' TERM", "echo pid $$", "while :; do sleep 1; done"),
              "sh",
              "",
              Map.of(),
              Map.of());
      Outcome outcome =
          Attempt.run(
                  script,
                  () -> shell.work(script, input),
                  () -> shell.stopped(script),
                  limit(Duration.ofMillis(1500)),
                  Optional.empty(),
                  CancelSignal.NEVER,
                  Heartbeat.NONE)
              .await()
              .atMost(LIMIT);
      assertTrue(outcome instanceof Outcome.TimedOut, outcome.toString());
      long pid = Long.parseLong(log.await("pid ").substring(4));
      assertFalse(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }
  }
}
