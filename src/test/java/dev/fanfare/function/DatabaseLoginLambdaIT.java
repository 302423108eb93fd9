package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.aws.AwsServer;
import dev.fanfare.testing.lambda.FunctionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** How the real zip gets to its database, and gets there again. */
class DatabaseLoginLambdaIT {

  private static final String SECRET = "prod/fanfare/db";
  private static final String ROLE = "function_with_a_secret";

  private static FunctionSettings dispatcher(RealFunctions functions, Map<String, String> more) {
    return functions
        .worker("dispatcher", "dispatcher")
        .withEnvironment(functions.environment("dispatcher", more));
  }

  private static void execute(RealFunctions functions, String sql) throws SQLException {
    try (Connection connection = functions.database.connect()) {
      connection.createStatement().execute(sql);
    }
  }

  private static void assertWorks(InvokeResponse answer) {
    assertNull(answer.functionError(), () -> answer.payload().asUtf8String());
  }

  @Test
  void a_password_comes_from_secrets_manager_and_is_read_again_once_it_was_rotated()
      throws Exception {
    try (RealFunctions functions = new RealFunctions();
        AwsServer secrets = new AwsServer()) {
      String owner = functions.database.database().user();
      execute(functions, "CREATE ROLE %s LOGIN PASSWORD 'first' IN ROLE %s".formatted(ROLE, owner));
      try {
        secrets.secret(SECRET, "{\"username\":\"%s\",\"password\":\"first\"}".formatted(ROLE));
        functions.host.deploy(
            dispatcher(
                functions,
                Map.of(
                    "FANFARE_DATABASE_SECRET",
                    SECRET,
                    "FANFARE_AWS_ENDPOINT",
                    secrets.url(),
                    "QUARKUS_DATASOURCE_USERNAME",
                    "nobody",
                    "QUARKUS_DATASOURCE_PASSWORD",
                    "nothing")));
        assertWorks(functions.invoke("dispatcher", "{}"));
        int asked = secrets.asked().size();
        assertTrue(asked >= 1, "the secret was read");

        execute(functions, "ALTER ROLE %s PASSWORD 'second'".formatted(ROLE));
        secrets.secret(SECRET, "{\"username\":\"%s\",\"password\":\"second\"}".formatted(ROLE));
        execute(
            functions,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                + ROLE
                + "'");
        assertWorks(functions.invoke("dispatcher", "{}"));
        assertTrue(secrets.asked().size() > asked, "the secret was read again");
        for (String log : functions.host.logs("dispatcher")) {
          assertFalse(log.contains("second"), log);
          Map<?, ?> tick = LogLines.of(log).saying("tick").getLast();
          assertEquals(0L, tick.get("stuckRuns"));
          assertEquals("dispatcher", tick.get("function"));
          assertTrue(tick.containsKey("requestId"), log);
        }
      } finally {
        functions.host.close();
        execute(functions, "DROP OWNED BY %s; DROP ROLE %s".formatted(ROLE, ROLE));
      }
    }
  }

  @Test
  void a_secret_that_is_none_is_an_error_that_names_it_and_not_what_it_holds() {
    try (RealFunctions functions = new RealFunctions();
        AwsServer secrets = new AwsServer()) {
      secrets.secret(SECRET, "{\"user\":\"someone\",\"password\":\"not-for-the-log\"}");
      functions.host.deploy(
          dispatcher(
              functions,
              Map.of("FANFARE_DATABASE_SECRET", SECRET, "FANFARE_AWS_ENDPOINT", secrets.url())));
      InvokeResponse answer = functions.invoke("dispatcher", "{}");
      String error = answer.payload().asUtf8String();
      assertTrue(error.contains(SECRET) && error.contains("username"), error);
      assertFalse(error.contains("not-for-the-log"), error);
    }
  }
}
