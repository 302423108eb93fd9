package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.ApprovalService.Judgement;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.testing.TestEngine;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script of a job does, run by real shells. */
class CircleCiJobsTest {

  private static String steps(String steps) {
    return "version: 2.1\njobs:\n  build:\n    environment: { COLOUR: red, PLACE: /tmp/place }\n"
        + "    steps:\n"
        + steps.indent(6)
        + "workflows: { w: { jobs: [build] } }\n";
  }

  @Test
  void steps_run_in_order_and_a_failed_one_leaves_only_what_asks_for_it(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              steps(
                  """
                  - run: echo one
                  - run: { command: echo unfailed, when: on_fail }
                  - run: { name: Break it, command: "echo two; exit 7; echo never" }
                  - run: echo three
                  - run: { command: echo always, when: always }
                  - run: { command: "echo rescue; exit 9", when: on_fail }
                  """));
      assertEquals("failed", run.status("build"));
      assertEquals(7L, ((Map<?, ?>) run.step("build").get("error")).get("exitCode"));
      List<String> log = stage.log(run, "build");
      assertTrue(log.containsAll(List.of("one", "two", "always", "rescue")), log.toString());
      assertFalse(log.contains("three") || log.contains("unfailed") || log.contains("never"));
      assertTrue(log.contains("==> step 3 of 6: Break it"), log.toString());
      assertTrue(
          log.stream().anyMatch(line -> line.startsWith("==> step 3 failed with exit code 7")));
    }
  }

  @Test
  void the_default_shell_stops_at_the_first_failure_also_inside_a_pipe(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      assertEquals("failed", stage.run(steps("- run: 'false | cat'")).status());
      assertEquals("failed", stage.run(steps("- run: \"false\\necho on\"")).status());
      assertEquals(
          "succeeded",
          stage.run(steps("- run: { shell: /bin/sh, command: \"false\\necho on\" }")).status());
    }
  }

  @Test
  void steps_share_what_they_write_to_bash_env_and_their_folders(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              steps(
                  """
                  - run: echo 'export MORE="m o r e"' >> "$BASH_ENV"
                  - run: echo "$MORE $COLOUR $CI $CIRCLE_JOB $CIRCLE_WORKFLOW $CIRCLE_NODE_TOTAL"
                  - run: { command: "echo $COLOUR", environment: { COLOUR: "it's \\"blue\\"" } }
                  - run: { command: "mkdir sub; cd sub; pwd > here" }
                  - run: { command: "cat here; test \\"$(pwd)\\" = \\"$CIRCLE_WORKING_DIRECTORY/sub\\"", working_directory: sub }
                  - run: test "$(pwd)" = ~/project
                  - run: echo x > /tmp/mine && test -e /tmp/mine && test -e "$TMPDIR/mine" && echo /tmp
                  - run: case $PLACE in */files/tmp/place) echo mapped;; esac
                  - run: echo done > /home/circleci/project/note
                  - run: cat note
                  """));
      List<String> log = stage.log(run, "build");
      assertEquals("succeeded", run.status(), log.toString());
      assertTrue(log.contains("m o r e red true build w 1"), log.toString());
      assertTrue(log.contains("it's \"blue\""), log.toString());
      assertTrue(log.containsAll(List.of("mapped", "done")), log.toString());
      assertFalse(Files.exists(Path.of("/tmp/mine")), "a job's /tmp is its own");
    }
  }

  @Test
  void a_job_that_is_halted_succeeds_and_does_no_more(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              steps(
                  """
                  - run: circleci-agent step halt
                  - run: echo after
                  - run: { command: echo ever, when: always }
                  """));
      List<String> log = stage.log(run, "build");
      assertEquals("succeeded", run.status(), log.toString());
      assertFalse(log.contains("after") || log.contains("ever"), log.toString());
    }
  }

  @Test
  void what_runs_in_the_background_ends_with_its_job(@TempDir Path folder) throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              steps(
                  """
                  - run: { name: Serve, command: "echo $$ > pid; : > up; sleep 600", background: true }
                  - run: until [ -e up ]; do sleep 0.05; done; kill -0 "$(cat pid)" && cp pid "$FANFARE_SOURCE/pid"
                  """));
      assertEquals("succeeded", run.status(), stage.log(run, "build").toString());
      long pid = Long.parseLong(Files.readString(stage.project().resolve("pid")).strip());
      assertFalse(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent(), "" + pid);
    }
  }

  @Test
  void a_step_that_fails_is_run_again_as_often_as_it_says(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              steps(
                  """
                  - run: { command: "echo x >> tries; test $(wc -l < tries) -ge 3", max_auto_reruns: 2 }
                  - run: { command: "exit 4", max_auto_reruns: 1, auto_rerun_delay: 0s }
                  """));
      List<String> log = stage.log(run, "build");
      assertEquals(4L, ((Map<?, ?>) run.step("build").get("error")).get("exitCode"));
      assertEquals(3, log.stream().filter(line -> line.contains("; rerun ")).count(), "" + log);
    }
  }

  @Test
  void a_checkout_is_the_project_around_the_file(@TempDir Path folder) throws Exception {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      Files.writeString(stage.project().resolve("readme.txt"), "hello\n");
      TestEngine.Outcome run =
          stage.run(
              steps(
                  "- checkout\n"
                      + "- run: cat readme.txt\n"
                      + "- checkout: { path: again }\n"
                      + "- run: cat again/readme.txt"));
      List<String> log = stage.log(run, "build");
      assertEquals("succeeded", run.status(), log.toString());
      assertEquals(2, log.stream().filter("hello"::equals).count());
    }
  }

  @Test
  void the_workspace_keeps_paths_and_patterns_and_what_is_stored_is_kept(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              """
              version: 2.1
              jobs:
                make:
                  steps:
                    - run: mkdir -p out/a/b out/c; echo 1 > out/a/b/x.jar; echo 2 > out/a/b/y.txt; echo 3 > out/c/z; echo 4 > "out/c/with space"
                    - persist_to_workspace: { root: out, paths: [a/*/*.jar, c] }
                    - store_artifacts: { path: out/a, destination: files }
                    - store_artifacts: { path: nowhere }
                    - store_test_results: { path: out/c/z }
                use:
                  steps:
                    - attach_workspace: { at: /data/in }
                    - run: cd /data/in; find . -type f | sort; test "$(cat 'c/with space')" = 4
                missing:
                  steps:
                    - persist_to_workspace: { root: ., paths: [nothing] }
              workflows: { w: { jobs: [make, { use: { requires: [make] } }, missing] } }
              """);
      List<String> log = stage.log(run, "use");
      assertEquals("succeeded", run.status("use"), log.toString());
      assertTrue(log.containsAll(List.of("./a/b/x.jar", "./c/with space", "./c/z")), "" + log);
      assertFalse(log.contains("./a/b/y.txt"), log.toString());
      List<String> made = stage.log(run, "make");
      assertTrue(made.contains("stored under artifacts/make/files"), made.toString());
      assertTrue(made.contains("stored as test-results/make/z"), made.toString());
      assertTrue(made.contains("there is nothing to store at nowhere"), made.toString());
      assertEquals("failed", run.status("missing"));
    }
  }

  @Test
  void two_jobs_side_by_side_that_persist_one_file_keep_others_from_attaching_it(
      @TempDir Path folder) {
    String jobs =
        """
        version: 2.1
        jobs:
          one: { steps: [{ run: echo 1 > f }, { persist_to_workspace: { root: ., paths: [f] } }] }
          two: { steps: [{ run: echo 2 > f }, { persist_to_workspace: { root: ., paths: [f] } }] }
          use: { steps: [{ attach_workspace: { at: in } }] }
          idle: { steps: [{ run: test ! -e "$FANFARE_WORKSPACE/workspace" }] }
        workflows:
          w: { jobs: [one, two, { use: { requires: [one, two] } }, { idle: { requires: [one, two] } }] }
        """;
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run = stage.run(jobs);
      assertEquals("failed", run.status("use"));
      assertEquals("workspace_conflict", ((Map<?, ?>) run.step("use").get("error")).get("code"));
      assertEquals("succeeded", run.status("idle"), "who attaches nothing meets no conflict");
    }
  }

  @Test
  void requirements_look_at_how_a_job_ended(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              """
              version: 2.1
              jobs:
                bad: { steps: [{ run: exit 1 }] }
                good: { steps: [{ run: 'true' }] }
              workflows:
                w:
                  jobs:
                    - bad
                    - good: { name: rescue, requires: [{ bad: failed }] }
                    - good: { name: blocked, requires: [bad] }
                    - good: { name: behind, requires: [blocked] }
                    - good: { name: after-blocked, requires: [{ blocked: not_run }] }
                    - good: { name: cleanup, requires: [{ bad: terminal }, { behind: terminal }] }
                    - good: { name: happy, requires: [{ bad: [failed, success] }, rescue] }
              """);
      assertEquals("failed", run.status());
      assertEquals("succeeded", run.status("rescue"));
      assertEquals("not_run", run.status("blocked"));
      assertEquals("not_run", run.status("behind"));
      assertEquals("succeeded", run.status("after-blocked"));
      assertEquals("succeeded", run.status("cleanup"));
      assertEquals("succeeded", run.status("happy"));
    }
  }

  @Test
  void nodes_of_a_parallel_job_have_numbers_and_share_the_tests(@TempDir Path folder) {
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome run =
          stage.run(
              """
              version: 2.1
              jobs:
                test:
                  parallelism: 3
                  steps:
                    - run: echo "node $CIRCLE_NODE_INDEX of $CIRCLE_NODE_TOTAL"
                    - run: printf 'a\\nb\\nc\\nd\\n' | circleci tests split
                    - run: echo "$CIRCLE_NODE_INDEX" > mine
                    - store_artifacts: { path: mine }
              workflows: { w: { jobs: [test] } }
              """);
      assertEquals("succeeded", run.status());
      List<String> second = stage.log(run, "test[1]");
      assertTrue(second.contains("node 1 of 3"), second.toString());
      assertTrue(second.contains("b") && !second.contains("a"), second.toString());
      assertTrue(second.contains("stored as artifacts/test/1/mine"), second.toString());
    }
  }

  @Test
  void several_workflows_run_side_by_side_and_one_can_be_picked(@TempDir Path folder)
      throws Exception {
    String file =
        """
        version: 2.1
        jobs:
          a: { steps: [{ run: $FANFARE_SOURCE/job a }] }
          b: { steps: [{ run: $FANFARE_SOURCE/job b }] }
        workflows:
          one: { jobs: [a] }
          two: { jobs: [b] }
        """;
    try (CircleCiStage stage = new CircleCiStage(folder).together("a", "b")) {
      TestEngine.Outcome both = stage.run(file);
      assertEquals("succeeded", both.status());
      assertTrue(Foreign.overlap(both, "one.a", "two.b"));
      TestEngine.Outcome two =
          stage.engine().await(stage.start(file, Optional.of("circleci:two"), Map.of(), Map.of()));
      assertEquals("succeeded", two.status("b"));
    }
  }

  @Test
  void what_a_cache_keeps_the_next_run_restores(@TempDir Path folder) throws Exception {
    String file =
        steps(
            """
            - run: echo lock > lock.json
            - restore_cache: { keys: ['deps-{{ checksum "lock.json" }}-{{ arch }}', deps-] }
            - run: if [ -e ~/.deps/one ]; then echo "from the cache"; else mkdir -p ~/.deps; echo 1 > ~/.deps/one; fi
            - save_cache: { key: 'deps-{{ checksum "lock.json" }}-{{ arch }}', paths: [~/.deps] }
            """);
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      Path caches = Path.of(System.getenv("HOME"), ".cache", "fanfare", "circleci");
      TestEngine.Outcome first = stage.run(file);
      TestEngine.Outcome second = stage.run(file);
      assertEquals("succeeded", first.status(), stage.log(first, "build").toString());
      assertFalse(stage.log(first, "build").contains("from the cache"));
      assertTrue(
          stage.log(second, "build").contains("from the cache"),
          stage.log(second, "build").toString());
      Path cache = caches.resolve(hash(stage.project().toString()));
      try (Stream<Path> kept = Files.list(cache)) {
        for (Path each : kept.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(cache);
    }
  }

  @Test
  void a_context_is_a_secret_whose_lines_are_variables_and_their_values_are_covered(
      @TempDir Path folder) {
    SecretStore secrets =
        new SecretStore() {
          @Override
          public Uni<Optional<String>> value(String name) {
            return Uni.createFrom()
                .item(
                    name.equals("org_global")
                        ? Optional.of("TOKEN=hunter22\n# a remark\nUSER_NAME=ann smith\n")
                        : Optional.empty());
          }

          @Override
          public List<String> places(String name) {
            return List.of("a test");
          }
        };
    String file =
        """
        version: 2.1
        jobs:
          use:
            steps:
              - run: test "$TOKEN" = hunter"22" && test "$USER_NAME" = "ann ""smith"
              - run: echo "the token is $TOKEN"
          lack: { steps: [{ run: test -z "$TOKEN" }] }
        workflows:
          w:
            jobs:
              - use: { context: org-global }
              - lack
              - use: { name: refused, context: restricted }
        """;
    try (CircleCiStage stage = CircleCiStage.with(folder, secrets)) {
      TestEngine.Outcome run = stage.run(file);
      assertEquals("succeeded", run.status("use"), stage.log(run, "use").toString());
      assertTrue(
          stage.log(run, "use").contains("the token is ***"), stage.log(run, "use").toString());
      assertEquals("succeeded", run.status("lack"));
      assertEquals("secret_not_found", ((Map<?, ?>) run.step("refused").get("error")).get("code"));
    }
  }

  @Test
  void an_approval_lets_go_on_who_requires_it_and_a_denied_one_lets_nobody(@TempDir Path folder) {
    String file =
        """
        version: 2.1
        jobs: { go: { steps: [{ run: 'true' }] } }
        workflows:
          w:
            jobs:
              - hold: { type: approval }
              - go: { requires: [hold] }
              - go: { name: undo, requires: [{ hold: canceled }] }
        """;
    try (CircleCiStage stage = new CircleCiStage(folder)) {
      TestEngine.Outcome given = decided(stage, file, true);
      assertEquals("approved", given.status("hold"));
      assertEquals("succeeded", given.status("go"));
      TestEngine.Outcome refused = decided(stage, file, false);
      assertEquals("denied", refused.status("hold"));
      assertEquals("not_run", refused.status("go"));
      assertEquals("succeeded", refused.status("undo"));
    }
  }

  private static String hash(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest).substring(0, 40);
  }

  private static TestEngine.Outcome decided(CircleCiStage stage, String file, boolean yes) {
    UUID run = stage.start(file, Map.of(), Map.of());
    ApprovalService approvals = stage.engine().room().waits().approvals();
    Judgement judgement = new Judgement(run, "hold", yes, "ann", "because", null);
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!(approvals.judge(judgement).await().atMost(Duration.ofSeconds(60))
        instanceof Answer.Decided)) {
      assertTrue(System.nanoTime() < deadline, "nobody waits for a decision");
      Thread.onSpinWait();
    }
    return stage.engine().await(run);
  }
}
