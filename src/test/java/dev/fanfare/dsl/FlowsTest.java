package dev.fanfare.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.testing.FlowEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each method of the API, through the engine. */
class FlowsTest {

  record Order(String id, int amount, List<String> items) {}

  record Bill(String order, int sum) {}

  /** What an application would inject. */
  record Prices(Map<String, Integer> of) {}

  private static final StepKey<Order> LOAD = StepKey.of("load", Order.class);
  private static final Order ORDER = new Order("7", 250, List.of("ink", "paper"));

  private static FlowEngine engine;
  private static final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private static final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
  private static final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private static final CountDownLatch neverOpened = new CountDownLatch(1);
  private static final CountDownLatch actionMayEnd = new CountDownLatch(1);

  @BeforeAll
  static void open() {
    engine = FlowEngine.of(FlowsTest::define);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static int called(String name) {
    return calls.computeIfAbsent(name, ignored -> new AtomicInteger()).incrementAndGet();
  }

  private static void define(Cronflow cron) {
    cron.service(Prices.class, new Prices(Map.of("ink", 3, "paper", 5)));
    steps(cron);
    branches(cron);
    loops(cron);
    waits(cron);
    failures(cron);
    runs(cron);
  }

  private static void steps(Cronflow cron) {
    cron.define("typed")
        .step(LOAD, ctx -> ctx.payload(Order.class))
        .step("bill", Order.class, (order, ctx) -> new Bill(order.id(), order.amount() * 2))
        .step(
            "check",
            ctx ->
                List.of(
                    ctx.output(LOAD).items().get(1),
                    ctx.last(Bill.class).sum(),
                    ctx.steps("bill").output(Bill.class).order(),
                    ctx.output("load").get("items").asList(String.class)));
    cron.define("wrong-type")
        .step("yields", ctx -> Map.of("amount", "many"))
        .step("reads", Bill.class, (bill, ctx) -> bill)
        .step("never", ctx -> ctx.last(Integer.class));
    cron.define("actions")
        .step("one", ctx -> "one")
        .action(
            "audit",
            ctx -> {
              told.add("audit saw " + ctx.last().asText());
              actionMayEnd.await();
              throw new IllegalStateException("nobody minds");
            })
        .step(
            "two",
            ctx -> {
              actionMayEnd.countDown();
              return ctx.last().asText() + " two";
            });
    cron.define("knows", flow -> flow.secrets())
        .step(
            "asks",
            ctx -> {
              ctx.log("a line");
              return Map.of(
                  "prices", ctx.service(Prices.class).of(),
                  "trigger", ctx.trigger().kind(),
                  "run", ctx.run(),
                  "step", ctx.step(),
                  "attempt", ctx.attempt(),
                  "key", ctx.idempotencyKey(),
                  "meta", ctx.meta(),
                  "folder", ctx.workspace().toFile().isDirectory());
            })
        .title("Asks for everything");
    cron.define("reads-wrong").step("reads", ctx -> ctx.steps("raeds-wrong"));
  }

  private static void branches(Cronflow cron) {
    cron.define("nested")
        .step("before", ctx -> "before")
        .ifTrue("size", ctx -> ctx.payload().get("n").asLong() > 10)
        .step("large", ctx -> ctx.last().asText() + ", large")
        .ifTrue("even", ctx -> ctx.payload().get("n").asLong() % 2 == 0)
        .step("is-even", ctx -> ctx.last().asText() + ", even")
        .orElse()
        .sleep("1ms")
        .endIf()
        .elseIf(ctx -> ctx.payload().get("n").asLong() > 5)
        .step("medium", ctx -> ctx.last().asText() + ", medium")
        .elseIf(ctx -> ctx.payload().get("n").asLong() > 3)
        .action("note", ctx -> told.add("small"))
        .endIf()
        .step("after", ctx -> ctx.last().asText() + ", after");
    cron.define("action-in-branch")
        .ifTrue("always", ctx -> true)
        .step("one", ctx -> "one")
        .action(
            "fails",
            ctx -> {
              throw new IllegalStateException("nobody minds");
            })
        .step("two", ctx -> ctx.last().asText() + ctx.steps("one").output().asText())
        .log("done")
        .endIf()
        .step("after", ctx -> ctx.last());
  }

  private static void loops(Cronflow cron) {
    cron.define("while")
        .step("start", ctx -> 1)
        .whileTrue(
            "doubling",
            ctx -> ctx.last().asLong() < 100,
            turn ->
                turn.step("double", ctx -> ctx.last().asLong() * 2)
                    .step(
                        "keep",
                        ctx -> {
                          ctx.state().set("turn", ctx.iteration());
                          return ctx.steps("double").output();
                        }))
        .step("result", ctx -> Map.of("loop", ctx.last(), "turn", ctx.state().get("turn").get()));
    cron.define("loop-in-loop")
        .step("start", ctx -> 1)
        .whileTrue(
            "outer",
            ctx -> ctx.last().asLong() < 100,
            outer ->
                outer
                    .whileTrue(
                        "inner",
                        ctx -> ctx.iteration() < 2,
                        inner ->
                            inner.step(
                                "triple",
                                ctx -> {
                                  long tripled = ctx.last().asLong() * 3;
                                  ctx.state().set("tripled", tripled);
                                  return tripled;
                                }))
                    .step("so-far", ctx -> ctx.state().get("tripled").orElseThrow()))
        .step("result", ctx -> ctx.state().get("tripled").orElseThrow());
    cron.define("no-turn")
        .whileTrue("never", ctx -> false, turn -> turn.step("not", ctx -> 1))
        .step("result", ctx -> ctx.last());
    cron.define("for-ever")
        .whileTrue("always", ctx -> true, turn -> turn.step("count", ctx -> called("turns")));
    cron.define("each")
        .forEach(
            "rows",
            ctx -> Stream.of(List.of(1, 2), List.of(3)),
            row ->
                row.forEach(
                        "cells",
                        ctx -> ctx.item(),
                        cell ->
                            cell.step(
                                "cell",
                                ctx -> ctx.item("rows").size() * 10 + ctx.item(Integer.class)))
                    .step("row", ctx -> ctx.last().get("results").get(0).get("result")));
    cron.define("reads-many")
        .forEach("each", ctx -> List.of(1, 2), flow -> flow.step("one-of-many", ctx -> 1))
        .step("outside", ctx -> ctx.steps("one-of-many"));
    cron.define("no-list").forEach("bad", ctx -> "a text", flow -> flow.step("never", ctx -> null));
    cron.define("batches")
        .batch(
            "sums",
            2,
            ctx -> new Integer[] {1, 2, 3, 4, 5},
            flow ->
                flow.step(
                    "sum",
                    ctx -> ctx.item().asList(Integer.class).stream().mapToInt(i -> i).sum()));
    cron.define("empty").forEach("none", ctx -> List.of(), flow -> flow.step("x", ctx -> 1));
  }

  private static void waits(Cronflow cron) {
    cron.define("human")
        .humanInTheLoop(
            human -> human.description("Ship?").onPause((ctx, token) -> tokens.add(token)))
        .named("ship")
        .step("result", ctx -> ctx.last());
    cron.define("human-late")
        .humanInTheLoop(
            human ->
                human
                    .timeout("50ms")
                    .onPause((ctx, token) -> told.add("asked"))
                    .onTimeout(ctx -> told.add("late")))
        .step("result", ctx -> ctx.last());
    cron.define("approval")
        .humanInTheLoop(human -> human.description("Ship?"))
        .step("result", ctx -> ctx.last());
    cron.define("approval-late")
        .humanInTheLoop(human -> human.description("Ship?").timeout(Duration.ofMillis(50)));
    cron.define("pausing")
        .pause((ctx, token) -> tokens.add(token))
        .step("result", ctx -> ctx.last());
    cron.define("sleeping")
        .step("one", ctx -> 1)
        .sleep(Duration.ofMillis(1))
        .sleep(ctx -> Duration.ofMillis(2))
        .sleep(ctx -> "3ms")
        .sleep(ctx -> 4)
        .step("after", ctx -> ctx.last());
    cron.define("sleeps-badly").sleep(ctx -> "soon");
    cron.define("paid")
        .waitForEvent(
            "order.paid",
            event ->
                event
                    .timeout("1h")
                    .filter("event.amount > 100")
                    .where("order", ctx -> ctx.payload().get("order")))
        .step("result", ctx -> ctx.last().get("amount"));
    cron.define("unpaid").waitForEvent("never.paid", event -> event.timeout("50ms"));
  }

  private static void failures(Cronflow cron) {
    cron.define("retried")
        .step(
            "flaky",
            ctx -> {
              if (ctx.attempt() < 3) {
                throw new IllegalStateException("attempt " + ctx.attempt());
              }
              return ctx.attempt();
            })
        .retry(
            retry ->
                retry
                    .attempts(3)
                    .delay("1ms")
                    .backoff(RetryOptions.Backoff.EXPONENTIAL)
                    .maxDelay(Duration.ofSeconds(1)));
    cron.define("retried-in-vain")
        .step(
            "flaky",
            ctx -> {
              throw new IllegalStateException("call " + called("in-vain"));
            })
        .retry(2);
    cron.define("not-retried")
        .step(
            "chosen",
            ctx -> {
              int call = called("chosen");
              throw call == 1
                  ? new java.io.IOException("worth another")
                  : new IllegalArgumentException("not worth another");
            })
        .retry(retry -> retry.attempts(5).retryOn(java.io.IOException.class::isInstance));
    cron.define("too-slow")
        .step("slow", ctx -> neverOpened.await(1, TimeUnit.HOURS))
        .timeout("50ms")
        .onError(ctx -> ctx.error().orElseThrow().code())
        .step("after", ctx -> ctx.last());
    cron.define("rethrows")
        .step(
            "breaks",
            ctx -> {
              throw new IllegalStateException("first");
            })
        .onError(
            ctx -> {
              throw new IllegalStateException("second");
            })
        .step("never", ctx -> 1);
    cron.define("unharmed")
        .step("fine", ctx -> "fine")
        .onError(ctx -> "not called")
        .delay("1ms")
        .step("after", ctx -> ctx.last().asText() + ctx.steps("fine").output().asText());
    cron.define("cached")
        .step("price", ctx -> called("price"))
        .cache(ctx -> "price of " + ctx.payload().get("item").asText(), "1h")
        .step("after", ctx -> ctx.last());
    cron.define("broken")
        .forEach(
            "calls",
            ctx -> List.of(1, 2, 3),
            flow ->
                flow.step(
                        "call",
                        ctx -> {
                          throw new IllegalStateException("down");
                        })
                    .circuitBreaker(
                        breaker ->
                            breaker
                                .name("pricing of flows")
                                .failureThreshold(1)
                                .recoveryTimeout(Duration.ofHours(1)))
                    .onError(ctx -> ctx.error().orElseThrow().code()))
        .step("again", ctx -> 1)
        .circuitBreaker(breaker -> breaker.name("pricing of flows"))
        .onError(ctx -> ctx.error().orElseThrow().code());
  }

  private static void runs(Cronflow cron) {
    cron.define("child").step("doubles", ctx -> ctx.payload().asLong() * 2);
    cron.define("parent")
        .subflow("double", "child", ctx -> ctx.payload().get("n"))
        .step("after", ctx -> ctx.last().asLong() + 1);
    cron.define("passes-on").step("echo", ctx -> ctx.payload());
    cron.define("whole").subflow("echoed", "passes-on");
    cron.define("from-file").subflow("sub", "doubled-in-a-file", Map.of("n", 4));
    cron.define("cancels")
        .step(
            "decides",
            ctx -> {
              throw ctx.cancel("enough of it");
            })
        .step("never", ctx -> 1);
    cron.define("cancel-step").cancel("by the flow").step("never", ctx -> 1);
    cron.define("hooked")
        .onSuccess(ctx -> told.add("good: " + ctx.last().asText()))
        .onFailure(ctx -> told.add("bad: " + ctx.error().orElseThrow().message()))
        .step(
            "decides",
            ctx -> {
              if (ctx.payload().get("fail").isTrue()) {
                throw new IllegalStateException("as told");
              }
              return "done";
            });
    cron.define("waits").waitForEvent("go").step("after", ctx -> ctx.payload());
    cron.define("state")
        .step(
            "uses",
            ctx -> {
              State state = ctx.state();
              state.set("order", ORDER);
              state.set("gone", 1, Duration.ofNanos(1_000_000));
              long sum = IntStream.range(0, 3).mapToLong(i -> state.incr("count")).max().orElse(0);
              ctx.globalState().set("shared", "by all");
              return List.of(
                  state.get("order", Order.class).orElseThrow().amount(),
                  sum,
                  state.incr("count", 10),
                  state.delete("count"),
                  state.delete("count"),
                  state.get("count").isPresent());
            });
    cron.define("on-event")
        .onEvent("shop.opened", "event.shop == 'berlin'")
        .step("x", Context::payload);
    cron.define("slow-queue")
        .description("One at a time.")
        .version("1.2")
        .tags("a", "b")
        .concurrency(1)
        .runTimeout("1m")
        .waitForEvent("release.slow")
        .step("x", ctx -> called("slow"));
    cron.define("too-long").runTimeout(Duration.ofMillis(100)).waitForEvent("never");
  }

  private static Object output(String workflow, Object payload) {
    Inspection run = engine.run(workflow, payload);
    assertEquals("succeeded", run.status(), run::toString);
    return run.output().raw();
  }

  private static FlowError failure(String workflow, Object payload, String step) {
    Inspection run = engine.run(workflow, payload);
    assertEquals("failed", run.status(), run::toString);
    return run.step(step).error().orElseThrow();
  }

  @Test
  void records_are_read_by_their_types() {
    assertEquals(List.of("paper", 500L, "7", List.of("ink", "paper")), output("typed", ORDER));
  }

  @Test
  void a_value_that_is_not_what_was_asked_for_fails_the_step_and_says_why() {
    FlowError none = failure("typed", Map.of("id", Map.of()), "load");
    assertTrue(none.message().startsWith("the payload is no Order: "), none::message);
    Inspection defaults = engine.run("wrong-type", null);
    assertEquals("failed", defaults.status());
    FlowError error = defaults.step("never").error().orElseThrow();
    assertTrue(error.message().startsWith("the last output is no Integer"), error::message);
  }

  @Test
  void an_action_is_waited_for_by_nobody_and_its_failure_fails_nothing() {
    Inspection run = engine.run("actions", null);
    assertEquals("partially_succeeded", run.status());
    assertEquals("one two", run.output().asText());
    assertEquals("failed", run.step("audit").status());
    assertTrue(told.contains("audit saw one"));
  }

  @Test
  void a_step_knows_where_it_is_and_reaches_services() {
    Inspection run = engine.run("knows", null);
    Value seen = run.output();
    assertEquals(Map.of("ink", 3L, "paper", 5L), seen.get("prices").raw());
    assertEquals("java", seen.get("trigger").asText());
    assertEquals(run.run(), seen.get("run").as(RunInfo.class).id());
    assertEquals("asks", seen.get("step").asText());
    assertEquals(1, seen.get("attempt").asInt());
    assertEquals(run.run() + ":asks", seen.get("key").asText());
    assertEquals("knows", seen.get("meta").get("workflow").asText());
    assertTrue(seen.get("folder").isTrue());
  }

  @Test
  void a_step_that_is_not_there_is_named_with_those_that_are() {
    assertEquals(
        "there is no step 'raeds-wrong'; the steps are reads",
        failure("reads-wrong", null, "reads").message());
  }

  @Test
  void branches_nest_and_last_is_what_was_executed_last() {
    assertEquals("before, large, even, after", output("nested", Map.of("n", 12)));
    assertEquals("before, large, after", output("nested", Map.of("n", 11)));
    assertEquals("before, medium, after", output("nested", Map.of("n", 6)));
    assertEquals("before, after", output("nested", Map.of("n", 4)));
    assertEquals("before, after", output("nested", Map.of("n", 1)));
    assertTrue(told.contains("small"));
  }

  @Test
  void an_action_in_a_branch_changes_no_last_output() {
    Inspection run = engine.run("action-in-branch", null);
    assertEquals("partially_succeeded", run.status(), run::toString);
    assertEquals("oneone", run.output().asText());
  }

  @Test
  void a_loop_asks_before_each_turn_and_says_how_many_there_were() {
    assertEquals(
        Map.of("loop", Map.of("iterations", 7L, "completed", true), "turn", 6L),
        output("while", null));
    assertEquals(Map.of("iterations", 0L, "completed", true), output("no-turn", null));
  }

  @Test
  void a_loop_in_a_loop_goes_on_from_what_was_executed_last() {
    assertEquals(729L, output("loop-in-loop", null));
  }

  @Test
  void a_loop_without_an_end_fails_after_a_thousand_turns() {
    assertEquals("loop_limit", failure("for-ever", null, "always.the turns").code());
    assertEquals(1000, calls.get("turns").get());
  }

  @Test
  void items_in_items_are_read_by_the_names_of_their_loops() {
    Value rows = engine.run("each", null).output().get("results");
    assertEquals(
        List.of(21L, 13L),
        List.of(rows.get(0).get("result").raw(), rows.get(1).get("result").raw()));
    assertEquals(
        Map.of("type", "forEach", "name", "none", "results", List.of(), "totalItems", 0L),
        output("empty", null));
  }

  @Test
  void one_of_many_steps_is_read_by_those_beside_it_only() {
    assertEquals(
        "there are many of the step 'one-of-many': read the output of what they are in",
        failure("reads-many", null, "outside").message());
  }

  @Test
  void what_is_no_list_has_no_items() {
    assertEquals(
        "the items of forEach 'bad' must be a list, not String",
        failure("no-list", null, "bad.the items").message());
  }

  @Test
  void batches_come_one_after_another() {
    Inspection run = engine.run("batches", null);
    assertEquals(3L, run.output().get("totalBatches").raw());
    assertEquals(5L, run.output().get("totalItems").raw());
    assertEquals(
        List.of(
            Map.of("batchIndex", 0L, "items", List.of(1L, 2L), "result", 3L, "size", 2L),
            Map.of("batchIndex", 1L, "items", List.of(3L, 4L), "result", 7L, "size", 2L),
            Map.of("batchIndex", 2L, "items", List.of(5L), "result", 5L, "size", 1L)),
        run.output().get("results").raw());
  }

  @Test
  void a_person_resumes_with_a_token_that_is_good_once() throws Exception {
    UUID run = engine.runs().trigger("human", null);
    String token = tokens.poll(60, TimeUnit.SECONDS);
    engine.await(run, RunStatus.WAITING);
    engine.runs().resume(token, Map.of("approved", true, "reason", "fine", "approvedBy", "ann"));
    Value answer = engine.await(run).output();
    assertTrue(answer.get("approved").isTrue());
    assertEquals("fine", answer.get("reason").asText());
    assertEquals("ann", answer.get("approvedBy").asText());
    assertEquals("resumed", answer.get("status").asText());
    assertEquals("fine", answer.get("resumePayload").get("reason").asText());
    assertTrue(answer.get("approvedAt").isPresent());
    FlowException used = assertThrows(FlowException.class, () -> engine.runs().resume(token, null));
    assertTrue(String.valueOf(used.getMessage()).contains("good once"), used::getMessage);
    assertThrows(FlowException.class, () -> engine.runs().resume("no-such-token", null));
  }

  @Test
  void a_person_who_does_not_answer_lets_the_run_go_on() {
    Map<String, Object> late = Map.of("approved", false, "timedOut", true, "status", "timeout");
    assertEquals(late, output("human-late", null));
    assertTrue(told.containsAll(List.of("asked", "late")));
    assertEquals(late, output("approval-late", null));
  }

  @Test
  void without_a_token_it_is_an_approval() {
    for (boolean approved : List.of(true, false)) {
      UUID run = engine.runs().trigger("approval", null);
      engine.await(run, RunStatus.WAITING);
      engine
          .room()
          .waits()
          .approvals()
          .judge(
              new dev.fanfare.function.ApprovalService.Judgement(
                  run, "approval-1.the approval", approved, "ann", "because", null))
          .await()
          .atMost(Duration.ofSeconds(60));
      Inspection ended = engine.await(run);
      assertEquals("succeeded", ended.status());
      assertEquals(approved, ended.output().get("approved").asBoolean());
      assertEquals("ann", ended.output().get("approvedBy").asText());
      assertEquals("because", ended.output().get("reason").asText());
    }
  }

  @Test
  void a_pause_yields_what_it_is_resumed_with() throws Exception {
    UUID run = engine.runs().trigger("pausing", null);
    String token = tokens.poll(60, TimeUnit.SECONDS);
    engine.runs().resume(token, Map.of("go", "on"));
    assertEquals(Map.of("go", "on"), engine.await(run).output().raw());
  }

  @Test
  void sleeps_are_fixed_or_computed_and_change_no_last_output() {
    assertEquals(1L, output("sleeping", null));
    assertEquals(
        "a sleep of 'soon': return a Duration",
        failure("sleeps-badly", null, "sleep-1.how long").message());
  }

  @Test
  void an_event_wakes_the_run_that_it_is_for() {
    UUID seven = engine.runs().trigger("paid", Map.of("order", 7));
    UUID eight = engine.runs().trigger("paid", Map.of("order", 8));
    engine.await(seven, RunStatus.WAITING);
    engine.await(eight, RunStatus.WAITING);
    engine.runs().publishEvent("order.paid", Map.of("order", 7, "amount", 5));
    engine.runs().publishEvent("order.paid", Map.of("order", 7, "amount", 250));
    assertEquals(250L, engine.await(seven).output().raw());
    assertEquals("waiting", engine.runs().inspect(eight).orElseThrow().status());
    assertTrue(engine.runs().cancelRun(eight, "enough"));
    assertEquals("timed_out", engine.run("unpaid", null).step("event-1").status());
  }

  @Test
  void attempts_are_executions_in_total() {
    assertEquals(3L, output("retried", null));
    assertEquals("call 2", failure("retried-in-vain", null, "flaky").message());
  }

  @Test
  void a_failure_that_is_not_worth_another_attempt_ends_the_step() {
    FlowError error = failure("not-retried", null, "chosen");
    assertEquals("not_retried", error.code());
    assertEquals("not worth another", error.message());
    assertEquals(2, calls.get("chosen").get());
  }

  @Test
  void an_error_handler_yields_instead_or_fails_the_run() {
    assertEquals("timed_out", output("too-slow", null));
    assertEquals(
        "second", failure("rethrows", null, "breaks.on error.case1.the fallback").message());
    assertEquals("finefine", output("unharmed", null));
  }

  @Test
  void a_cache_gives_what_another_run_has_found() {
    Object ink = output("cached", Map.of("item", "ink"));
    assertEquals(ink, output("cached", Map.of("item", "ink")));
    assertTrue(!ink.equals(output("cached", Map.of("item", "paper"))));
  }

  @Test
  void a_breaker_that_is_open_refuses_at_once() {
    assertEquals("breaker_open", output("broken", null));
  }

  @Test
  void a_subflow_yields_what_its_last_step_does() {
    assertEquals(11L, output("parent", Map.of("n", 5)));
    assertEquals(Map.of("a", 1L), output("whole", Map.of("a", 1)));
  }

  @Test
  void a_workflow_from_a_file_takes_parameters_by_their_names() {
    Graphs.File file =
        new Graphs.File(
            """
            name: doubled-in-a-file
            params: { n: 1 }
            steps: { double: { pass: { output: "${{ params.n * 2 }}" } } }
            outputs: { doubled: "${{ steps.double.output }}" }
            """
                .getBytes(StandardCharsets.UTF_8),
            "doubled.yaml",
            Optional.empty());
    engine
        .room()
        .registrations()
        .register(file, Registrations.check(file).workflow().orElseThrow())
        .await()
        .atMost(Duration.ofSeconds(60));
    assertEquals(Map.of("doubled", 8L), output("from-file", null));
  }

  @Test
  void a_run_is_cancelled_from_within() {
    for (String workflow : List.of("cancels", "cancel-step")) {
      Inspection run = engine.run(workflow, null);
      assertEquals("cancelled", run.status());
      assertEquals(
          Optional.empty(),
          run.steps().stream()
              .filter(s -> s.name().equals("never") && s.status().equals("succeeded"))
              .findAny());
    }
  }

  @Test
  void hooks_of_the_run_are_told_how_it_ended() {
    engine.run("hooked", Map.of("fail", false));
    engine.run("hooked", Map.of("fail", true));
    assertTrue(told.containsAll(List.of("good: done", "bad: as told")), told::toString);
  }

  @Test
  void state_outlives_runs_and_counts_atomically() throws Exception {
    assertEquals(List.of(250L, 3L, 13L, true, false, false), output("state", null));
    assertEquals(Optional.of(ORDER), engine.runs().state("state").get("order", Order.class));
    assertEquals("by all", engine.runs().state().get("shared").orElseThrow().asText());
    assertEquals(Optional.empty(), engine.runs().state("state").get("shared"));
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Thread.ofVirtual()
                        .start(
                            () ->
                                IntStream.range(0, 25)
                                    .forEach(j -> engine.runs().state().incr("hits"))))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(200, engine.runs().state().get("hits").orElseThrow().asLong());
    assertThrows(FlowException.class, () -> engine.runs().state().incr("shared"));
    assertThrows(FlowException.class, () -> engine.runs().state().set("x", 1, Duration.ZERO));
  }

  @Test
  void a_run_is_replayed_as_it_was_or_with_another_payload() {
    Inspection first = engine.run("passes-on", Map.of("a", 1));
    assertEquals(first.run(), engine.runs().replay(first.run()));
    assertEquals(Map.of("a", 1L), engine.await(first.run()).output().raw());
    UUID other = engine.runs().replay(first.run(), Map.of("a", 2));
    assertEquals(Map.of("a", 2L), engine.await(other).output().raw());
  }

  @Test
  void a_key_starts_one_run_and_a_name_that_is_unknown_none() {
    UUID run = engine.runs().trigger("passes-on", null, "the key");
    assertEquals(run, engine.runs().trigger("passes-on", null, "the key"));
    FlowException unknown =
        assertThrows(FlowException.class, () -> engine.runs().trigger("pases-on", null));
    assertTrue(String.valueOf(unknown.getMessage()).contains("passes-on"), unknown::getMessage);
    assertEquals(Optional.empty(), engine.runs().inspect(new UUID(0, 0)));
  }

  @Test
  void runs_of_a_workflow_wait_for_their_turn() {
    UUID first = engine.runs().trigger("slow-queue", null);
    engine.await(first, RunStatus.WAITING);
    UUID second = engine.runs().trigger("slow-queue", null);
    engine.await(second, RunStatus.QUEUED);
    engine.runs().publishEvent("release.slow", null);
    assertEquals("succeeded", engine.await(first).status());
    engine.await(second, RunStatus.WAITING);
    engine.runs().publishEvent("release.slow", null);
    assertEquals("succeeded", engine.await(second).status());
    assertEquals("timed_out", engine.run("too-long", null).status());
  }

  @Test
  void a_run_has_thirty_minutes_unless_it_waits_or_says_otherwise() {
    assertTrue(text("typed").contains("\"timeout\" : \"1800000ms\""), () -> text("typed"));
    assertTrue(text("slow-queue").contains("\"timeout\" : \"60000ms\""));
    assertTrue(text("slow-queue").contains("One at a time. Version 1.2. Tags: a, b."));
    assertTrue(!text("approval").contains("timeout"), () -> text("approval"));
    String unlimited =
        FlowEngine.book(cron -> cron.define("w").withoutRunTimeout().step("a", ctx -> 1))
            .file("w")
            .map(file -> new String(file.content(), StandardCharsets.UTF_8))
            .orElseThrow();
    assertTrue(!unlimited.contains("timeout"), unlimited);
  }

  private static String text(String workflow) {
    return FlowEngine.book(FlowsTest::define)
        .file(workflow)
        .map(file -> new String(file.content(), StandardCharsets.UTF_8))
        .orElseThrow();
  }

  @Test
  void a_secret_reaches_the_steps_and_nothing_that_is_stored() {
    try (FlowEngine guarded =
        FlowEngine.knowing(
            name -> name.equals("TOKEN") ? Optional.of("s3cret-value") : Optional.empty(),
            cron ->
                cron.define("secret")
                    .secrets("TOKEN")
                    .step("uses", ctx -> ctx.secret("TOKEN").length() + " " + ctx.secret("TOKEN"))
                    .step("lacks", ctx -> ctx.secret("OTHER")))) {
      Inspection run = guarded.run("secret", null);
      assertEquals("12 ***", run.step("uses").output().asText());
      assertEquals(
          "workflow 'secret' lists no secret 'OTHER': write .secrets(\"OTHER\") where it is"
              + " defined",
          run.step("lacks").error().orElseThrow().message());
    }
  }

  @Test
  void an_output_that_is_kept_beside_the_database_is_read_like_any_other(@TempDir Path bucket) {
    try (FlowEngine aside =
        FlowEngine.with(
            options ->
                options.with(
                    WorkspaceSettings.DEFAULT.withBucket(bucket.toAbsolutePath().toString())),
            cron ->
                cron.define("large")
                    .step("text", ctx -> "x".repeat(100_000))
                    .step("between", ctx -> ctx.last().size())
                    .step(
                        "sizes", ctx -> List.of(ctx.last(), ctx.steps("text").output().size())))) {
      Inspection run = aside.run("large", null);
      assertEquals(List.of(100_000L, 100_000L), run.output().raw());
      assertTrue(
          aside
              .room()
              .views()
              .run(run.run())
              .await()
              .atMost(Duration.ofSeconds(60))
              .orElseThrow()
              .steps()
              .stream()
              .anyMatch(step -> String.valueOf(step.output()).contains("$stored")));
    }
  }

  @Test
  void an_event_starts_the_run_that_it_is_for() {
    engine.runs().publishEvent("shop.opened", Map.of("shop", "oslo"));
    var started =
        engine
            .room()
            .called()
            .publish(
                new dev.fanfare.function.EventService.Publication(
                    "shop.opened", Optional.empty(), Map.of("shop", "berlin")),
                Optional.empty());
    assertEquals(1, started.runs().size());
    assertEquals(
        Map.of("shop", "berlin"), engine.await(started.runs().getFirst().run()).output().raw());
  }
}
