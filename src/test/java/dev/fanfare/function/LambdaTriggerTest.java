package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The trigger function as Lambda's runtime calls it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaTriggerTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class LambdaTriggerTest {

  /** This test machine's function is the trigger. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return LambdaCalls.of("trigger");
    }
  }

  @Inject EngineRoom room;

  @Test
  void an_invocation_starts_a_run_that_runs_to_its_end() throws Exception {
    String text = "name: l\nsteps:\n  a: { run: echo hi }\n  b: { needs: [a], pass: {} }\n";
    Map<String, Object> event =
        Map.of("file", Map.of("name", "l.yaml", "text", text), "idempotencyKey", "once");
    Map<?, ?> answer = LambdaCalls.invoke(event);
    assertEquals(true, answer.get("created"), answer::toString);
    assertEquals("succeeded", LambdaCalls.end(room, UUID.fromString((String) answer.get("run"))));

    Map<?, ?> again = LambdaCalls.invoke(event);
    assertEquals(false, again.get("created"));
    assertEquals(answer.get("run"), again.get("run"));
  }

  @Test
  void a_bad_file_is_answered_with_what_is_wrong_with_it() throws Exception {
    Map<?, ?> answer =
        LambdaCalls.invoke(Map.of("file", Map.of("text", "name: l\nsteps:\n  a: { runn: x }\n")));
    assertFalse(((List<?>) answer.get("diagnostics")).isEmpty(), answer::toString);
    assertFalse(((List<?>) LambdaCalls.invoke(Map.of()).get("diagnostics")).isEmpty());
  }
}
