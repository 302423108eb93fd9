package dev.fanfare.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.CallInput;
import dev.fanfare.work.log.LogSink;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallWorkTest {

  record Price(String sku, int cents, List<Integer> parts, LocalDate day) {}

  private static Outcome call(CallStep step, @Nullable Object input) {
    return new CallWork(CallSteps.of(Map.of("b", step)))
        .work(Assignments.in(Path.of("."), LogSink.NONE), new CallInput("b", input))
        .await()
        .atMost(Duration.ofSeconds(20));
  }

  @Test
  void a_bean_gets_its_input_and_who_it_is_on_a_virtual_thread() {
    JavaStep step =
        (context, input) -> List.of(input, context.attempt(), Thread.currentThread().isVirtual());
    assertEquals(Outcome.Succeeded.of(List.of("in", 2L, true)), call(step, "in"));
  }

  @Test
  void a_short_bean_runs_where_it_is_called() {
    Thread caller = Thread.currentThread();
    JavaStep step =
        new JavaStep() {
          @Override
          public Object run(StepContext context, @Nullable Object input) {
            return Thread.currentThread() == caller;
          }

          @Override
          public boolean isShort() {
            return true;
          }
        };
    assertEquals(Outcome.Succeeded.of(true), call(step, null));
  }

  @Test
  void a_record_becomes_json() {
    JavaStep step = (c, i) -> new Price("a", 5, List.of(1), LocalDate.of(2026, 1, 2));
    assertEquals(
        Outcome.Succeeded.of(
            Map.of("sku", "a", "cents", 5L, "parts", List.of(1L), "day", "2026-01-02")),
        call(step, null));
    assertEquals(Outcome.Succeeded.of(null), call((JavaStep) (c, i) -> null, null));
  }

  @Test
  void what_a_bean_throws_is_a_failure_without_a_stack() {
    for (CallStep step :
        List.of(
            (JavaStep)
                (c, i) -> {
                  throw new IOException("disk");
                },
            (ReactiveStep) (c, i) -> Uni.createFrom().failure(new IOException("disk")))) {
      Outcome outcome = call(step, null);
      assertTrue(outcome instanceof Outcome.Failed);
      Outcome.Failed failed = (Outcome.Failed) outcome;
      assertEquals("exception", failed.error().code());
      assertEquals("IOException: disk", failed.error().message());
      assertEquals("java.io.IOException", failed.error().details().get("class"));
      assertFalse(failed.toString().contains("\tat "));
    }
    Outcome error =
        call(
            (JavaStep)
                (c, i) -> {
                  throw new StackOverflowError();
                },
            null);
    assertTrue(error.toString().contains("StackOverflowError"));
  }

  @Test
  void an_unknown_bean_is_refused_with_the_known_ones() {
    Outcome outcome =
        new CallWork(
                CallSteps.of(Map.of("one", (JavaStep) (c, i) -> 1, "two", (JavaStep) (c, i) -> 2)))
            .work(Assignments.in(Path.of("."), LogSink.NONE), new CallInput("three", null))
            .await()
            .indefinitely();
    assertTrue(outcome.toString().contains("unknown_bean"));
    assertTrue(outcome.toString().contains("one, two"));
  }

  @Test
  void a_reactive_bean_yields_its_item() {
    assertEquals(
        Outcome.Succeeded.of(4L), call((ReactiveStep) (c, i) -> Uni.createFrom().item(4), null));
  }

  @Test
  void a_cancel_interrupts_a_bean_and_cancels_a_reactive_one() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> interrupted = new CompletableFuture<>();
    JavaStep blocking =
        (c, i) -> {
          begun.countDown();
          try {
            return new CompletableFuture<>().get();
          } catch (InterruptedException e) {
            interrupted.complete("yes");
            throw e;
          }
        };
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    ReactiveStep reactive =
        (c, i) ->
            Uni.createFrom().nothing().onCancellation().invoke(() -> cancelled.complete("yes"));
    subscribe(reactive).cancel();
    Cancellable running = subscribe(blocking);
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    running.cancel();
    assertEquals("yes", interrupted.get(10, TimeUnit.SECONDS));
    assertEquals("yes", cancelled.get(10, TimeUnit.SECONDS));
  }

  private static Cancellable subscribe(CallStep step) {
    return new CallWork(CallSteps.of(Map.of("b", step)))
        .work(Assignments.in(Path.of("."), LogSink.NONE), new CallInput("b", null))
        .subscribe()
        .with(outcome -> {});
  }
}
