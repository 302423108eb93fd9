package dev.fanfare.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.testing.FlowEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Workflows that are not written as they have to be: each mistake says what to do. */
class BadFlowsTest {

  private static String problem(Flows flows) {
    return String.valueOf(
        assertThrows(FlowException.class, () -> FlowEngine.book(flows)).getMessage());
  }

  private static void assertProblem(String expected, Consumer<Flow> steps) {
    assertEquals(
        "the test: workflow 'w': " + expected, problem(cron -> steps.accept(cron.define("w"))));
  }

  @Test
  void two_workflows_cannot_have_one_name() {
    FlowBook.Definer one = new FlowBook.Definer(cron -> cron.define("w").log("x"), "the bean One");
    FlowBook.Definer two = new FlowBook.Definer(cron -> cron.define("w").log("x"), "two.jar");
    FlowException twice = assertThrows(FlowException.class, () -> FlowBook.of(List.of(one, two)));
    assertEquals(
        "two.jar: the workflow 'w' is defined twice: by the bean One and by two.jar; rename one of"
            + " them",
        twice.getMessage());
  }

  @Test
  void two_steps_cannot_have_one_name_wherever_they_are() {
    assertProblem(
        "the name 'a' is taken by a step; each step has a name of its own",
        flow -> flow.step("a", ctx -> 1).ifTrue("if", ctx -> true).step("a", ctx -> 2).endIf());
    assertProblem(
        "the name 'parallel-1' is taken by a parallel without a name; call that one .named(..);"
            + " each step has a name of its own",
        flow -> flow.parallel(ctx -> 1).step("parallel-1", ctx -> 2));
    assertProblem(
        "a race without a name would be called 'race-1', as another step is; call it .named(..)",
        flow -> flow.step("race-1", ctx -> 2).race(ctx -> 1));
  }

  @Test
  void names_are_letters_and_digits() {
    assertProblem(
        "a step cannot be called 'my step': letters, digits, '_' and '-', at most 100; put other"
            + " text into title(..)",
        flow -> flow.step("my step", ctx -> 1));
    assertTrue(problem(cron -> cron.define("my workflow")).contains("cannot be called"));
  }

  @Test
  void branches_begin_and_end() {
    assertProblem("the ifTrue() 'if' has no endIf()", flow -> flow.ifTrue("if", ctx -> true));
    assertProblem("endIf() without an ifTrue() before it", flow -> flow.endIf());
    assertProblem("orElse() without an ifTrue() before it", flow -> flow.orElse());
    assertProblem(
        "elseIf() after the orElse() of 'if'",
        flow -> flow.ifTrue("if", ctx -> true).orElse().elseIf(ctx -> true));
  }

  @Test
  void what_is_said_about_a_step_needs_one() {
    assertProblem("retry() is about the step before it, and there is none", flow -> flow.retry(2));
    assertProblem(
        "timeout() is about the step before it, and there is none",
        flow -> flow.ifTrue("if", ctx -> true).timeout("1s"));
    assertProblem(
        "retryOn() is for a step that is a function, which 'parallel-1' is not",
        flow -> flow.parallel(ctx -> 1).retry(retry -> retry.retryOn(e -> true)));
  }

  @Test
  void nothing_is_empty() {
    assertProblem("it has no steps", flow -> flow.manual());
    assertProblem("a parallel of nothing", flow -> flow.parallel());
    assertProblem("a race of nothing", flow -> flow.race());
    assertProblem("'each' has no steps", flow -> flow.forEach("each", ctx -> List.of(), f -> {}));
    assertProblem(
        "batch 'b': a batch has at least one item",
        flow -> flow.batch("b", 0, ctx -> List.of(), f -> f.log("x")));
    assertProblem("concurrency is at least 1", flow -> flow.concurrency(0));
  }

  @Test
  void numbers_and_durations_are_checked() {
    assertTrue(
        problem(cron -> cron.define("w").sleep("soon"))
            .contains("a sleep cannot be 'soon': write 250ms, 30s, 15m, 24h or 7d"));
    assertTrue(
        problem(cron -> cron.define("w").log("x").retry(0)).contains("attempts counts the first"));
    assertTrue(problem(cron -> cron.define("w").sleep(Duration.ofMillis(-1))).contains("negative"));
    assertTrue(
        problem(
                cron ->
                    cron.define("w")
                        .parallel(List.of(ctx -> 1), options -> options.maxConcurrency(-1)))
            .contains("maxConcurrency"));
  }

  @Test
  void what_the_language_refuses_names_the_workflow() {
    String schedule = problem(cron -> cron.define("w").onSchedule("every day").log("x"));
    assertTrue(schedule.startsWith("the workflow 'w' of the test cannot be used: "), schedule);
    assertTrue(schedule.contains("cron expression"), schedule);
    String condition = problem(cron -> cron.define("w").onEvent("e", "event.amount >").log("x"));
    assertTrue(condition.contains("cannot be used"), condition);
  }

  @Test
  void a_subflow_from_a_file_takes_parameters() {
    assertTrue(
        problem(cron -> cron.define("w").subflow("sub", "from-a-file", ctx -> 1))
            .contains("subflow(\"sub\", \"from-a-file\", Map.of(\"name\", value))"));
    FlowEngine.book(
        cron -> cron.define("w").subflow("sub", "from-a-file", Map.of("name", "value")));
  }

  @Test
  void what_the_options_say_the_language_takes() {
    FlowEngine.book(
        cron ->
            cron.define("w")
                .race(
                    List.of(ctx -> 1, ctx -> 2),
                    race -> race.finishLosers().timeout(Duration.ofSeconds(1)))
                .retry(
                    retry ->
                        retry
                            .attempts(3)
                            .backoff(RetryOptions.Backoff.LINEAR)
                            .multiplier(3)
                            .jitter(0.2)
                            .maxDelay(Duration.ofMinutes(1)))
                .circuitBreaker(breaker -> breaker.name("b").recoveryTimeout(Duration.ofHours(1)))
                .batch(
                    "b",
                    3,
                    ctx -> List.of(),
                    each -> each.step("x", ctx -> 1),
                    batch -> batch.concurrency(2))
                .humanInTheLoop(
                    human -> human.timeout("1h").onPause((ctx, token) -> {}).onTimeout(ctx -> {})));
  }

  @Test
  void a_breaker_without_a_name_is_the_step_s_own() {
    String text =
        FlowEngine.book(cron -> cron.define("w").step("s", ctx -> 1).circuitBreaker(breaker -> {}))
            .file("w")
            .map(file -> new String(file.content(), java.nio.charset.StandardCharsets.UTF_8))
            .orElseThrow();
    assertTrue(text.contains("\"name\" : \"w/s\""), text);
  }

  @Test
  void an_exception_while_defining_names_who_defines() {
    String problem =
        problem(
            cron -> {
              throw new IllegalStateException("no connection");
            });
    assertEquals(
        "the test cannot define its workflows: java.lang.IllegalStateException: no connection",
        problem);
  }
}
