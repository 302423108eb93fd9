package dev.fanfare.function;

import static dev.fanfare.function.HttpEvents.header;
import static dev.fanfare.function.HttpEvents.parsed;
import static dev.fanfare.function.HttpEvents.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.function.http.HttpTrigger;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** HTTP events, answered by the API inside the trigger function. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaHttpTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class LambdaHttpTest {

  private static final String FILE =
      "name: l\nparams:\n  who: { type: string, default: world }\nsteps:\n"
          + "  a: { run: \"echo hello $WHO\", env: { WHO: \"${{ params.who }}\" } }\n";

  /** The trigger, open to everybody: who may call is another test's. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(LambdaCalls.of("trigger"));
      settings.put("fanfare.auth", "none");
      return settings;
    }
  }

  @Inject HttpTrigger http;
  @Inject EngineRoom room;

  private Map<?, ?> call(HttpEvents event) {
    return http.answer(event.event(), null);
  }

  /** What the application has seen of a request. */
  private Map<?, ?> seen(HttpEvents event) {
    Map<?, ?> answer = call(event);
    assertEquals(200, status(answer), answer::toString);
    return parsed(answer);
  }

  private static List<String> values(Map<?, ?> seen, String name) {
    return ((List<?>) seen.get("headers"))
        .stream()
            .map(header -> (List<?>) header)
            .filter(header -> ((String) header.get(0)).equalsIgnoreCase(name))
            .map(header -> (String) header.get(1))
            .toList();
  }

  @Test
  void a_request_starts_a_run_and_its_links_lead_to_the_public_address() throws Exception {
    HttpEvents post =
        HttpEvents.of("POST", "/api/runs", "param.who=moon%20%2B%20sun&wait=20s")
            .header("content-type", "text/yaml")
            .text(FILE);
    Map<?, ?> answer = LambdaCalls.invoke(post.event());
    assertEquals(201, status(answer), answer::toString);
    Map<?, ?> run = parsed(answer);
    assertEquals("succeeded", run.get("status"), run::toString);
    assertEquals(
        "https://" + HttpEvents.DOMAIN + "/api/runs/" + run.get("id"), header(answer, "location"));

    Map<?, ?> logs =
        LambdaCalls.invoke(
            HttpEvents.of("GET", "/api/runs/" + run.get("id") + "/logs/a")
                .header("accept", "text/plain")
                .event());
    assertEquals("hello moon + sun\n", logs.get("body"));
    assertEquals(false, logs.get("isBase64Encoded"));
  }

  @Test
  void lists_are_read_over_hibernate() {
    assertEquals(200, status(call(HttpEvents.of("GET", "/api/runs"))));
    assertEquals(200, status(call(HttpEvents.of("GET", "/api/workflows", "limit=3"))));
  }
}
