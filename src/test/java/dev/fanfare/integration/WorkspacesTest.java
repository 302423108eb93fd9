package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.files.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that hand files from step to step, with real scripts. */
class WorkspacesTest {

  private static final JavaStep WRITE =
      (context, input) ->
          Files.writeString(context.workspace().resolve(String.valueOf(input)), context.step())
              .getFileName()
              .toString();

  private static RunView run(String yaml) {
    try (Stage stage = new Stage().bean("write", WRITE)) {
      RunView run = stage.end(Stage.start(stage.engine(), yaml));
      Invariants.hold(stage);
      return run;
    }
  }

  private static Object output(RunView run, String step) {
    Object output = Stage.step(run, step).output();
    assertNotNull(output, () -> "no output of " + step + ": " + run);
    return output;
  }

  private static Map<String, Object> error(RunView run, String step) {
    Map<String, Object> error = Stage.step(run, step).error();
    assertNotNull(error, () -> step + " did not fail");
    return error;
  }

  @Test
  void a_step_of_a_layered_workspace_sees_its_upstream_steps_only() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              a: { run: "echo A > a.txt" }
              b: { needs: a, run: "cat a.txt; echo B > b.txt" }
              c: { needs: a, call: write, with: c.txt }
              alone: { run: "ls | wc -l | tr -d ' '" }
              d: { needs: [b, c], run: "cat *.txt" }
            """);
    assertEquals("succeeded", run.status());
    assertEquals("A", output(run, "b"));
    assertEquals("0", output(run, "alone"));
    assertEquals("A\nB\nc", output(run, "d"));
  }

  @Test
  void the_step_that_would_see_two_versions_of_a_file_fails_and_says_whose_they_are() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              lint: { run: "mkdir out; echo 1 > out/report.txt" }
              test: { run: "mkdir out; echo 2 > out/report.txt" }
              join: { needs: [lint, test], run: echo never }
              lint-only: { needs: lint, run: cat out/report.txt }
            """);
    assertEquals("failed", run.status());
    assertEquals("failed", Stage.status(run, "join"));
    assertEquals("workspace_conflict", error(run, "join").get("code"));
    assertEquals("out/report.txt", error(run, "join").get("file"));
    assertEquals(List.of("lint", "test"), error(run, "join").get("steps"));
    assertEquals("1", output(run, "lint-only"));
  }

  @Test
  void an_attempt_that_is_tried_again_leaves_nothing() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              a:
                retry: { attempts: 3, delay: 1ms }
                run: |
                  ls
                  echo x > "attempt-$FANFARE_ATTEMPT"
                  test "$FANFARE_ATTEMPT" = 3
              b: { needs: a, run: ls }
            """);
    assertEquals("", output(run, "a"));
    assertEquals("attempt-3", output(run, "b"));
  }

  @Test
  void who_goes_on_after_a_failure_sees_what_the_failed_step_left() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              test: { run: "echo 1 failure > report.txt; exit 1" }
              publish: { needs: { step: test, on: finished }, run: cat report.txt }
            """);
    assertEquals("1 failure", output(run, "publish"));
  }

  @Test
  void groups_fans_and_races_hand_their_files_on() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              source: { run: "echo s > source" }
              parts:
                needs: source
                forEach: [red, green, blue]
                key: "${{ item }}"
                sequence:
                  steps:
                    make: { run: 'cat source > "$C.tmp"', env: { C: "${{ item }}" } }
                    name: { run: 'ls; mv "$C.tmp" "$C"', env: { C: "${{ item }}" } }
              either:
                needs: source
                race:
                  steps:
                    slow: { run: "echo slow > winner; sleep 60" }
                    quick: { run: "echo quick > winner" }
              all: { needs: [parts, either], run: "ls; cat winner" }
            """);
    assertEquals("succeeded", run.status());
    assertEquals("red.tmp\nsource", output(run, "parts[red].name"));
    assertEquals("blue\ngreen\nred\nsource\nwinner\nquick", output(run, "all"));
  }

  @Test
  void a_file_that_is_an_output_is_there_for_the_next_step() {
    RunView run =
        run(
            """
            name: t
            workspace: layered
            steps:
              build:
                run: "mkdir -p target tmp; echo app > target/app; echo x > tmp/x"
                outputs: { app: { file: target/app } }
                writes: [docs]
              use:
                needs: build
                run: 'cat "$APP"; ls'
                env: { APP: "${{ steps.build.output.app }}" }
            """);
    assertEquals("app\ntarget", output(run, "use"));
  }

  @Test
  void a_workspace_over_its_limit_fails_the_step_that_brought_it_there() {
    for (String mode : List.of("shared", "layered")) {
      try (Stage stage = new Stage()) {
        EngineRoom room =
            stage.engineWith(
                options ->
                    options.with(
                        new WorkspaceSettings(new Limits(1 << 20, 1000), Optional.empty())));
        RunView run =
            stage.end(
                Stage.start(
                    room,
                    """
                    name: t
                    workspace: %s
                    steps:
                      a: { run: "head -c 700000 /dev/zero > a.bin" }
                      b: { needs: a, run: "head -c 700000 /dev/zero > b.bin" }
                      c: { needs: b, run: echo never }
                    """
                        .formatted(mode)));
        assertEquals("succeeded", Stage.status(run, "a"), mode);
        assertEquals("workspace_too_large", error(run, "b").get("code"), mode);
        assertTrue(String.valueOf(error(run, "b").get("message")).contains("\"b.bin\""), mode);
        assertEquals("not_run", Stage.status(run, "c"), mode);
      }
    }
  }

  @Test
  void a_script_cannot_yield_what_is_outside_of_its_workspace() {
    RunView run =
        run(
            """
            name: t
            steps:
              link: { run: ln -s /etc/passwd p, outputs: { x: { file: p } } }
              json: { run: "echo '{}' > ../secret.json; ln -s ../secret.json s", outputs: { x: { json: s } } }
              parent: { run: ln -s .. up, outputs: { x: { file: up/secret.json } } }
              pipe: { run: mkfifo p2, outputs: { x: { json: p2 } } }
              computed: { run: "true", workdir: "${{ '..' }}" }
            """);
    for (String step : List.of("link", "json", "parent", "computed")) {
      assertEquals("path_outside_workspace", error(run, step).get("code"), step);
    }
    assertEquals("path_invalid", error(run, "pipe").get("code"));
  }

  @Test
  void a_rerun_from_failed_keeps_the_layers_and_one_from_the_start_has_none() throws Exception {
    String yaml =
        """
        name: t
        workspace: layered
        steps:
          a: { run: "ls; echo $FANFARE_ATTEMPT > a" }
          b: { needs: a, run: 'cat a; test "$FANFARE_ATTEMPT" -gt 1' }
          c: { needs: b, run: ls }
        """;
    try (TestEngine engine = TestEngine.start()) {
      UUID run = engine.start(yaml);
      assertEquals("failed", engine.await(run).status());
      RerunTest.rerun(engine, run, "failed");
      TestEngine.Outcome again = engine.await(run);
      assertEquals("succeeded", again.status());
      assertEquals("1", again.output("b"));
      assertEquals("a", again.output("c"));
      RerunTest.rerun(engine, run, "start");
      TestEngine.Outcome anew = engine.await(run);
      assertEquals("succeeded", anew.status());
      assertEquals("", anew.output("a"));
      assertEquals("2", anew.output("b"));
    }
  }

  @Test
  void a_shared_workspace_is_empty_when_the_run_begins_anew() {
    try (TestEngine engine = TestEngine.start()) {
      UUID run = engine.start("name: t\nsteps:\n  a: { run: ls; touch seen }\n");
      assertEquals("", engine.await(run).output("a"));
      RerunTest.rerun(engine, run, "start");
      assertEquals("", engine.await(run).output("a"));
    }
  }

  @Test
  void layers_survive_processes_that_are_killed(@TempDir Path folder) throws Exception {
    StringBuilder yaml = new StringBuilder("name: crash\nworkspace: layered\nsteps:\n");
    for (int i = 0; i < 12; i++) {
      String needs = i == 0 ? "" : "needs: s" + (i - 1) + ", ";
      yaml.append(
          "  s%d: { %srun: \"sleep 0.05; mkdir -p d; echo %d > d/f%d; echo %d >> log\" }\n"
              .formatted(i, needs, i, i, i));
    }
    yaml.append("  fan:\n    needs: s11\n    forEach: [1, 2, 3, 4, 5, 6]\n");
    yaml.append("    run: 'sleep 0.1; echo x > \"part$N\"'\n    env: { N: \"${{ item }}\" }\n");
    yaml.append("  last: { needs: fan, run: 'cat log; ls d | wc -l; ls | grep -c part' }\n");
    Path file = Files.writeString(folder.resolve("crash.yaml"), yaml);
    Random random = new Random(7);
    try (Stage stage = new Stage()) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "crash");
      for (int kill = 0; kill < 4; kill++) {
        Process process = EngineProcess.start(args);
        if (kill == 0) {
          Stage.until("the run is there", () -> stage.count("SELECT count(*) FROM run") == 1);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400)));
        process.destroyForcibly().waitFor();
      }
      Process process = EngineProcess.start(args.subList(0, 2));
      UUID id = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      RunView run = stage.end(id);
      process.destroyForcibly().waitFor();
      assertEquals("succeeded", run.status());
      String log = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n";
      assertEquals(log + "12\n6", String.valueOf(output(run, "last")).replace(" ", ""));
    }
  }

  @Test
  void many_instances_that_write_at_once_are_all_seen() {
    try (Stage stage = new Stage()) {
      RunView run =
          stage.end(
              Stage.start(
                  stage.engine(Settings.LOCAL),
                  """
                  name: t
                  workspace: layered
                  steps:
                    base: { run: "mkdir shared; echo 0 > shared/base" }
                    fan:
                      needs: base
                      forEach: "${{ lists.range(60) }}"
                      run: 'cat shared/base; echo "$N" > "shared/$N"'
                      env: { N: "${{ item }}" }
                    all: { needs: fan, run: "ls shared | wc -l | tr -d ' '" }
                  """));
      assertEquals("succeeded", run.status());
      assertEquals("61", output(run, "all"));
      assertTrue(
          Duration.between(run.createdAt(), run.finishedAt().orElseThrow()).toSeconds() < 60);
    }
  }
}
