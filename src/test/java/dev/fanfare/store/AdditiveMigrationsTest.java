package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * Migrations only add: the functions of the last version go on working while the database is ahead
 * of them. Version 6 is the schema that was first delivered.
 */
class AdditiveMigrationsTest {

  private static final int FIRST = 6;
  private static final Path FOLDER = Path.of("src/main/resources/db/migration");

  /** What a migration may do. */
  private static final List<Pattern> ALLOWED =
      List.of(
          Pattern.compile("CREATE TABLE .*"),
          Pattern.compile("CREATE (UNIQUE )?INDEX .*"),
          Pattern.compile("COMMENT ON .*"),
          Pattern.compile("ALTER TABLE \\w+( ADD COLUMN [^,]+,?)+"),
          Pattern.compile("ALTER TABLE \\w+ ALTER COLUMN \\w+ DROP NOT NULL"));

  @Test
  void a_migration_says_only_what_may_be_said() throws IOException {
    List<String> forbidden = new ArrayList<>();
    for (Path script : scripts()) {
      for (String statement : statements(Files.readString(script))) {
        boolean good = ALLOWED.stream().anyMatch(form -> form.matcher(statement).matches());
        boolean required =
            statement.startsWith("ALTER TABLE")
                && statement.contains(" NOT NULL")
                && !statement.contains("DROP NOT NULL")
                && !statement.contains(" DEFAULT ");
        if (!good || required) {
          forbidden.add(script.getFileName() + ": " + statement);
        }
      }
    }
    assertEquals(List.of(), forbidden, "functions of the last version would break on these");
  }

  @Test
  void what_the_first_schema_had_is_there_and_asks_for_nothing_new() throws Exception {
    try (TestDatabase first = TestDatabase.blank();
        TestDatabase now = TestDatabase.fresh();
        Connection before = first.connect();
        Connection after = now.connect()) {
      Database database = first.database();
      Flyway.configure()
          .dataSource(database.jdbcUrl(), database.user(), database.password())
          .locations("classpath:db/migration")
          .target(String.valueOf(FIRST))
          .load()
          .migrate();
      TreeSet<String> lost = new TreeSet<>(rows(before, COLUMNS));
      lost.removeAll(rows(after, COLUMNS));
      assertEquals(List.of(), List.copyOf(lost), "columns that are gone or have changed");
      TreeSet<String> rules = new TreeSet<>(rows(after, RULES));
      rules.removeAll(rows(before, RULES));
      TreeSet<String> tables = new TreeSet<>(rows(before, TABLES));
      rules.removeIf(rule -> !tables.contains(rule.substring(0, rule.indexOf(' '))));
      assertEquals(List.of(), List.copyOf(rules), "rules that old writers do not know");
    }
  }

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
          + " AND table_name <> 'flyway_schema_history'";

  private static final String COLUMNS =
      """
      SELECT table_name || ' ' || column_name || ' ' || udt_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'flyway_schema_history'
      """;

  /** Constraints, unique indexes, and columns that have to be given. */
  private static final String RULES =
      """
      SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
      UNION ALL
      SELECT indrelid::regclass || ' ' || pg_get_indexdef(indexrelid) FROM pg_index
       WHERE indisunique AND indrelid::regclass::text NOT LIKE 'pg_%'
      UNION ALL
      SELECT table_name || ' ' || column_name || ' has to be given'
        FROM information_schema.columns
       WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
      """;

  private static List<String> rows(Connection connection, String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    assertFalse(rows.isEmpty());
    return rows;
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(
              file ->
                  Integer.parseInt(file.getFileName().toString().replaceFirst("V(\\d+)__.*", "$1"))
                      > FIRST)
          .sorted()
          .toList();
    }
  }

  private static List<String> statements(String script) {
    String plain = script.replaceAll("--[^\\n]*", "").replaceAll("\\s+", " ");
    return Stream.of(plain.split(";", -1))
        .map(statement -> statement.strip().toUpperCase(Locale.ROOT))
        .filter(statement -> !statement.isEmpty())
        .toList();
  }
}
