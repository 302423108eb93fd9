package dev.fanfare.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings a database to the schema of this build.
 *
 * <p>Run by the command line and the deployment, never by a function at its start. A database that
 * is up to date costs one connection and two short queries; the migration tool is loaded only when
 * there is something to do. Several processes may migrate one database at once: the tool's lock
 * lets one of them work.
 */
public final class Migrations {

  private static final int OLDEST_SERVER = 140_000;

  private static final String HISTORY_EXISTS =
      "SELECT to_regclass('flyway_schema_history') IS NOT NULL";

  private static final String HISTORY =
      "SELECT version, checksum FROM flyway_schema_history"
          + " WHERE success AND version IS NOT NULL";

  private Migrations() {}

  /**
   * Migrates a database where that is needed.
   *
   * @return the versions of the migrations that were run, in their order; none when the schema was
   *     up to date
   * @throws SchemaException when the server is older than PostgreSQL 14, cannot be reached, or
   *     holds a schema that this build does not know
   */
  public static List<Integer> migrate(String jdbcUrl, String user, String password)
      throws SchemaException {
    NavigableMap<Integer, Integer> history = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password)) {
      checkServer(connection);
      readHistory(connection, history);
      if (MigrationScripts.areApplied(history)) {
        return List.of();
      }
      refuseNewer(history);
    } catch (SQLException e) {
      throw new SchemaException(
          "the database cannot be used: "
              + e.getMessage()
              + "; check its address, user and password",
          e);
    } catch (IOException e) {
      throw new SchemaException("the migrations of this build cannot be read: " + e, e);
    }
    return runFlyway(jdbcUrl, user, password);
  }

  /** The schema that {@link #migrate} leaves behind: the newest migration of this build. */
  public static int version() throws SchemaException {
    try {
      return MigrationScripts.newest()
          .orElseThrow(() -> new SchemaException("this build has no migrations in it"));
    } catch (IOException e) {
      throw new SchemaException("the migrations of this build cannot be read: " + e, e);
    }
  }

  private static void checkServer(Connection connection) throws SQLException, SchemaException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version_num")) {
      row.next();
      int version = row.getInt(1);
      if (version < OLDEST_SERVER) {
        throw new SchemaException(
            "the database server is PostgreSQL "
                + connection.getMetaData().getDatabaseProductVersion()
                + "; Fanfare needs version 14 or newer");
      }
    }
  }

  private static void readHistory(Connection connection, NavigableMap<Integer, Integer> history)
      throws SQLException, SchemaException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(HISTORY_EXISTS)) {
        row.next();
        if (!row.getBoolean(1)) {
          return;
        }
      }
      try (ResultSet row = statement.executeQuery(HISTORY)) {
        while (row.next()) {
          history.put(version(row.getString(1)), row.getInt(2));
        }
      }
    }
  }

  private static int version(String text) throws SchemaException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new SchemaException(
          "the database holds the schema of another program (migration "
              + text
              + "); give Fanfare a database of its own",
          e);
    }
  }

  private static void refuseNewer(NavigableMap<Integer, Integer> history)
      throws IOException, SchemaException {
    int newest = MigrationScripts.checksums().map(NavigableMap::lastKey).orElse(Integer.MAX_VALUE);
    if (!history.isEmpty() && history.lastKey() > newest) {
      throw new SchemaException(
          "the database has schema version "
              + history.lastKey()
              + ", and this build of Fanfare knows versions up to "
              + newest
              + "; run the newer build that migrated it, or use another database");
    }
  }

  private static List<Integer> runFlyway(String jdbcUrl, String user, String password)
      throws SchemaException {
    try {
      MigrateResult result =
          Flyway.configure(Migrations.class.getClassLoader())
              .dataSource(jdbcUrl, user, password)
              .locations("classpath:" + MigrationScripts.FOLDER)
              .load()
              .migrate();
      return result.migrations.stream().map(done -> Integer.valueOf(done.version)).toList();
    } catch (FlywayException e) {
      throw new SchemaException(
          "the database cannot be migrated: "
              + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ")
              + " (a database that another build of Fanfare has made cannot be used by this one)",
          e);
    }
  }
}
