package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.store.LogStore;
import dev.fanfare.testing.ObjectServer;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long logs where there is a bucket: the greater part of them is in it. */
class BucketLogsTest {

  private static final String BUCKET = "fanfare-logs";
  private static final String MUCH =
      "name: logs\nsteps: { a: { run: \"seq 1 100000 | head -n 40000\" } }";

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

  private static List<String> lines(EngineRoom engine, UUID run) {
    List<String> lines = new ArrayList<>();
    for (LogStore.Chunk chunk :
        engine.logs().ofStep(run, "a", 0, -1, 10_000).await().atMost(Stage.PATIENCE)) {
      chunk.body().lines().forEach(row -> lines.add(row.substring(row.indexOf(' ') + 1)));
    }
    return lines;
  }

  private static List<String> numbers() {
    return IntStream.rangeClosed(1, 40_000).mapToObj(String::valueOf).toList();
  }

  @Test
  void a_long_log_is_read_as_if_it_were_in_one_place() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engineWith(this::onBucket);
      UUID id = Stage.start(engine, MUCH);
      assertEquals("succeeded", stage.end(id).status());
      assertEquals(numbers(), lines(engine, id));
      assertFalse(server.keys(BUCKET).isEmpty());
      assertTrue(
          stage.count("SELECT sum(length(body)) FROM log_chunk") < 192 << 10, "rows stay small");
      List<LogStore.Chunk> last =
          engine
              .logs()
              .ofStepBefore(id, "a", Integer.MAX_VALUE, Integer.MAX_VALUE, 1)
              .await()
              .atMost(Stage.PATIENCE);
      assertTrue(last.getFirst().body().endsWith(" 40000\n"));
    }
  }

  @Test
  void a_short_log_costs_no_request() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engineWith(this::onBucket);
      UUID id = Stage.start(engine, "name: t\nsteps: { a: { run: echo hello } }");
      assertEquals("succeeded", stage.end(id).status());
      assertEquals(List.of("hello"), lines(engine, id));
      assertEquals(List.of(), server.requests());
    }
  }

  @Test
  void what_has_expired_is_said_in_its_place() {
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engineWith(this::onBucket);
      UUID id = Stage.start(engine, MUCH);
      stage.end(id);
      server.expire(BUCKET, "logs/");
      List<String> lines = lines(engine, id);
      assertEquals("1", lines.getFirst());
      assertTrue(
          lines.stream().anyMatch(line -> line.endsWith("of this log have expired and are gone")),
          lines::toString);
    }
  }

  @Test
  void a_bucket_that_takes_nothing_loses_no_line() {
    server.faults(request -> Optional.of(ObjectServer.DENIED));
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engineWith(this::onBucket);
      UUID id = Stage.start(engine, MUCH);
      assertEquals("succeeded", stage.end(id).status());
      assertEquals(numbers(), lines(engine, id));
      assertEquals(List.of(), List.copyOf(server.keys(BUCKET)));
    }
  }

  @Test
  void secrets_are_covered_in_the_bucket_too() {
    SecretStore store =
        new SecretStore() {
          @Override
          public Uni<Optional<String>> value(String name) {
            return Uni.createFrom().item(Optional.of("s3cr3t-v4lue"));
          }

          @Override
          public List<String> places(String name) {
            return List.of("this test");
          }
        };
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engineWith(options -> onBucket(options).withSecrets(store));
      UUID id =
          Stage.start(
              engine,
              """
              name: t
              secrets: [KEY]
              steps:
                a:
                  env: { KEY: "${{ secrets.KEY }}" }
                  run: for i in $(seq 1 20000); do echo "the key is $KEY"; done
              """);
      assertEquals("succeeded", stage.end(id).status());
      assertFalse(server.keys(BUCKET).isEmpty());
      for (String key : server.keys(BUCKET)) {
        String text = new String(server.object(BUCKET, key).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(text.contains("s3cr3t"), key);
        assertTrue(text.contains("the key is "), key);
      }
    }
  }
}
