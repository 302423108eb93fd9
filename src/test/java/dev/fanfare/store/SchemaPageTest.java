package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** {@code docs/schema.sql} is what the migrations make. */
class SchemaPageTest {

  private static final Path PAGE = Path.of("docs", "schema.sql");

  private static final String WRITE = "scripts/test -Dtest=SchemaPageTest -Dfanfare.schema=write";

  private static final String HEAD =
      """
      -- The schema of Fanfare as PostgreSQL tells it, after every migration in
      -- src/main/resources/db/migration, which also say what each table is for.
      -- Generated and compared by a test. To write it anew:
      --   %s

      """
          .formatted(WRITE);

  @Test
  void the_page_shows_what_the_migrations_make() throws IOException, SQLException {
    String schema;
    try (TestDatabase database = TestDatabase.fresh();
        Connection connection = database.connect()) {
      schema = HEAD + SchemaDump.of(connection);
    }
    if (System.getProperty("fanfare.schema", "").equals("write")) {
      Files.writeString(PAGE, schema);
    }
    assertEquals(
        Files.readString(PAGE), schema, PAGE + " is not what the migrations make. Run " + WRITE);
  }

  @Test
  void the_dump_can_be_read_back_and_gives_itself() throws SQLException {
    try (TestDatabase first = TestDatabase.fresh();
        TestDatabase second = TestDatabase.blank();
        Connection made = first.connect();
        Connection copied = second.connect();
        Statement statement = copied.createStatement()) {
      String schema = SchemaDump.of(made);
      statement.execute(schema);
      assertEquals(schema, SchemaDump.of(copied));
    }
  }
}
