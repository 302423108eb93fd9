package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MigrationsTest {

  @Test
  void an_empty_database_gets_every_migration_and_then_none() throws Exception {
    try (TestDatabase database = TestDatabase.blank()) {
      int all = MigrationScripts.checksums().orElseThrow().size();
      assertEquals(all, migrate(database));
      assertEquals(0, migrate(database));
    }
  }

  @Test
  void what_the_tool_records_is_recognised_without_the_tool() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      var recorded = new TreeMap<Integer, Integer>();
      try (var row =
          statement.executeQuery(
              "SELECT version, checksum FROM flyway_schema_history WHERE version IS NOT NULL")) {
        while (row.next()) {
          recorded.put(row.getInt(1), row.getInt(2));
        }
      }
      assertTrue(MigrationScripts.areApplied(recorded), recorded::toString);
    }
  }

  @Test
  void processes_that_migrate_at_once_do_not_hurt_each_other() throws Exception {
    try (TestDatabase database = TestDatabase.blank();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> one = () -> migrate(database);
      int sum = 0;
      for (Future<Integer> done : threads.invokeAll(List.of(one, one, one, one))) {
        sum += done.get();
      }
      assertEquals(MigrationScripts.checksums().orElseThrow().size(), sum);
    }
  }

  @Test
  void a_schema_of_a_newer_build_is_refused() throws Exception {
    SchemaException refused = refusedAfter("UPDATE flyway_schema_history SET version = '9000'");
    assertTrue(refused.getMessage().contains("9000"), refused.getMessage());
    assertTrue(refused.getMessage().contains("newer build"), refused.getMessage());
  }

  @Test
  void a_schema_of_a_different_build_is_refused() throws Exception {
    SchemaException refused = refusedAfter("UPDATE flyway_schema_history SET checksum = 1");
    assertTrue(refused.getMessage().contains("another build"), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  @Test
  void a_server_that_is_not_there_is_said_in_one_sentence() {
    SchemaException refused =
        assertThrows(
            SchemaException.class,
            () -> Migrations.migrate("jdbc:postgresql://127.0.0.1:1/none", "nobody", ""));
    assertTrue(refused.getMessage().contains("cannot be used"), refused.getMessage());
  }

  private static SchemaException refusedAfter(String sql) throws Exception {
    List<SchemaException> refused = new ArrayList<>();
    try (TestDatabase database = TestDatabase.fresh();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      refused.add(assertThrows(SchemaException.class, () -> migrate(database)));
    }
    return refused.getFirst();
  }

  private static int migrate(TestDatabase test) throws SchemaException {
    Database database = test.database();
    return Migrations.migrate(database.jdbcUrl(), database.user(), database.password()).size();
  }
}
