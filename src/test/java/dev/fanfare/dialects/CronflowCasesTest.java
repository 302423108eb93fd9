package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dsl.Context;
import dev.fanfare.dsl.Cronflow;
import dev.fanfare.dsl.Inspection;
import dev.fanfare.dsl.StepFunction;
import dev.fanfare.dsl.Value;
import dev.fanfare.testing.FlowEngine;
import dev.fanfare.testing.TestEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The examples of Cronflow's guide to parallel execution, in Java. What stands for databases and
 * services in them is made here; where the guide has TypeScript in the text, the Java of it is in
 * {@link #define}.
 */
class CronflowCasesTest {

  private static final long PATIENCE = 60;

  record User(String id, String name) {}

  record Order(String id, int amount) {}

  record Product(String id) {}

  record Request(String userId, String orderId, List<String> productIds) {}

  record Paid(boolean success, String gateway) {}

  record Answer(String service, String data) {}

  record Health(String status, int responseTime) {}

  private static final Map<String, Object> REQUEST =
      Map.of(
          "userId", "u1",
          "orderId", "o1",
          "productIds", List.of("p1", "p2"),
          "paymentId", "x1",
          "key", "k1");

  private static FlowEngine engine;

  /** Steps that wait for each other: they end only if all of them are at work at once. */
  private static CyclicBarrier together;

  private static final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private static final AtomicInteger working = new AtomicInteger();
  private static final AtomicInteger most = new AtomicInteger();

  @BeforeAll
  static void open() {
    engine = FlowEngine.of(CronflowCasesTest::define);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static User fetchUser(Context ctx) {
    return new User(ctx.payload().get("userId").asText(), "Ann");
  }

  private static Order fetchOrder(Context ctx) {
    return new Order(ctx.payload().get("orderId").asText(), 250);
  }

  private static List<Product> fetchProducts(Context ctx) {
    return ctx.payload(Request.class).productIds().stream().map(Product::new).toList();
  }

  private static <T> T whenAllAreThere(T value) throws Exception {
    together.await(PATIENCE, TimeUnit.SECONDS);
    return value;
  }

  /** Never comes back by itself. */
  private static Object never() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }

  private static void define(Cronflow cron) {
    data(cron);
    races(cron);
    failures(cron);
    limits(cron);
  }

  private static void data(Cronflow cron) {
    CompletableFuture<String> productsAreThere = new CompletableFuture<>();
    CompletableFuture<String> ordersAreThere = new CompletableFuture<>();
    cron.define("cr-1")
        .parallel(
            ctx -> {
              ordersAreThere.get(PATIENCE, TimeUnit.SECONDS);
              return fetchUser(ctx);
            },
            ctx -> {
              productsAreThere.get(PATIENCE, TimeUnit.SECONDS);
              ordersAreThere.complete("");
              return fetchOrder(ctx);
            },
            ctx -> {
              productsAreThere.complete("");
              return fetchProducts(ctx);
            })
        .step(
            "process-combined-data",
            ctx ->
                Map.of(
                    "processed", true,
                    "user", ctx.last().get(0).as(User.class),
                    "order", ctx.last().get(1).as(Order.class),
                    "products", ctx.last().get(2).asList(Product.class)));
    cron.define("cr-2")
        .parallel(
            ctx -> whenAllAreThere(fetchUser(ctx)),
            ctx -> whenAllAreThere(fetchOrder(ctx)),
            ctx -> whenAllAreThere(fetchProducts(ctx)),
            ctx -> whenAllAreThere(Map.of("id", ctx.payload().get("paymentId"))))
        .step(
            "combine-data",
            ctx ->
                Map.of(
                    "combined", true,
                    "user", ctx.last().get(0),
                    "payment", ctx.last().get(3).get("id")));
    cron.define("cr-3")
        .parallel(
            ctx -> whenAllAreThere(fetchUser(ctx)),
            ctx -> whenAllAreThere(fetchOrder(ctx)),
            ctx -> whenAllAreThere(Map.of("p1", 3, "p2", 0)))
        .step(
            "validate-data",
            ctx -> {
              Map<String, Integer> inventory = ctx.last().get(2).asMap(Integer.class);
              return Map.of("valid", !inventory.containsValue(0), "of", ctx.last().get(0));
            });
    Map<String, String> database = Collections.synchronizedMap(new java.util.TreeMap<>());
    cron.define("cr-4")
        .parallel(
            ctx -> database.put("user", "active"),
            ctx -> database.put("order", "processing"),
            ctx -> database.put("analytics", "order_processed"))
        .step(
            "log-completion",
            ctx -> {
              ctx.log("All database operations completed");
              return database.keySet();
            });
    cron.define("cr-15")
        .parallel(
            ctx -> whenAllAreThere(fetchUser(ctx)),
            ctx -> whenAllAreThere(fetchOrder(ctx)),
            ctx -> whenAllAreThere(fetchProducts(ctx)));
    cron.define("cr-17")
        .step("start-timer", ctx -> Map.of("startTime", System.currentTimeMillis()))
        .parallel(ctx -> 1, ctx -> 2, ctx -> 3)
        .step(
            "measure-performance",
            ctx -> {
              long start = ctx.steps("start-timer").output().get("startTime").asLong();
              return Map.of("duration", System.currentTimeMillis() - start, "results", ctx.last());
            });
    cron.define("cr-19")
        .parallel(ctx -> "first a", ctx -> "first b")
        .step("between", ctx -> ctx.last())
        .parallel(ctx -> "second a", ctx -> "second b", ctx -> "second c")
        .step("after", ctx -> List.of(ctx.output("between"), ctx.last()));
  }

  private static void races(Cronflow cron) {
    cron.define("cr-5")
        .race(ctx -> never(), ctx -> new Answer("backup", "fast"))
        .step("process-result", Answer.class, (last, ctx) -> last.service());
    cron.define("cr-6")
        .race(ctx -> never(), ctx -> new Paid(ctx.payload().get("backupWorks").isTrue(), "backup"))
        .step(
            "handle-payment-result",
            Paid.class,
            (result, ctx) -> {
              if (!result.success()) {
                throw new IllegalStateException("All payment gateways failed");
              }
              return Map.of("paymentProcessed", true, "gateway", result.gateway());
            });
    cron.define("cr-7")
        .race(
            ctx -> never(), ctx -> "database: " + ctx.payload().get("key").asText(), ctx -> never())
        .step("use-fastest-result", ctx -> Map.of("data", ctx.last(), "source", "fastest"));
    cron.define("cr-8")
        .race(ctx -> never(), ctx -> never(), ctx -> new Health("up", 12))
        .step("report-health", Health.class, (health, ctx) -> health);
    CountDownLatch failed = new CountDownLatch(1);
    StepFunction rejects =
        ctx -> {
          failed.countDown();
          throw new IllegalStateException("rejected");
        };
    StepFunction comesLater =
        ctx -> {
          failed.await();
          return "second";
        };
    cron.define("cr-race-success").race(rejects, comesLater).step("result", ctx -> ctx.last());
    cron.define("cr-race-settled")
        .race(List.of(rejects, ctx -> never()), race -> race.settled())
        .step("result", ctx -> ctx.last());
    cron.define("cr-18")
        .race(ctx -> never(), ctx -> new Answer("backup", "the data"))
        .step(
            "handle-service-response",
            ctx ->
                Map.of(
                    "success", true,
                    "service", ctx.last().get("service"),
                    "data", ctx.last().get("data")));
  }

  private static StepFunction isolated(String name, StepFunction risky) {
    return ctx -> {
      try {
        if (ctx.payload().get("failing").asList(String.class).contains(name)) {
          throw new IllegalStateException(name + " is down");
        }
        return risky.apply(ctx);
      } catch (IllegalStateException e) {
        return Map.of("error", String.valueOf(e.getMessage()), "fallback", true);
      }
    };
  }

  private static void failures(Cronflow cron) {
    cron.define("cr-9")
        .ifTrue("needs-validation", ctx -> ctx.payload().get("requiresValidation").isTrue())
        .parallel(ctx -> "validated", ctx -> "in stock", ctx -> "paid")
        .step("process-validated-order", ctx -> Map.of("processed", true, "checks", ctx.last()))
        .orElse()
        .step("process-simple-order", ctx -> Map.of("processed", true))
        .endIf()
        .step("after", ctx -> ctx.last());
    cron.define("cr-10")
        .parallel(isolated("one", ctx -> "data 1"), isolated("two", ctx -> "data 2"))
        .step(
            "handle-results",
            ctx -> {
              Value one = ctx.last().get(0);
              Value two = ctx.last().get(1);
              if (one.get("error").isPresent() && two.get("error").isPresent()) {
                throw new IllegalStateException("All operations failed");
              }
              return Map.of("success", true, "results", List.of(one, two));
            });
    cron.define("cr-11")
        .step(
            "start-parallel-operations",
            ctx -> {
              CompletableFuture<String> quick = CompletableFuture.completedFuture("quick");
              CompletableFuture<String> slow = new CompletableFuture<>();
              try {
                CompletableFuture.allOf(quick, slow).get(50, TimeUnit.MILLISECONDS);
                return List.of(quick.get(), slow.get());
              } catch (TimeoutException | ExecutionException e) {
                return Map.of("error", "Timeout", "partial", true);
              }
            });
    cron.define("cr-14")
        .parallel(isolated("critical", ctx -> "critical data"), ctx -> "other data")
        .step(
            "handle-results",
            ctx ->
                ctx.last().get(0).get("error").isPresent()
                    ? Map.of("status", "degraded", "nonCritical", ctx.last().get(1))
                    : Map.of(
                        "status", "success",
                        "critical", ctx.last().get(0),
                        "nonCritical", ctx.last().get(1)));
    cron.define("cr-16")
        .parallel(
            ctx -> "one",
            ctx -> {
              throw new IllegalStateException("the second operation broke");
            },
            ctx -> "three")
        .onError(
            ctx -> {
              told.add(ctx.error().orElseThrow().root().message());
              return Map.of("status", "failed", "fallback", true);
            })
        .step("goes-on", ctx -> ctx.last());
  }

  private static void limits(Cronflow cron) {
    cron.define("cr-12")
        .step("get-large-dataset", ctx -> List.of(new User("1", "A"), new User("2", "B")))
        .forEach(
            "process-users",
            ctx -> ctx.steps("get-large-dataset").output(),
            flow ->
                flow.step(
                    "process-user",
                    ctx -> whenAllAreThere("processed " + ctx.item(User.class).name())));
    Semaphore three = new Semaphore(0);
    StepFunction call =
        ctx -> {
          most.accumulateAndGet(working.incrementAndGet(), Math::max);
          three.release();
          // The first three are at work together; who comes later finds their permits.
          three.acquire(1);
          working.decrementAndGet();
          return ctx.step();
        };
    cron.define("cr-13")
        .parallel(Collections.nCopies(9, call), group -> group.maxConcurrency(3).timeout("30s"));
    cron.define("cr-13-late")
        .parallel(List.of(ctx -> "one", ctx -> never()), group -> group.timeout("100ms"));
  }

  private static Object output(Inspection run) {
    assertEquals("succeeded", run.status(), run::toString);
    return run.output().raw();
  }

  private static Instant time(TestEngine.Outcome run, String step, String field) {
    return Instant.parse(String.valueOf(run.step(step).get(field)));
  }

  private static void assertBefore(UUID id, String first, String second) {
    TestEngine.Outcome run = engine.outcome(id);
    assertFalse(
        time(run, first, "finishedAt").isAfter(time(run, second, "startedAt")),
        () -> first + " ends before " + second + " begins: " + run.json());
  }

  @Test
  void cr_1_results_come_in_declaration_order_whatever_ends_first() {
    Inspection run = engine.run("cr-1", REQUEST);
    assertEquals(
        Map.of(
            "processed",
            true,
            "user",
            Map.of("id", "u1", "name", "Ann"),
            "order",
            Map.of("id", "o1", "amount", 250L),
            "products",
            List.of(Map.of("id", "p1"), Map.of("id", "p2"))),
        output(run));
    TestEngine.Outcome outcome = engine.outcome(run.run());
    assertTrue(
        time(outcome, "parallel-1.branch 1", "finishedAt")
            .isAfter(time(outcome, "parallel-1.branch 3", "startedAt")));
    for (int branch = 1; branch <= 3; branch++) {
      assertBefore(run.run(), "parallel-1.branch " + branch, "process-combined-data");
    }
  }

  @Test
  void cr_2_four_fetches_are_at_work_together() {
    together = new CyclicBarrier(4);
    assertEquals(
        Map.of("combined", true, "user", Map.of("id", "u1", "name", "Ann"), "payment", "x1"),
        output(engine.run("cr-2", REQUEST)));
  }

  @Test
  void cr_3_answers_of_services_are_validated_together() {
    together = new CyclicBarrier(3);
    Inspection run = engine.run("cr-3", REQUEST);
    assertEquals(Map.of("valid", false, "of", Map.of("id", "u1", "name", "Ann")), output(run));
    assertBefore(run.run(), "parallel-1", "validate-data");
  }

  @Test
  void cr_4_all_database_operations_are_done_before_the_log() {
    assertEquals(List.of("analytics", "order", "user"), output(engine.run("cr-4", REQUEST)));
  }

  @Test
  void cr_5_a_backup_that_is_faster_is_the_result() {
    Inspection run = engine.run("cr-5", REQUEST);
    assertEquals("backup", output(run));
    assertEquals("discarded", run.step("race-1.branch 1").status());
  }

  @Test
  void cr_6_a_winner_that_was_refused_fails_the_run() {
    Inspection run = engine.run("cr-6", Map.of("backupWorks", false));
    assertEquals("failed", run.status());
    assertEquals(
        "All payment gateways failed",
        run.step("handle-payment-result").error().orElseThrow().message());
    assertEquals(
        Map.of("paymentProcessed", true, "gateway", "backup"),
        output(engine.run("cr-6", Map.of("backupWorks", true))));
  }

  @Test
  void cr_7_the_fastest_source_is_used() {
    assertEquals(
        Map.of("data", "database: k1", "source", "fastest"), output(engine.run("cr-7", REQUEST)));
  }

  @Test
  void cr_8_the_first_health_check_reports() {
    assertEquals(Map.of("status", "up", "responseTime", 12L), output(engine.run("cr-8", REQUEST)));
  }

  @Test
  void cr_5_a_rejection_does_not_win_but_where_whoever_settles_first_does() {
    assertEquals("second", output(engine.run("cr-race-success", REQUEST)));
    Inspection settled = engine.run("cr-race-settled", REQUEST);
    assertEquals("failed", settled.status());
    assertEquals("failed", settled.step("race-1").status());
  }

  @Test
  void cr_9_exactly_one_branch_is_taken() {
    Inspection validated = engine.run("cr-9", Map.of("requiresValidation", true));
    assertEquals(
        Map.of("processed", true, "checks", List.of("validated", "in stock", "paid")),
        output(validated));
    assertFalse(ran(validated, "process-simple-order"));
    Inspection simple = engine.run("cr-9", Map.of("requiresValidation", false));
    assertEquals(Map.of("processed", true), output(simple));
    assertFalse(ran(simple, "process-validated-order"));
    assertTrue(ran(simple, "process-simple-order"));
  }

  private static boolean ran(Inspection run, String step) {
    return run.steps().stream()
        .anyMatch(each -> each.name().endsWith("." + step) && each.status().equals("succeeded"));
  }

  @Test
  void cr_10_errors_inside_branches_are_handled_by_the_next_step() {
    Inspection one = engine.run("cr-10", Map.of("failing", List.of("one")));
    assertEquals(
        Map.of(
            "success",
            true,
            "results",
            List.of(Map.of("error", "one is down", "fallback", true), "data 2")),
        output(one));
    Inspection both = engine.run("cr-10", Map.of("failing", List.of("one", "two")));
    assertEquals("failed", both.status());
    assertEquals(
        "All operations failed", both.step("handle-results").error().orElseThrow().message());
  }

  @Test
  void cr_11_a_step_may_limit_its_own_operations() {
    assertEquals(Map.of("error", "Timeout", "partial", true), output(engine.run("cr-11", REQUEST)));
  }

  @Test
  void cr_12_items_are_processed_together_and_give_as_many_results() {
    together = new CyclicBarrier(2);
    assertEquals(
        Map.of(
            "type",
            "forEach",
            "name",
            "process-users",
            "results",
            List.of(
                Map.of(
                    "item", Map.of("id", "1", "name", "A"), "result", "processed A", "index", 0L),
                Map.of(
                    "item", Map.of("id", "2", "name", "B"), "result", "processed B", "index", 1L)),
            "totalItems",
            2L),
        output(engine.run("cr-12", REQUEST)));
  }

  @Test
  void cr_13_never_more_than_three_are_at_work_and_time_is_up_for_all() {
    Inspection run = engine.run("cr-13", REQUEST);
    assertEquals(
        IntStream.rangeClosed(1, 9).mapToObj(i -> "parallel-1.branch " + i).toList(), output(run));
    assertTrue(most.get() <= 3, () -> "at once: " + most);
    Inspection late = engine.run("cr-13-late", REQUEST);
    assertEquals("failed", late.status());
    assertEquals("timed_out", late.step("parallel-1").status());
  }

  @Test
  void cr_14_a_critical_failure_degrades_the_result() {
    assertEquals(
        Map.of("status", "degraded", "nonCritical", "other data"),
        output(engine.run("cr-14", Map.of("failing", List.of("critical")))));
    assertEquals(
        "success",
        engine.run("cr-14", Map.of("failing", List.of())).output().get("status").asText());
  }

  @Test
  void cr_15_independent_operations_overlap() {
    together = new CyclicBarrier(3);
    assertEquals(3, engine.run("cr-15", REQUEST).output().size());
  }

  @Test
  void cr_16_a_group_that_fails_yields_what_its_error_handler_says() {
    told.clear();
    Inspection run = engine.run("cr-16", REQUEST);
    assertEquals(Map.of("status", "failed", "fallback", true), output(run));
    assertEquals(List.of("the second operation broke"), told);
  }

  @Test
  void cr_17_a_step_is_read_two_steps_later() {
    Inspection run = engine.run("cr-17", REQUEST);
    assertEquals(List.of(1L, 2L, 3L), run.output().get("results").raw());
    assertTrue(run.output().get("duration").asLong() >= 0);
  }

  @Test
  void cr_18_the_response_of_the_winner_is_handled() {
    assertEquals(
        Map.of("success", true, "service", "backup", "data", "the data"),
        output(engine.run("cr-18", REQUEST)));
  }

  @Test
  void cr_19_two_groups_in_one_workflow_have_results_of_their_own() {
    assertEquals(
        List.of(List.of("first a", "first b"), List.of("second a", "second b", "second c")),
        output(engine.run("cr-19", REQUEST)));
  }
}
