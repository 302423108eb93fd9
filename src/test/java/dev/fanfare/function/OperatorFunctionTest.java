package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.access.Tokens;
import dev.fanfare.json.Json;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.store.Migrations;
import dev.fanfare.testing.TestDatabase;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What only the one who deploys may do, and what functions do where it was not done. */
@NullUnmarked // answers are looked into without asking what is there
class OperatorFunctionTest {

  private static OperatorFunction operator(TestDatabase database) {
    return operator(database, database.database().reactiveUrl());
  }

  private static OperatorFunction operator(TestDatabase test, String url) {
    Database database = test.database();
    Map<String, String> settings =
        Map.of(
            "quarkus.datasource.reactive.url", url,
            "quarkus.datasource.username", database.user(),
            "quarkus.datasource.password", database.password());
    return new OperatorFunction(
        () -> new Tokens(test.pool()),
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build());
  }

  @Test
  void an_empty_database_is_migrated_and_the_answer_says_with_what() throws Exception {
    try (TestDatabase database = TestDatabase.blank()) {
      Map<String, Object> migrate = Map.of("migrate", Map.of());
      int newest = Migrations.version();
      assertEquals(
          Map.of("applied", IntStream.rangeClosed(1, newest).boxed().toList(), "version", newest),
          operator(database, "vertx-reactive:" + database.database().reactiveUrl())
              .handleRequest(migrate, null));
      assertEquals(
          Map.of("applied", List.of(), "version", newest),
          operator(database).handleRequest(migrate, null));
    }
  }

  @Test
  void tokens_are_made_listed_and_revoked_by_invocation() {
    try (TestDatabase database = TestDatabase.fresh()) {
      OperatorFunction operator = operator(database);
      Map<?, ?> made =
          operator.handleRequest(
              Map.of(
                  "token",
                  Map.of(
                      "create", Map.of("name", "ci", "scopes", List.of("run"), "expires", "7d"))),
              null);
      assertTrue(((String) made.get("secret")).startsWith("fft_"), made::toString);
      assertEquals("operator", made.get("createdBy"));
      Map<?, ?> listed = operator.handleRequest(Map.of("token", Map.of("list", Map.of())), null);
      assertFalse(Json.write(listed).contains((String) made.get("secret")), listed::toString);
      assertEquals(1, ((List<?>) listed.get("tokens")).size());
      Map<?, ?> revoked =
          operator.handleRequest(
              Map.of("token", Map.of("revoke", Map.of("id", made.get("id")))), null);
      assertEquals("revoked", revoked.get("status"));
    }
  }

  @Test
  void anything_else_is_an_error_that_says_what_there_is() {
    try (TestDatabase database = TestDatabase.fresh()) {
      OperatorFunction operator = operator(database);
      for (Map<String, Object> event :
          List.<Map<String, Object>>of(
              Map.of(),
              Map.of("migrate", Map.of(), "token", Map.of()),
              Map.of("token", Map.of()),
              Map.of("token", Map.of("steal", Map.of())),
              Map.of("drop", Map.of()))) {
        Exception refused =
            assertThrows(IllegalArgumentException.class, () -> operator.handleRequest(event, null));
        assertTrue(refused.getMessage().contains("{\"migrate\": {}}"), refused.getMessage());
      }
      for (Map<String, Object> event :
          List.<Map<String, Object>>of(
              Map.of("token", Map.of("create", Map.of("name", "x"))),
              Map.of("token", Map.of("create", Map.of("name", "x", "scopes", List.of("root")))),
              Map.of("token", Map.of("revoke", Map.of("id", "x"))),
              Map.of("token", Map.of("revoke", Map.of())))) {
        assertThrows(IllegalArgumentException.class, () -> operator.handleRequest(event, null));
      }
    }
  }

  @Test
  void a_function_does_not_work_on_a_schema_that_is_older_than_itself() throws Exception {
    try (TestDatabase database = TestDatabase.blank()) {
      SettingException none =
          assertThrows(SettingException.class, () -> new SchemaGate(database.pool()).pass());
      assertTrue(none.getMessage().contains("schema version 0"), none.getMessage());
    }
    try (TestDatabase database = TestDatabase.fresh()) {
      int newest = Migrations.version();
      SchemaGate gate = new SchemaGate(database.pool());
      execute(database, "DELETE FROM flyway_schema_history WHERE version = '" + newest + "'");
      SettingException old = assertThrows(SettingException.class, gate::pass);
      assertTrue(old.getMessage().contains("needs " + newest), old.getMessage());
      assertTrue(old.getMessage().contains("operator"), old.getMessage());
    }
  }

  @Test
  void a_function_goes_on_when_a_newer_one_has_migrated() throws Exception {
    try (TestDatabase database = TestDatabase.fresh()) {
      execute(
          database,
          "UPDATE flyway_schema_history SET version = '9000' WHERE version = '"
              + Migrations.version()
              + "'");
      SchemaGate gate = new SchemaGate(database.pool());
      gate.pass();
      gate.pass();
    }
  }

  private static void execute(TestDatabase database, String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
