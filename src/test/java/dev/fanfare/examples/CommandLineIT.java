package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.testing.Traces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code scripts/fanfare run} as a person calls it: a process of its own, an embedded database in a
 * folder of its own. Runs what has just been packaged.
 */
class CommandLineIT {

  private static Path home;

  private record Call(int exitCode, String out, String err) {
    Map<String, Object> json() throws Json.JsonException {
      return Json.parseOwnObject(out);
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + "\n" + out + "\n" + err;
    }
  }

  @BeforeAll
  static void chooseHome() throws IOException {
    home = Files.createTempDirectory("fanfare-home");
  }

  private static Call fanfare(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", "scripts/fanfare"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("fanfare", ".out");
    Path err = Files.createTempFile("fanfare", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("FANFARE_HOME", home.toString());
    builder.environment().put("FANFARE_BUILD", "never");
    Process process = builder.start();
    assertTrue(process.waitFor(3, TimeUnit.MINUTES), () -> "no end of " + command);
    return new Call(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void the_map_reduce_prints_one_object_and_ends_with_0() throws Exception {
    Call call = fanfare("run", "examples/map-reduce.yaml", "--output", "json", "--param", "top=3");

    assertEquals(0, call.exitCode(), call::toString);
    Map<String, Object> run = call.json();
    assertEquals(
        List.of(
            "id",
            "workflow",
            "status",
            "startedAt",
            "finishedAt",
            "durationMs",
            "outputs",
            "steps"),
        List.copyOf(run.keySet()));
    assertEquals("map-reduce", run.get("workflow"));
    assertEquals("succeeded", run.get("status"));
    assertFalse(
        Instant.parse((String) run.get("startedAt"))
            .isAfter(Instant.parse((String) run.get("finishedAt"))));
    assertEquals(3, ((List<?>) ((Map<?, ?>) run.get("outputs")).get("top")).size());
    List<?> ids =
        ((List<?>) run.get("steps")).stream().map(step -> ((Map<?, ?>) step).get("id")).toList();
    assertEquals(
        List.of(
            "split", "map", "map[bridge.txt]", "map[lighthouse.txt]", "map[market.txt]", "reduce"),
        ids);
    for (Object step : (List<?>) run.get("steps")) {
      assertTrue(
          ((Map<?, ?>) step)
              .keySet()
              .containsAll(
                  List.of(
                      "id",
                      "status",
                      "reason",
                      "attempts",
                      "startedAt",
                      "finishedAt",
                      "output",
                      "error")),
          step::toString);
    }
    assertTrue(call.err().contains("reduce succeeded"), call::toString);
  }

  @Test
  void the_run_that_fails_ends_with_1_and_shows_what_was_not_run() throws Exception {
    Call call = fanfare("run", "examples/drain.yaml");

    assertEquals(1, call.exitCode(), call::toString);
    assertTrue(call.out().contains("drain failed"), call::toString);
    assertTrue(call.out().contains("not_run"), call::toString);
    assertFalse(call.err().contains("Exception"), call::toString);
  }

  @Test
  void a_file_that_is_wrong_ends_with_2_and_its_line_and_column() throws Exception {
    Path file = Files.createTempFile("wrong", ".yaml");
    Files.writeString(file, "name: wrong\nsteps:\n  a: { run: echo, need: b }\n");

    Call call = fanfare("run", file.toString());

    assertEquals(2, call.exitCode(), call::toString);
    assertTrue(call.err().contains(":3:19"), call::toString);
    assertFalse(call.err().contains("Exception"), call::toString);
    assertEquals("", call.out());
  }

  @Test
  void a_secret_from_a_file_reaches_a_script_and_is_found_in_nothing_that_the_program_leaves()
      throws Exception {
    String canary = "cAn4ry-92be07cd14";
    Path secrets = Files.writeString(Files.createTempFile("secrets", ".env"), "TOKEN=" + canary);
    Path file =
        Files.writeString(
            Files.createTempFile("canary", ".yaml"),
            """
            name: canary
            secrets: [TOKEN, ABSENT]
            params: { note: { type: string } }
            steps:
              print:
                env: { TOKEN: "${{ secrets.TOKEN }}" }
                run: |
                  echo "${#TOKEN} $TOKEN"; echo "$TOKEN" >&2; printf '%s' "$TOKEN" | base64
                  printf '%s' "$TOKEN" > mine.txt
              read: { needs: print, run: 'cat mine.txt; exit 1', onFailure: tolerate }
              absent: { run: echo, env: { X: "${{ secrets.ABSENT }}" }, onFailure: tolerate }
            outputs: { out: "${{ steps.print.output }}" }
            """);

    Call call =
        fanfare(
            "run",
            file.toString(),
            "--secrets",
            secrets.toString(),
            "--param",
            "note=with " + canary,
            "--output",
            "json");

    assertEquals(0, call.exitCode(), call::toString);
    assertEquals("partially_succeeded", call.json().get("status"), call::toString);
    assertTrue(call.out().contains("17 ***"), call::toString);
    assertTrue(call.out().contains("FANFARE_SECRET_ABSENT"), call::toString);
    assertTrue(call.err().contains("params.note holds the value of a secret"), call::toString);
    Traces traces = new Traces(canary);
    assertEquals(List.of(), traces.in(call.out()));
    assertEquals(List.of(), traces.in(call.err()));
    List<String> left = traces.in(home);
    assertEquals(1, left.size(), left::toString);
    assertTrue(left.getFirst().contains("mine.txt"), "what the script wrote itself");
  }
}
