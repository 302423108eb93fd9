package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.ObjectServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in processes that have nothing in common but a database and a bucket. */
class BucketTest {

  private static final String BUCKET = "fanfare-files";

  private static final String MAP_REDUCE =
      """
      name: words
      steps:
        split:
          run: |
            mkdir parts
            for i in 1 2 3 4 5 6; do yes "word$i" | head -n $((i * 1000)) > parts/$i; done
        count:
          needs: split
          forEach: "${{ [1, 2, 3, 4, 5, 6] }}"
          as: part
          env: { PART: "${{ part }}" }
          run: mkdir counts && wc -l < parts/$PART | tr -d ' ' > counts/$PART
        sum:
          needs: count
          run: cat counts/* | paste -sd+ - | tee sum.txt
        gate: { needs: sum, approval: { message: ok? } }
        after:
          needs: gate
          run: "ls counts | wc -l | tr -d ' '; cat sum.txt; wc -c < parts/6 | tr -d ' '"
      """;

  private final ObjectServer server = ObjectServer.start(BUCKET);

  @AfterEach
  void stop() {
    server.close();
  }

  private EngineRoom.Options apart(EngineRoom.Options options) {
    return options
        .with(WorkspaceSettings.DEFAULT.withBucket(BUCKET).asPassing())
        .with(new Cloud(Optional.of(server.uri()), Map.of()));
  }

  @Test
  void files_reach_steps_in_other_processes_through_the_bucket_alone() {
    try (Stage stage = new Stage()) {
      List<EngineRoom> rooms = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rooms.add(
            stage.engineWith(
                Settings.LOCAL,
                options ->
                    apart(options)
                        .with(
                            inside ->
                                invocations ->
                                    invocations.forEach(
                                        each -> {
                                          int to = Math.floorMod(each.step().hashCode(), 3);
                                          rooms
                                              .get(to)
                                              .invoker()
                                              .invoke(
                                                  List.of(
                                                      new Invocation(
                                                          each.run(),
                                                          each.step(),
                                                          each.attempt(),
                                                          Optional.empty())));
                                        }))));
      }
      String file =
          MAP_REDUCE.replace(
              "gate: { needs: sum, approval: { message: ok? } }", "gate: { needs: sum, pass: {} }");
      RunView run = stage.end(Stage.start(rooms.getFirst(), file));
      assertEquals("succeeded", run.status(), () -> String.valueOf(run));
      assertEquals("6\n1000+2000+3000+4000+5000+6000\n36000", Stage.step(run, "after").output());
      Invariants.hold(stage);
    }
    assertEquals(Set.of("s3:GetObject", "s3:ListBucket", "s3:PutObject"), server.actions());
  }

  @Test
  void what_a_killed_process_has_kept_is_there_for_the_next_one(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("words.yaml"), MAP_REDUCE);
    Map<String, String> environment = new HashMap<>(ObjectServer.environment());
    environment.put("FANFARE_BUCKET", BUCKET);
    environment.put("FANFARE_AWS_ENDPOINT", server.uri().toString());
    try (Stage stage = new Stage()) {
      String url = stage.url();
      Path home = folder.resolve("first/home");
      Files.createDirectories(home);
      Process first =
          EngineProcess.start(List.of(url, home.toString(), file.toString(), "k"), environment);
      Stage.until(
          "the gate", () -> stage.count("SELECT count(*) FROM step WHERE status = 'waiting'") == 1);
      assertEquals(List.of(), below(home.resolve("workspaces")), "a disk that does not last");
      first.destroyForcibly().waitFor();
      Path other = folder.resolve("second/home");
      Files.createDirectories(other);
      Process second = EngineProcess.start(List.of(url, other.toString()), environment);
      UUID id = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      second.outputWriter().write("approve " + id + " gate\n");
      second.outputWriter().flush();
      RunView run = stage.end(id);
      second.destroyForcibly().waitFor();
      assertEquals("succeeded", run.status(), () -> String.valueOf(run));
      assertEquals("6\n1000+2000+3000+4000+5000+6000\n36000", Stage.step(run, "after").output());
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  @Test
  void a_busy_bucket_whose_connections_break_delays_a_run_only() {
    Random random = new Random(7);
    server.faults(
        request ->
            switch (random.nextInt(10)) {
              case 0 -> Optional.of(ObjectServer.SLOW_DOWN);
              case 1 -> Optional.of(new ObjectServer.Fault.Cut(true));
              case 2 -> Optional.of(new ObjectServer.Fault.CutBody(1000));
              default -> Optional.empty();
            });
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engineWith(this::apart);
      String file =
          MAP_REDUCE.replace(
              "gate: { needs: sum, approval: { message: ok? } }", "gate: { needs: sum, pass: {} }");
      RunView run = stage.end(Stage.start(room, file));
      assertEquals("succeeded", run.status(), () -> String.valueOf(run));
    }
  }

  @Test
  void a_bucket_that_refuses_fails_the_step_and_is_named() {
    server.faults(
        request ->
            request.method().equals("PUT") ? Optional.of(ObjectServer.DENIED) : Optional.empty());
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engineWith(this::apart);
      RunView run = stage.end(Stage.start(room, "name: t\nsteps: { a: { run: echo x > f } }"));
      assertEquals("failed", run.status());
      Map<String, Object> error = Stage.step(run, "a").error();
      assertEquals("workspace", error.get("code"));
      String message = String.valueOf(error.get("message"));
      assertTrue(message.contains("the bucket fanfare-files"), message);
      assertTrue(message.contains("AccessDenied"), message);
    }
  }

  @Test
  void a_workflow_that_asks_for_a_shared_folder_is_refused_where_there_is_none() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engineWith(this::apart);
      AssertionError refused =
          assertThrows(
              AssertionError.class,
              () -> Stage.start(room, "name: t\nworkspace: shared\nsteps: { a: { run: echo x } }"));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("workspace: shared needs a folder"),
          refused.getMessage());
      RunView run =
          stage.end(Stage.start(room, "name: t\nworkspace: shared\nsteps: { a: { pass: {} } }"));
      assertEquals("succeeded", run.status());
    }
  }

  @Test
  void a_mounted_folder_is_shared(@TempDir Path mount) {
    try (Stage stage = new Stage()) {
      EngineRoom room =
          stage.engineWith(
              options -> options.with(WorkspaceSettings.DEFAULT.asPassing().withShared(mount)));
      RunView run =
          stage.end(
              Stage.start(
                  room,
                  """
                  name: t
                  workspace: shared
                  steps:
                    a: { run: echo x > f }
                    b: { run: "until test -s f; do sleep 0.05; done; cat f" }
                  """));
      assertEquals("x", Stage.step(run, "b").output());
      assertTrue(Files.exists(mount.resolve(run.id().toString()).resolve("f")));
    }
  }

  @Test
  void without_a_bucket_a_step_works_in_a_folder_of_its_own_and_must_leave_nothing() {
    try (Stage stage = new Stage()) {
      EngineRoom room =
          stage.engineWith(options -> options.with(WorkspaceSettings.DEFAULT.asPassing()));
      RunView good =
          stage.end(
              Stage.start(
                  room,
                  """
                  name: t
                  steps:
                    a: { run: "echo x > f; cat f; rm f" }
                    b: { needs: a, run: "ls | wc -l | tr -d ' '" }
                  """));
      assertEquals("succeeded", good.status());
      assertEquals("0", Stage.step(good, "b").output());
      RunView bad = stage.end(Stage.start(room, "name: t\nsteps: { a: { run: echo x > f } }"));
      String message = String.valueOf(Stage.step(bad, "a").error().get("message"));
      assertTrue(message.contains("FANFARE_BUCKET"), message);
      assertFalse(message.contains("null"), message);
    }
  }
}
