package dev.fanfare.function;

import static dev.fanfare.function.HttpEvents.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.function.http.HttpTrigger;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The operator function as Lambda's runtime calls it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaOperatorTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class LambdaOperatorTest {

  /** This test machine's function is the operator; nothing is said about who may call the API. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return LambdaCalls.of("operator");
    }
  }

  @Inject HttpTrigger http;

  @Test
  void a_database_that_is_up_to_date_is_left_alone() throws Exception {
    assertEquals(List.of(), LambdaCalls.invoke(Map.of("migrate", Map.of())).get("applied"));
  }

  @Test
  void a_function_asks_for_tokens_unless_it_is_told_otherwise() throws Exception {
    Map<String, Object> wish = Map.of("name", "ci", "scopes", List.of("read"), "expires", "never");
    Map<?, ?> made = LambdaCalls.invoke(Map.of("token", Map.of("create", wish)));
    String secret = (String) made.get("secret");
    assertEquals(401, call(HttpEvents.of("GET", "/api/runs")));
    assertEquals(200, call(HttpEvents.of("GET", "/api/runs").bearer(secret)));
    assertEquals(401, call(HttpEvents.of("GET", "/api/runs").iam("arn:aws:iam::1:user/x")));
    assertEquals(403, call(HttpEvents.of("POST", "/api/runs").json(Map.of()).bearer(secret)));
    LambdaCalls.invoke(Map.of("token", Map.of("revoke", Map.of("id", made.get("id")))));
    assertEquals(401, call(HttpEvents.of("GET", "/api/runs").bearer(secret)));
  }

  private int call(HttpEvents event) {
    return status(http.answer(event.event(), null));
  }
}
