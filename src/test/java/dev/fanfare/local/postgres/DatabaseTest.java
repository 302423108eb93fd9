package dev.fanfare.local.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

  @Test
  void a_url_names_everything() throws Exception {
    assertEquals(
        new Database("db.example", 6432, "prod", "bob", "p@ss+1", Map.of("sslmode", "require")),
        Database.parse("postgresql://bob:p%40ss+1@db.example:6432/prod?sslmode=require"));
  }

  @Test
  void the_port_may_be_left_out() throws Exception {
    assertEquals(5432, Database.parse("postgres://bob@db.example/prod").port());
  }

  @Test
  void both_clients_get_the_address_without_the_password() throws Exception {
    Database database = Database.parse("postgresql://bob:hunter2@db.example/prod?sslmode=require");
    assertEquals("jdbc:postgresql://db.example:5432/prod?sslmode=require", database.jdbcUrl());
    assertEquals("postgresql://db.example:5432/prod?sslmode=require", database.reactiveUrl());
    assertFalse(database.toString().contains("hunter2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mysql://bob:hunter2@db.example/prod",
        "postgresql://bob:hunter2@db.example",
        "postgresql://bob:hunter2@db.example/",
        "postgresql://db.example/prod",
        "postgresql://bob:hunter2@/prod",
        "postgresql://bob:hunter2@db example/prod",
        "postgresql://bob:hunter2@db.example/prod?sslmode"
      })
  void a_wrong_url_is_refused_without_repeating_the_password(String url) {
    PostgresException refused = assertThrows(PostgresException.class, () -> Database.parse(url));
    assertTrue(refused.getMessage().contains("postgresql://user:password@host"));
    assertFalse(refused.getMessage().contains("hunter2"));
  }
}
