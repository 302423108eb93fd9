package dev.fanfare.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.ci.FlakyProxy.Fault;
import dev.fanfare.ci.TriggerScript.Call;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code scripts/fanfare-trigger} against the packaged server, over good and bad networks. */
class TriggerScriptIT {

  private static final String GREET =
      """
      name: greet
      params:
        who: { type: string, default: world }
        times: { type: integer, default: 1 }
      steps:
        say: { pass: { output: "${{ params.who }}" } }
      outputs:
        who: "${{ steps.say.output }}"
        times: "${{ params.times }}"
        branch: "${{ run.?branch.orValue('') }}"
        tag: "${{ run.?tag.orValue('') }}"
        commit: "${{ event.?commit.orValue('') }}"
      """;

  @TempDir private static Path home;
  private static Process server;
  private static String url;

  @TempDir private Path folder;

  @BeforeAll
  static void startServer() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "scripts/fanfare", "serve", "--port", "0")
            .redirectErrorStream(true);
    builder.environment().put("FANFARE_HOME", home.toString());
    builder.environment().put("FANFARE_BUILD", "never");
    server = builder.start();
    StringBuilder seen = new StringBuilder();
    String line = server.inputReader().readLine();
    while (line != null && !line.contains("http://")) {
      seen.append(line).append('\n');
      line = server.inputReader().readLine();
    }
    assertTrue(line != null, () -> "the server did not start:\n" + seen);
    url = line.replaceAll(".*(http://[0-9.]+:[0-9]+).*", "$1");
    Process process = server;
    Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(ignored -> {}));
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(1, TimeUnit.MINUTES)) {
      server.destroyForcibly();
    }
  }

  static List<List<String>> shells() {
    return TriggerScript.shells();
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static Map<?, ?> get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return (Map<?, ?>) Json.parse(answer.body());
    }
  }

  private static String status(String run, String wait) throws Exception {
    return String.valueOf(get("/api/runs/" + run + "?wait=" + wait).get("status"));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatever_a_parameter_holds_arrives_as_it_was(List<String> shell) throws Exception {
    String odd = " \"quoted\" \\n 'single' \t tab\nnext ünï 😀 & + % = ; $HOME `x` @file <b> \\";
    Call call =
        new TriggerScript(shell, url)
            .call("--file", file("odd name & more.yaml", GREET), "-p", "who=" + odd, "-o", "json");
    assertEquals(0, call.exitCode(), call::toString);
    Map<?, ?> outputs = (Map<?, ?>) Json.parseOwnObject(call.out()).get("outputs");
    assertEquals(odd, outputs.get("who"));
    assertEquals(
        List.of("greet started", "say succeeded"), call.progress(), "not what the run did");
    assertTrue(call.err().contains(url + "/api/runs/" + call.run()), call::toString);
  }

  @Test
  void a_registered_workflow_gets_event_branch_tag_and_files_as_parameters() throws Exception {
    String name = file("greet.yaml", GREET);
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.send(
          HttpRequest.newBuilder(URI.create(url + "/api/workflows/greet"))
              .header("Content-Type", "text/yaml")
              .PUT(HttpRequest.BodyPublishers.ofFile(Path.of(name)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
    Call call =
        TriggerScript.at(url + "/")
            .call(
                "--workflow=greet",
                "--param-file",
                "who=" + file("a=b.txt", "two\nlines\n"),
                "--param=times=3",
                "--event",
                file("event.json", "{\"commit\": \"c0ffee\"}"),
                "--branch",
                "feature/ä&b",
                "--tag",
                "v1");
    assertEquals(0, call.exitCode(), call::toString);
    assertEquals(
        """
        who: "two\\nlines\\n"
        times: 3
        branch: "feature/ä&b"
        tag: "v1"
        commit: "c0ffee"
        """,
        call.out());
  }

  @Test
  void the_job_fails_with_the_run_and_says_which_step() throws Exception {
    String file =
        file(
            "bad.yaml",
            "name: bad\n"
                + "steps:\n"
                + "  good: { run: echo fine }\n"
                + "  broken: { needs: good, run: exit 4 }\n"
                + "  never: { needs: broken, run: echo never }\n");
    Call call = TriggerScript.at(url).call("-q", "--file", file, "--dotenv", folder + "/env");
    assertEquals(1, call.exitCode(), call::toString);
    assertTrue(call.progress().stream().anyMatch(line -> line.startsWith("broken failed: ")));
    assertFalse(call.err().contains("good"), call::toString);
    assertTrue(call.err().contains("bad failed"), call::toString);
    assertEquals(
        "FANFARE_RUN=%s\nFANFARE_RUN_URL=%s/api/runs/%s\nFANFARE_STATUS=failed\n"
            .formatted(call.run(), url, call.run()),
        Files.readString(folder.resolve("env")));
  }

  @Test
  void a_wrong_call_ends_with_2_and_says_what_is_wrong() throws Exception {
    String wrong = file("wrong.yaml", "name: w\nsteps:\n  a: { runn: x }\n");
    assertWrong("3:8: error: step", "--file", wrong);
    assertWrong("there is no registered workflow 'none'", "--workflow", "none");
    assertWrong("whom", "--file", file("greet.yaml", GREET), "-p", "whom=x");
    assertWrong("NAME=VALUE", "--workflow", "greet", "-p", "who");
    assertWrong("name of a parameter", "--workflow", "greet", "-p", "a b=c");
    assertWrong("cannot be read", "--file", folder.resolve("gone.yaml").toString());
    assertWrong("exclude each other", "--file", wrong, "--workflow", "x");
    assertWrong("no option '--wrokflow'", "--wrokflow", "x");
    assertWrong("--timeout takes a time", "--workflow", "x", "--timeout", "soon");
    assertWrong("say what to run");
    assertWrong("there is no run", "--follow", "00000000-0000-0000-0000-000000000000");
    assertWrong("'event'", "--workflow", "greet", "--event", file("event", "[1]"));
    Call nowhere = new TriggerScript(List.of("sh"), "ftp://x").call("--workflow", "x");
    assertEquals(2, nowhere.exitCode(), nowhere::toString);
  }

  private static void assertWrong(String sentence, String... arguments) throws Exception {
    Call call = TriggerScript.at(url).call(arguments);
    assertEquals(2, call.exitCode(), call::toString);
    assertTrue(call.err().contains(sentence), call::toString);
  }

  @Test
  void a_job_that_is_tried_again_finds_its_run_and_lets_what_failed_run_once_more()
      throws Exception {
    Path marks = folder.resolve("marks");
    String file =
        file(
            "twice.yaml",
            "name: twice\nsteps:\n  one: { run: 'echo one >> %s' }\n".formatted(marks)
                + "  two: { needs: one, run: 'echo two >> %s; [ $(grep -c two %s) -gt 1 ]' }\n"
                    .formatted(marks, marks));
    TriggerScript job = TriggerScript.at(url).inJob("test");
    Call first = job.call("--file", file);
    assertEquals(1, first.exitCode(), first::toString);
    Call report = job.call("--file", file, "--no-rerun");
    assertEquals(1, report.exitCode(), report::toString);
    Call second = job.call("--file", file);
    assertEquals(0, second.exitCode(), second::toString);
    Call third = job.call("--file", file);
    assertEquals(0, third.exitCode(), third::toString);
    assertEquals(List.of(first.run(), first.run()), List.of(second.run(), third.run()));
    assertEquals(List.of("one", "two", "two"), Files.readAllLines(marks));
    assertEquals(
        List.of("two started (attempt 2)", "two succeeded (attempt 2)"),
        second.progress().stream().filter(line -> line.startsWith("two")).toList());
    assertTrue(second.progress().stream().noneMatch(line -> line.startsWith("one")));
    assertFalse(
        TriggerScript.at(url).inJob("other").call("--file", file).run().equals(first.run()));
    assertFalse(job.call("--file", file, "--no-key").run().equals(first.run()));
    assertFalse(job.call("--file", file, "--branch", "b").run().equals(first.run()));
  }

  @Test
  void what_failed_in_a_run_can_be_asked_to_run_again_by_its_id() throws Exception {
    Path gate = folder.resolve("gate");
    String file =
        file("gate.yaml", "name: gate\nsteps:\n  gate: { run: '[ -e %s ]' }\n".formatted(gate));
    Call failed = TriggerScript.at(url).call("--file", file);
    assertEquals(1, failed.exitCode(), failed::toString);
    Files.writeString(gate, "open");
    Call again = TriggerScript.at(url).call("--rerun-failed", failed.run().substring(0, 30));
    assertEquals(0, again.exitCode(), again::toString);
    Call nothing = TriggerScript.at(url).call("--rerun-failed", failed.run());
    assertEquals(0, nothing.exitCode(), nothing::toString);
    assertTrue(nothing.err().contains("nothing in the run failed"), nothing::toString);
  }

  private static final String NAP =
      "name: nap\nsteps:\n  first: { pass: { output: 1 } }\n  nap: { needs: first, sleep: 1h }\n";

  @Test
  void without_waiting_it_prints_the_id_and_another_call_follows() throws Exception {
    Call call = TriggerScript.at(url).call("--file", file("nap.yaml", NAP), "--no-wait");
    assertEquals(0, call.exitCode(), call::toString);
    String run = call.out().strip();
    Call timeout = TriggerScript.at(url).call("--follow", run, "--timeout", "1s");
    assertEquals(1, timeout.exitCode(), timeout::toString);
    assertTrue(timeout.err().contains("goes on"), timeout::toString);
    assertEquals("waiting", status(run, "0s"));
    Call cancelled =
        TriggerScript.at(url).call("--follow", run, "--timeout", "1s", "--cancel-on-interrupt");
    assertEquals(1, cancelled.exitCode(), cancelled::toString);
    assertEquals("cancelled", status(run, "30s"));
    assertEquals(3, TriggerScript.at(url).call("--follow", run).exitCode());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void a_job_that_is_stopped_cancels_its_run_at_once_where_it_should(List<String> shell)
      throws Exception {
    String file = file("nap.yaml", NAP);
    for (String signal : List.of("INT", "TERM")) {
      Process cancelling =
          new TriggerScript(shell, url).start("--file", file, "--cancel-on-interrupt");
      String seen = TriggerScript.readUntil(cancelling, "nap waiting");
      TriggerScript.signal(cancelling, signal);
      Call call = TriggerScript.ended(cancelling, seen);
      assertEquals(3, call.exitCode(), call::toString);
      assertEquals("cancelled", status(call.run(), "30s"));
    }
    Process leaving = new TriggerScript(shell, url).start("--file", file);
    String seen = TriggerScript.readUntil(leaving, "nap waiting");
    TriggerScript.signal(leaving, "TERM");
    Call call = TriggerScript.ended(leaving, seen);
    assertEquals(143, call.exitCode(), call::toString);
    assertEquals("waiting", status(call.run(), "0s"));
  }

  @Test
  void a_step_that_waits_for_a_person_is_approved_or_denied_from_a_job() throws Exception {
    String file =
        file(
            "gated.yaml",
            "name: gated\n"
                + "steps:\n"
                + "  gate: { approval: Ship it? }\n"
                + "outputs: { by: \"${{ steps.gate.output.by }}\" }\n");
    Process waiting = TriggerScript.at(url).start("--file", file);
    String seen = TriggerScript.readUntil(waiting, "gate waiting");
    String run = new Call(0, "", seen).run();
    Call approval =
        TriggerScript.at(url)
            .inJob("ship")
            .call("--approve", run + "/gate", "--reason", "it is \"good\" \\o/ ü");
    assertEquals(0, approval.exitCode(), approval::toString);
    assertTrue(approval.err().contains("'gate' is approved by ann"), approval::toString);
    Call ended = TriggerScript.ended(waiting, seen);
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("by: \"ann\"\n", ended.out());
    Call late = TriggerScript.at(url).call("--deny", run + "/gate", "--by", "bob");
    assertEquals(2, late.exitCode(), late::toString);
    Call gone = TriggerScript.at(url).call("--approve", run + "/no such [step]");
    assertEquals(2, gone.exitCode(), gone::toString);
  }

  private static final int STEPS = 12;

  private static String chain() {
    StringBuilder text = new StringBuilder("name: chain\nsteps:\n");
    for (int i = 0; i < STEPS; i++) {
      text.append(
          "  s%02d: { run: sleep 0.3%s }\n"
              .formatted(i, i == 0 ? "" : ", needs: s%02d".formatted(i - 1)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void a_network_that_cuts_doubles_and_loses_shows_every_event_once_and_starts_one_run(
      List<String> shell) throws Exception {
    try (FlakyProxy proxy = new FlakyProxy(URI.create(url))) {
      // Of the start; then of following, with good answers in between.
      proxy.next(Fault.LOST_ANSWER, Fault.TWICE);
      for (Fault fault : Fault.values()) {
        proxy.next(Fault.NONE, fault);
      }
      proxy.next(Fault.SHORTENED, Fault.GATEWAY_503, Fault.CUT);
      String marked = "chain-" + String.join("", shell) + ProcessHandle.current().pid();
      Call call =
          new TriggerScript(shell, proxy.url())
              .call("--file", file("chain.yaml", chain().replace("chain", marked)));

      assertEquals(0, call.exitCode(), call::toString);
      List<String> expected = new ArrayList<>(List.of(marked + " started"));
      IntStream.range(0, STEPS)
          .mapToObj("s%02d"::formatted)
          .forEach(step -> expected.addAll(List.of(step + " started", step + " succeeded")));
      assertEquals(expected, call.progress(), call::toString);
      List<?> runs = (List<?>) get("/api/runs?workflow=" + marked).get("runs");
      assertEquals(1, runs.size());
      assertTrue(proxy.met(Fault.CUT) + proxy.met(Fault.SHORTENED) > 1, call::toString);
      assertFalse(call.err().lines().anyMatch(line -> line.startsWith("::")), call::toString);
    }
  }

  @Test
  void a_server_that_stays_away_is_given_up_and_the_link_is_told() throws Exception {
    try (FlakyProxy proxy = new FlakyProxy(URI.create(url))) {
      proxy.next(Fault.NONE);
      for (int i = 0; i < 20; i++) {
        proxy.next(Fault.GATEWAY_503);
      }
      Call call =
          TriggerScript.at(proxy.url()).call("--file", file("nap.yaml", NAP), "--retry-for", "2s");
      assertEquals(1, call.exitCode(), call::toString);
      assertTrue(call.err().contains("the run may go on: " + proxy.url()), call::toString);
    }
  }

  @Test
  void a_job_that_is_stopped_while_its_start_is_on_the_way_leaves_no_run_behind() throws Exception {
    try (FlakyProxy proxy = new FlakyProxy(URI.create(url))) {
      proxy.next(Fault.LOST_ANSWER, Fault.LOST_ANSWER);
      String file = file("nap.yaml", NAP.replace("name: nap", "name: stopped-nap"));
      Process process =
          TriggerScript.at(proxy.url()).start("--file", file, "--cancel-on-interrupt");
      String seen = TriggerScript.readUntil(process, "asking again");
      TriggerScript.signal(process, "TERM");
      Call call = TriggerScript.ended(process, seen);
      assertEquals(3, call.exitCode(), call::toString);
      List<?> runs = (List<?>) get("/api/runs?workflow=stopped-nap").get("runs");
      assertEquals(1, runs.size());
      assertEquals("cancelled", ((Map<?, ?>) runs.getFirst()).get("status"), call::toString);
    }
  }
}
