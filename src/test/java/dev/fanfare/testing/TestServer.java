package dev.fanfare.testing;

import dev.fanfare.local.postgres.Database;
import dev.fanfare.local.postgres.EmbeddedPostgres;
import dev.fanfare.store.Migrations;
import dev.fanfare.store.SchemaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.Driver;

/**
 * The server of this test machine, started once and stopped with it. Its data live below {@code
 * target} and are not forced to the disk; test machines that run side by side share it.
 *
 * <p>{@code FANFARE_TEST_DATABASE_URL} names another server instead, for a user who may create
 * databases.
 */
final class TestServer {

  private static final String TEMPLATE = "template_" + ProcessHandle.current().pid();
  private static final String SHARED = "fanfare.test.server";
  private static final TestServer INSTANCE = new TestServer();

  private final Database admin;

  private TestServer() {
    // Quarkus loads test classes a second time: both copies of this class share one server.
    synchronized (System.getProperties()) {
      try {
        String shared = System.getProperty(SHARED, "");
        admin = shared.isEmpty() ? prepared(start()) : Database.parse(shared);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException | SchemaException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static TestServer get() {
    return INSTANCE;
  }

  /** A new database with the schema of this build and nothing in it. */
  Database fresh() {
    return created("TEMPLATE " + TEMPLATE);
  }

  /** A new database without a schema. */
  Database blank() {
    return created("TEMPLATE template0");
  }

  void drop(Database database) {
    execute(admin, "DROP DATABASE IF EXISTS " + database.name() + " WITH (FORCE)");
  }

  private synchronized Database created(String how) {
    String unique = UUID.randomUUID().toString().replace("-", "");
    String name = "test_" + ProcessHandle.current().pid() + "_" + unique;
    execute(admin, "CREATE DATABASE " + name + " " + how);
    return admin.named(name);
  }

  private static Database prepared(Database admin) throws SQLException, SchemaException {
    dropLeftovers(admin);
    execute(admin, "DROP DATABASE IF EXISTS " + TEMPLATE);
    execute(admin, "CREATE DATABASE " + TEMPLATE);
    Database template = admin.named(TEMPLATE);
    Migrations.migrate(template.jdbcUrl(), template.user(), template.password());
    System.setProperty(
        SHARED,
        "postgresql://%s:%s@%s:%d/%s"
            .formatted(admin.user(), admin.password(), admin.host(), admin.port(), admin.name()));
    return admin;
  }

  /** What a killed test machine has left: its process id stands in the names. */
  private static void dropLeftovers(Database admin) throws SQLException {
    List<String> dead = new ArrayList<>();
    try (Connection connection = connect(admin);
        Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery(
                "SELECT datname FROM pg_database WHERE datname ~ '^(test|template)_[0-9]+'")) {
      while (names.next()) {
        String name = names.getString(1);
        if (ProcessHandle.of(Long.parseLong(name.split("_", -1)[1])).isEmpty()) {
          dead.add(name);
        }
      }
    }
    for (String name : dead) {
      execute(admin, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
  }

  private static Database start() throws IOException {
    String url = System.getenv().getOrDefault("FANFARE_TEST_DATABASE_URL", "");
    if (!url.isBlank()) {
      return Database.parse(url);
    }
    Path home = Path.of(System.getProperty("fanfare.test.home", "target/test-home"));
    EmbeddedPostgres postgres =
        EmbeddedPostgres.open(home.toAbsolutePath(), new EmbeddedPostgres.Options(false, false));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    postgres.close();
                  } catch (IOException e) {
                    System.err.println("the test server was left running: " + e.getMessage());
                  }
                }));
    return postgres.database();
  }

  private static void execute(Database database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Not by DriverManager: it knows only the driver of the first class loader of several. */
  private static Connection connect(Database database) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password());
    return Objects.requireNonNull(new Driver().connect(database.jdbcUrl(), login));
  }
}
