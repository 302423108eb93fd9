package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The step function as Lambda's runtime calls it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaStepTest.Profile.class)
class LambdaStepTest {

  /** This test machine's function is the step. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return LambdaCalls.of("step");
    }
  }

  @Inject EngineRoom room;

  @Test
  void a_claim_that_is_no_longer_current_does_nothing() throws Exception {
    UUID run = LambdaCalls.start(room, "name: l\nsteps:\n  a: { run: echo once }\n");
    assertEquals("succeeded", LambdaCalls.end(room, run));
    long events = events(run);
    for (long attempt = 0; attempt < 3; attempt++) {
      assertEquals(
          Map.of("done", true),
          LambdaCalls.invoke(Map.of("run", run.toString(), "step", "a", "attempt", attempt)));
    }
    assertEquals(events, events(run));
    assertEquals(
        1, room.logs().ofStep(run, "a", 0, -1, 10).await().atMost(Duration.ofSeconds(10)).size());
  }

  private long events(UUID run) {
    return room.views().run(run).await().atMost(Duration.ofSeconds(10)).orElseThrow().lastEvent();
  }
}
