package dev.fanfare.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.function.Cloud;
import dev.fanfare.json.Json;
import dev.fanfare.pages.DocumentedWorkflow;
import dev.fanfare.secret.EnvironmentSecrets;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same workflows on one machine and on Lambda: the invoker between the engine and its steps
 * changes nothing that a user sees. Runs of both are compared whole: status, outputs, and of each
 * step status, output and error. Attempts are not: an invocation that Lambda loses, or that finds
 * no process on a slow machine, is made again as the next one.
 *
 * <p>They are those of the documentation, from which no part of the language is missing, and some
 * that go deeper.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // answers are looked into without asking what is there
abstract class ConformanceSuite {

  /** What Java classes of the user do is part of the user's own zip. */
  private static final String NEEDS_A_BEAN = "call: double";

  private static final String NOT_TO_END = "was not to end";

  /** Of several steps that race or are stopped by another's failure, time decides how each ends. */
  private static final List<String> DECIDED_BY_TIME =
      List.of("discarded", "aborted", "cancelled", "not_run", "skipped");

  private LambdaStage stage;
  private Runs runs;
  private Actions actions;
  private TestEngine local;
  private FunctionServer functions;
  private HttpServer shop;
  private final Map<String, UUID> started = new LinkedHashMap<>();

  abstract LambdaStage deploy(LambdaStage.Settings settings);

  @BeforeAll
  void deployFanfare() throws Exception {
    stage =
        deploy(
            LambdaStage.Settings.USUAL
                .withSteps(8)
                .withLease(Duration.ofMinutes(3))
                .withEnvironment(Map.of("FANFARE_SECRET_TOKEN", "s3cr3t-t0k3n"))
                .withStubs(
                    Map.of("deploy-app", payload -> payload, "tell-everybody", payload -> true)));
    runs = new Runs(stage);
    actions = new Actions(stage, runs);
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] price = "{\"price\": 14}".getBytes(StandardCharsets.UTF_8);
    shop.createContext(
        "/orders",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, price.length);
          exchange.getResponseBody().write(price);
          exchange.close();
        });
    shop.start();
    functions =
        FunctionServer.start()
            .function("deploy-app", FunctionServer.Answer::of)
            .function("tell-everybody", payload -> FunctionServer.Answer.of(true));
    local =
        TestEngine.with(
            options ->
                options
                    .with(new Cloud(Optional.of(functions.uri()), Map.of()))
                    .withSecrets(
                        new EnvironmentSecrets(Map.of("FANFARE_SECRET_TOKEN", "s3cr3t-t0k3n"))));
    // Every step process is there before anything is timed.
    runs.run("name: warm\nsteps:\n  w: { forEach: [1, 2, 3, 4, 5, 6, 7, 8], run: sleep 2 }\n");
    for (DocumentedWorkflow each : documented().toList()) {
      if (!isTimed(each)) {
        started.put(each.source(), startOnLambda(each));
      }
    }
    for (String each : deeper().toList()) {
      started.put(each, runs.start(each));
    }
  }

  @AfterAll
  void report() {
    if (stage != null) {
      stage.settle();
      System.out.println(getClass().getSimpleName() + ": " + stage.report());
      local.close();
      functions.close();
      shop.stop(0);
      stage.close();
    }
  }

  static Stream<DocumentedWorkflow> documented() throws IOException {
    return DocumentedWorkflow.all().stream()
        .filter(DocumentedWorkflow::isRunnable)
        .filter(block -> !block.source().contains(NEEDS_A_BEAN));
  }

  /** Who wins and what is too slow is decided on a quiet stage: these start one after another. */
  private static boolean isTimed(DocumentedWorkflow block) {
    return Stream.of("race:", "timeout: ", "sleep ").anyMatch(block.source()::contains);
  }

  private String server() {
    return "http://127.0.0.1:" + shop.getAddress().getPort();
  }

  private UUID startOnLambda(DocumentedWorkflow block) throws Exception {
    Path folder = Files.createTempDirectory(stage.shared(), "page-");
    laidOut(block, folder);
    Map<String, Object> params = block.expected(server()).params();
    return runs.start(block.source(), params, Optional.of(folder.toString()));
  }

  private static void laidOut(DocumentedWorkflow block, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : block.beside().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documented")
  void a_workflow_of_the_documentation_ends_on_lambda_as_on_one_machine(
      DocumentedWorkflow block, @TempDir Path folder) throws Exception {
    DocumentedWorkflow.Expected expected = block.expected(server());
    laidOut(block, folder);
    UUID here = local.startIn(folder, block.source(), expected.params());
    UUID there = isTimed(block) ? startOnLambda(block) : started.get(block.source());
    for (String action : expected.actions()) {
      Actions.here(local, here, action.split(" ", 3));
      actions.there(there, action.split(" ", 3));
    }
    TestEngine.Outcome onLambda = runs.end(there);

    assertEquals(expected.status(), onLambda.status(), onLambda.json().toString());
    expected
        .outputs()
        .ifPresent(
            outputs -> assertEquals(outputs, onLambda.outputs(), onLambda.json().toString()));
    assertSame(local.await(here), onLambda);
  }

  // --- deeper than a page shows

  static Stream<String> deeper() {
    return Stream.of(
        """
        name: nested
        steps:
          build:
            forEach: [1, 2, 3]
            as: number
            sequence:
              steps:
                compile: { run: 'echo "c$N"', env: { N: "${{ number }}" } }
                test:
                  forEach: [a, b]
                  as: kind
                  run: 'echo "$N$K"'
                  env: { N: "${{ number }}", K: "${{ kind }}" }
                pack: { pass: { output: "${{ steps.test.output }}" } }
          all: { needs: build, pass: { output: "${{ size(steps.build.output) }}" } }
        """,
        """
        name: failing
        steps:
          a: { run: echo a }
          b: { needs: a, run: exit 3, retry: { attempts: 2, delay: 100ms } }
          c: { needs: b, run: echo never }
          d: { needs: a, run: echo d }
          told: { needs: { step: b, on: failed }, run: echo told }
        """,
        """
        name: tolerant
        steps:
          a: { run: exit 1, onFailure: tolerate }
          b: { needs: { step: a, on: failed }, run: 'echo "after $S"', env: { S: "${{ steps.a.status }}" } }
          c: { when: "${{ 1 > 2 }}", run: echo never, onSkip: satisfy }
          d: { needs: [b, c], run: echo d }
        """,
        """
        name: slow
        steps:
          nap: { sleep: 1200ms }
          late: { timeout: 700ms, run: exec sleep 60, onFailure: tolerate }
          end: { needs: [nap, { step: late, on: timed_out }], run: echo end }
        """,
        LambdaSuite.chain(60));
  }

  @ParameterizedTest
  @MethodSource("deeper")
  void a_deeper_workflow_ends_on_lambda_as_on_one_machine(String yaml) {
    assertSame(local.run(yaml), runs.end(started.get(yaml)));
  }

  @Test
  void a_rerun_does_the_same_again_on_lambda_as_on_one_machine() throws Exception {
    String yaml =
        """
        name: again
        steps:
          a: { run: echo a }
          b: { needs: a, run: 'echo x >> tries; [ "$(wc -l < tries)" -gt 1 ]' }
          c: { needs: b, run: echo c }
        """;
    UUID there = runs.start(yaml);
    assertEquals("failed", runs.end(there).status());
    actions.rerun(there, "failed");
    TestEngine.Outcome onLambda = runs.end(there);
    UUID here = local.start(yaml);
    assertEquals("failed", local.await(here).status());
    Actions.rerunHere(local, here, "failed");
    TestEngine.Outcome onOne = local.await(here);
    assertEquals("succeeded", onOne.status());
    assertSame(onOne, onLambda);
  }

  // --- what a user sees of a run

  private static void assertSame(TestEngine.Outcome here, TestEngine.Outcome there) {
    assertEquals(here.status(), there.status(), there.json().toString());
    assertEquals(here.outputs(), there.outputs(), there.json().toString());
    List<Map<String, Object>> one = steps(here);
    List<Map<String, Object>> other = steps(there);
    assertEquals(plain(raced(one, other)), plain(raced(other, one)));
    assertTrue(!other.isEmpty());
  }

  /**
   * A branch of a race that fails may be stopped before it does: it was not to end where the other
   * side has stopped it and what it belongs to has succeeded all the same.
   */
  private static List<Map<String, Object>> raced(
      List<Map<String, Object>> steps, List<Map<String, Object>> others) {
    Set<Object> stopped =
        others.stream()
            .filter(step -> step.get("status").equals(NOT_TO_END))
            .map(step -> step.get("id"))
            .collect(Collectors.toSet());
    Set<Object> succeeded =
        steps.stream()
            .filter(step -> step.get("status").equals("succeeded"))
            .map(step -> step.get("id"))
            .collect(Collectors.toSet());
    return steps.stream()
        .map(
            step -> {
              String id = String.valueOf(step.get("id"));
              String parent = id.substring(0, Math.max(0, id.lastIndexOf('.')));
              boolean lost =
                  step.get("status").equals("failed")
                      && stopped.contains(id)
                      && succeeded.contains(parent);
              return lost
                  ? new TreeMap<String, Object>(Map.of("id", id, "status", NOT_TO_END))
                  : step;
            })
        .toList();
  }

  /** Ids of runs and one-time tokens are never the same twice. */
  private static String plain(List<Map<String, Object>> steps) {
    return Json.write(steps)
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "RUN")
        .replaceAll("/api/callbacks/[A-Za-z0-9_-]+", "/api/callbacks/TOKEN");
  }

  /** Of each step, in order, what does not depend on clocks, ports, folders and chance. */
  private static List<Map<String, Object>> steps(TestEngine.Outcome run) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Object each : (List<?>) run.json().get("steps")) {
      Map<?, ?> step = (Map<?, ?>) each;
      Map<String, Object> seen = new TreeMap<>();
      String status = String.valueOf(step.get("status"));
      seen.put("id", step.get("id"));
      if (DECIDED_BY_TIME.contains(status)) {
        seen.put("status", NOT_TO_END);
      } else {
        seen.put("status", status);
        seen.put("code", step.get("error") instanceof Map<?, ?> error ? error.get("code") : null);
        seen.put("output", comparable(step.get("output")));
      }
      steps.add(seen);
    }
    return steps;
  }

  /** Times, ids and headers of a real answer differ from run to run. */
  private static Object comparable(Object output) {
    return output instanceof Map<?, ?> map && (map.containsKey("headers") || map.containsKey("at"))
        ? map.keySet().stream().map(String::valueOf).sorted().toList()
        : output;
  }
}
