package dev.fanfare.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.ci.TriggerScript;
import dev.fanfare.integration.Invariants;
import dev.fanfare.json.Json;
import dev.fanfare.lambda.LambdaStage.Ability;
import dev.fanfare.lambda.LambdaStage.Role;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What Fanfare does where it is at home, on whatever behaves as Lambda does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // answers are looked into without asking what is there
abstract class LambdaSuite {

  private LambdaStage stage;
  private Runs runs;
  private Path examples;

  abstract LambdaStage deploy(LambdaStage.Settings settings);

  @BeforeAll
  void deployFanfare() throws IOException {
    stage = deploy(LambdaStage.Settings.USUAL);
    runs = new Runs(stage);
    examples = stage.shared().resolve("examples");
    copyTree(Path.of("examples"), examples);
  }

  @AfterAll
  void report() {
    if (stage != null) {
      stage.settle();
      System.out.println(getClass().getSimpleName() + ": " + stage.report());
      try {
        Invariants.hold(stage.database());
        assertEquals(List.of(), stage.deadMessages());
      } finally {
        stage.close();
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  // --- the examples

  private TestEngine.Outcome example(String name, Map<String, Object> params) throws IOException {
    String yaml = Files.readString(examples.resolve(name + ".yaml"));
    return runs.end(runs.start(yaml, params, Optional.of(examples.toString())));
  }

  @Test
  void the_pipeline_compiles_tests_on_shards_reports_and_packages() throws IOException {
    TestEngine.Outcome run = example("ci", Map.of());
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals(List.of(2L, 2L, 2L, 2L), run.outputs().get("testsPerShard"));
    assertEquals("build/tally.jar", run.outputs().get("jar"));
    assertEquals("total 22.70", run.outputs().get("smoke"));
  }

  @Test
  void the_map_reduce_finds_the_words() throws IOException {
    TestEngine.Outcome run = example("map-reduce", Map.of("top", 3L));
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals(3, ((List<?>) run.outputs().get("top")).size());
  }

  @Test
  void the_faster_server_wins_the_race() throws IOException {
    List<Long> ports = freePorts();
    TestEngine.Outcome run =
        example(
            "http-race",
            Map.of(
                "primary",
                "3000",
                "backup",
                "50",
                "primaryPort",
                ports.get(0),
                "backupPort",
                ports.get(1)));
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals("backup", run.outputs().get("from"));
  }

  @Test
  void a_failure_drains_and_the_cleanup_runs() throws IOException {
    TestEngine.Outcome run = example("drain", Map.of());
    assertEquals("failed", run.status(), run.json().toString());
    assertEquals("not_run", run.status("total"));
    assertEquals("succeeded", run.status("unlock"));
    assertEquals(Map.of("loaded", "berlin.csv\noslo.csv"), run.outputs());
  }

  @Test
  void a_tolerated_failure_leaves_the_run_partially_succeeded() throws IOException {
    TestEngine.Outcome run = example("tolerate", Map.of());
    assertEquals("partially_succeeded", run.status(), run.json().toString());
    assertEquals(3, ((List<?>) run.outputs().get("cities")).size());
  }

  private static List<Long> freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of((long) one.getLocalPort(), (long) two.getLocalPort());
    }
  }

  // --- depth, width, duration

  @Test
  void a_chain_of_60_steps_takes_few_invocations() {
    long before = stage.count("invocations", Role.STEP);
    TestEngine.Outcome run = runs.run(chain(60));
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals("60", run.output("s60"));
    if (stage.can(Ability.COUNTS)) {
      long took = stage.count("invocations", Role.STEP) - before;
      assertTrue(took <= 10, "done in place by one function, but took " + took);
    }
  }

  static String chain(int length) {
    StringBuilder yaml = new StringBuilder("name: chain\nsteps:\n");
    for (int i = 1; i <= length; i++) {
      yaml.append(
          "  s%d: { run: echo %d%s }\n".formatted(i, i, i == 1 ? "" : ", needs: s" + (i - 1)));
    }
    return yaml.toString();
  }

  @Test
  void a_fan_of_1000_steps_ends_in_its_order() {
    TestEngine.Outcome run =
        runs.run(
            """
            name: wide
            steps:
              each:
                forEach: "${{ lists.range(1000) }}"
                run: echo "$N"
                env: { N: "${{ item }}" }
              sum: { needs: each, pass: { output: "${{ size(steps.each.output) }}" } }
            outputs: { count: "${{ steps.sum.output }}", last: "${{ steps.each.output[999] }}" }
            """);
    assertEquals("succeeded", run.status());
    assertEquals(Map.of("count", 1000L, "last", "999"), run.outputs());
  }

  @Test
  void a_race_has_one_winner_and_its_loser_is_stopped() {
    long before = System.nanoTime();
    TestEngine.Outcome run =
        runs.run(
            """
            name: race
            steps:
              r:
                race:
                  steps:
                    slow: { run: exec sleep 600 }
                    quick: { run: echo quick }
              after: { needs: r, pass: { output: "${{ steps.r.winner }}" } }
            """);
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals("quick", run.output("after"));
    assertTrue(System.nanoTime() - before < 60_000_000_000L, "nobody waits for the loser");
    stage.settle();
  }

  @Test
  void a_wait_of_seconds_costs_no_process_and_ends_on_time() {
    TestEngine.Outcome run =
        runs.run(
            """
            name: wait
            steps:
              nap: { sleep: 2500ms }
              after: { needs: nap, run: echo awake }
            """);
    assertEquals("awake", run.output("after"));
    long took = (Long) run.json().get("durationMs");
    assertTrue(took >= 2_500 && took < 8_000, "took " + took + " ms");
  }

  @Test
  void a_retry_and_a_timeout_come_when_they_are_due() {
    TestEngine.Outcome run =
        runs.run(
            """
            name: again
            steps:
              flaky:
                retry: { attempts: 3, delay: 1s }
                run: '[ -e here ] && echo better || { touch here; exit 1; }'
              slow: { timeout: 1s, run: exec sleep 600, onFailure: tolerate }
            """);
    assertEquals("succeeded", run.status("flaky"), run.json().toString());
    assertEquals("timed_out", run.status("slow"));
  }

  // --- people and clocks

  @Test
  void an_approval_over_http_lets_the_run_go_on() throws Exception {
    assumeTrue(stage.can(Ability.HTTP));
    UUID run =
        runs.start(
            """
            name: gate
            steps:
              ask: { approval: "Go on?" }
              go: { needs: ask, run: 'echo "for $BY"', env: { BY: "${{ steps.ask.output.by }}" } }
            """);
    runs.until("the question", () -> runs.outcome(run).status("ask").equals("waiting"));
    HttpResponse<String> waiting = http("GET", "/api/approvals", "");
    assertTrue(waiting.body().contains(run.toString()), waiting.body());
    HttpResponse<String> answer =
        http("POST", "/api/runs/" + run + "/steps/ask/approve", "{\"by\": \"ann\"}");
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals("for ann", runs.end(run).output("go"));
  }

  @Test
  void a_schedule_starts_a_run_when_its_time_has_come() throws Exception {
    assumeTrue(stage.can(Ability.HTTP));
    String yaml =
        "name: nightly\ntriggers:\n  - schedule: \"0 0 29 2 *\"\nsteps:\n  a: { run: echo ran }\n";
    HttpResponse<String> registered =
        http("PUT", "/api/workflows/nightly", Json.write(Map.of("text", yaml)));
    assertEquals(201, registered.statusCode(), registered.body());
    runs.execute("UPDATE workflow_trigger SET next_at = now()");
    stage.tick();
    String found = "SELECT id FROM run WHERE workflow = 'nightly'";
    runs.until("the scheduled run", () -> !runs.query(found).isEmpty());
    TestEngine.Outcome run = runs.end(UUID.fromString(runs.query(found).getFirst()));
    assertEquals("ran", run.output("a"));
    assertEquals(1, runs.query(found).size());
  }

  @Test
  void the_script_for_ci_follows_a_run_and_ends_as_it_does(@TempDir Path folder) throws Exception {
    assumeTrue(stage.can(Ability.HTTP));
    Path file =
        Files.writeString(
            folder.resolve("build.yaml"),
            """
            name: build
            params: { code: { type: integer, default: 0 } }
            steps:
              compile: { run: echo compiled }
              test: { needs: compile, run: 'exit "$CODE"', env: { CODE: "${{ params.code }}" } }
            """);
    TriggerScript script = TriggerScript.at(stage.url().toString());
    TriggerScript.Call good = script.call("--file", file.toString());
    assertEquals(0, good.exitCode(), good::toString);
    assertTrue(good.progress().contains("test succeeded"), good::toString);
    TriggerScript.Call bad = script.call("--file", file.toString(), "-p", "code=3");
    assertEquals(1, bad.exitCode(), bad::toString);
    assertEquals("failed", runs.end(UUID.fromString(bad.run())).status());
  }

  private HttpResponse<String> http(String method, String path, String body) throws Exception {
    return new Actions(stage, runs).http(method, path, body);
  }

  // --- what must not disturb

  @Test
  void a_function_without_room_is_waited_for() {
    assumeTrue(stage.can(Ability.THROTTLES));
    stage.reserve(Role.STEP, OptionalInt.of(1));
    try {
      List<UUID> some = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        some.add(
            runs.start(
                "name: few\nsteps:\n  f: { forEach: [1, 2, 3, 4], run: 'sleep 0.05; echo 1' }\n"));
      }
      some.forEach(run -> assertEquals("succeeded", runs.end(run).status()));
      stage.settle();
    } finally {
      stage.reserve(Role.STEP, OptionalInt.empty());
    }
  }

  @Test
  void a_message_that_nobody_understands_is_left_and_others_go_on() {
    stage.message("this is no JSON");
    stage.message("{\"steps\": [{\"run\": 7}]}");
    stage.message("{\"wake\": true}");
    assertEquals("succeeded", runs.run("name: fine\nsteps:\n  a: { sleep: 1s }\n").status());
    stage.settle();
  }
}
