package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The dispatcher function as Lambda's runtime calls it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaDispatcherTest.Profile.class)
class LambdaDispatcherTest {

  /** This test machine's function is the dispatcher. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return LambdaCalls.of("dispatcher");
    }
  }

  @Inject EngineRoom room;
  @Inject Pool pool;

  @Test
  void a_tick_finds_a_timer_that_was_lost() throws Exception {
    UUID run = LambdaCalls.start(room, "name: l\nsteps:\n  nap: { sleep: 1h }\n");
    assertEquals("waiting", LambdaCalls.status(room, run));
    // The hour is over, and whoever should have woken up at its end has forgotten.
    pool.query("UPDATE due SET at = now()").execute().await().atMost(Duration.ofSeconds(10));
    assertEquals(Map.of("invoked", 0L), LambdaCalls.invoke(Map.of()));
    assertEquals("succeeded", LambdaCalls.end(room, run));
  }

  @Test
  void claims_are_handed_out_and_stale_ones_do_nothing() throws Exception {
    UUID run = LambdaCalls.start(room, "name: l\nsteps:\n  a: { run: echo once }\n");
    assertEquals("succeeded", LambdaCalls.end(room, run));
    Map<String, Object> claim = Map.of("run", run.toString(), "step", "a", "attempt", 1L);
    assertEquals(Map.of("invoked", 2L), LambdaCalls.invoke(Map.of("steps", List.of(claim, claim))));
    assertEquals("succeeded", LambdaCalls.status(room, run));
  }

  @Test
  void a_tick_starts_the_runs_of_schedules() throws Exception {
    String yaml = "name: s\ntriggers:\n  - schedule: \"0 0 29 2 *\"\nsteps:\n  a: { pass: {} }\n";
    Graphs.File file =
        new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "s.yaml", Optional.empty());
    room.registrations()
        .register(file, Registrations.check(file).workflow().orElseThrow())
        .await()
        .atMost(Duration.ofSeconds(10));
    pool.query("UPDATE workflow_trigger SET next_at = now()")
        .execute()
        .await()
        .atMost(Duration.ofSeconds(10));
    assertEquals(Map.of("invoked", 0L), LambdaCalls.invoke(Map.of()));
    assertEquals(Map.of("invoked", 0L), LambdaCalls.invoke(Map.of()));
    RowSet<Row> runs =
        pool.query("SELECT id FROM run WHERE workflow = 's'")
            .execute()
            .await()
            .atMost(Duration.ofSeconds(10));
    assertEquals(1, runs.rowCount());
    assertEquals("succeeded", LambdaCalls.end(room, runs.iterator().next().getUUID(0)));
  }
}
