package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.ObjectServer;
import dev.fanfare.work.call.JavaStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large outputs where there is a bucket: rows refer to them. */
class BucketOutputsTest {

  private static final String BUCKET = "fanfare-outputs";
  private static final String LARGE = "x".repeat(100_000);

  /** The approval lets a process forget what it knows of the run. */
  private static final String READS =
      """
      name: reads
      steps:
        a: { call: large }
        gate: { needs: a, approval: { message: on? } }
        size: { needs: gate, pass: { output: "${{ size(steps.a.output.text) }}" } }
        other: { needs: gate, pass: { output: "${{ steps.a.status }}" } }
        input: { needs: gate, call: length, with: "${{ steps.a.output }}" }
      outputs: { first: "${{ steps.a.output.text.substring(0, 3) }}" }
      """;

  private final ObjectServer server = ObjectServer.start(BUCKET);

  @AfterEach
  void stop() {
    server.close();
  }

  private EngineRoom.Options onBucket(EngineRoom.Options options) {
    return options
        .with(WorkspaceSettings.DEFAULT.withBucket(BUCKET))
        .with(new Cloud(Optional.of(server.uri()), Map.of()));
  }

  private static Stage stage() {
    return new Stage()
        .bean("large", (JavaStep) (context, input) -> Map.of("text", LARGE, "n", 1))
        .bean(
            "length",
            (JavaStep)
                (context, input) -> String.valueOf(((Map<?, ?>) input).get("text")).length());
  }

  private static UUID atTheGate(Stage stage, EngineRoom room) {
    UUID id = Stage.start(room, READS);
    Stage.until(
        "the gate", () -> stage.count("SELECT count(*) FROM step WHERE status = 'waiting'") == 1);
    return id;
  }

  private static void approve(EngineRoom room, UUID id) {
    room.waits()
        .approvals()
        .judge(
            new dev.fanfare.function.ApprovalService.Judgement(id, "gate", true, "test", "", null))
        .await()
        .atMost(Stage.PATIENCE);
  }

  private static RunView shown(EngineRoom room, UUID id) {
    return room.run(id).await().atMost(Stage.PATIENCE).orElseThrow();
  }

  @Test
  void a_large_output_is_read_by_whoever_reads_it_and_its_row_stays_small() {
    try (Stage stage = stage()) {
      EngineRoom first = stage.engineWith(Settings.LOCAL, this::onBucket);
      EngineRoom second = stage.engineWith(Settings.LOCAL, this::onBucket);
      UUID id = atTheGate(stage, first);
      assertTrue(stage.count("SELECT max(length(output::text)) FROM step") < 300);
      approve(second, id);
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status(), run::toString);
      assertEquals(100_000L, Stage.step(run, "size").output());
      assertEquals(100_000L, Stage.step(run, "input").output());
      assertEquals("xxx", run.outputs().get("first"));
      assertEquals(Map.of("text", LARGE, "n", 1L), Stage.step(shown(second, id), "a").output());
    }
  }

  @Test
  void what_nobody_reads_is_not_fetched() {
    try (Stage stage = stage()) {
      EngineRoom room = stage.engineWith(this::onBucket);
      RunView run =
          stage.end(
              Stage.start(
                  room,
                  """
                  name: t
                  steps:
                    a: { call: large }
                    b: { needs: a, pass: { output: "${{ steps.a.status }}" } }
                  """));
      assertEquals("succeeded", Stage.step(run, "b").output());
      assertEquals(
          List.of("PUT"), server.requests().stream().map(ObjectServer.Request::method).toList());
    }
  }

  @Test
  void small_outputs_cost_no_request() {
    try (Stage stage = new Stage().bean("small", (JavaStep) (context, input) -> "s")) {
      EngineRoom room = stage.engineWith(this::onBucket);
      assertEquals(
          "succeeded",
          stage.end(Stage.start(room, "name: t\nsteps: { a: { call: small } }")).status());
      assertEquals(List.of(), server.requests());
    }
  }

  @Test
  void one_that_has_expired_fails_the_step_that_reads_it_and_no_other() {
    try (Stage stage = stage()) {
      EngineRoom first = stage.engineWith(Settings.LOCAL, this::onBucket);
      EngineRoom second = stage.engineWith(Settings.LOCAL, this::onBucket);
      UUID id = atTheGate(stage, first);
      server.expire(BUCKET, "outputs/");
      approve(second, id);
      RunView run = stage.end(id);
      assertEquals("failed", Stage.status(run, "size"));
      assertEquals("failed", Stage.status(run, "input"));
      assertEquals("succeeded", Stage.step(run, "other").output());
      String message = String.valueOf(Stage.step(run, "size").error().get("message"));
      assertTrue(message.contains("has expired in the bucket"), message);
      Object shown = Stage.step(shown(second, id), "a").output();
      assertTrue(String.valueOf(shown).contains("has expired in the bucket"), shown::toString);
    }
  }

  @Test
  void a_bucket_that_takes_nothing_leaves_it_in_its_row() {
    server.faults(request -> Optional.of(ObjectServer.DENIED));
    try (Stage stage = stage()) {
      EngineRoom room = stage.engineWith(this::onBucket);
      UUID id = atTheGate(stage, room);
      approve(room, id);
      RunView run = stage.end(id);
      assertEquals("succeeded", run.status(), run::toString);
      assertTrue(stage.count("SELECT max(length(output::text)) FROM step") > 100_000);
    }
  }

  @Test
  void the_list_of_a_fan_of_large_outputs_is_read_element_by_element() {
    try (Stage stage = stage()) {
      EngineRoom first = stage.engineWith(Settings.LOCAL, this::onBucket);
      EngineRoom second = stage.engineWith(Settings.LOCAL, this::onBucket);
      UUID id =
          Stage.start(
              first,
              """
              name: t
              steps:
                fan: { call: large, forEach: "${{ [1, 2, 3] }}" }
                gate: { needs: fan, approval: { message: on? } }
                sum:
                  needs: gate
                  pass: { output: "${{ steps.fan.output.map(o, size(o.text)) }}" }
              """);
      Stage.until(
          "the gate", () -> stage.count("SELECT count(*) FROM step WHERE status = 'waiting'") == 1);
      approve(second, id);
      RunView run = stage.end(id);
      assertEquals(List.of(100_000L, 100_000L, 100_000L), Stage.step(run, "sum").output());
      assertFalse(server.keys(BUCKET).isEmpty());
    }
  }
}
