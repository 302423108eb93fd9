package dev.fanfare.local;

import dev.fanfare.function.EngineRoomProducer;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.local.postgres.EmbeddedPostgres;
import dev.fanfare.local.postgres.PostgresException;
import dev.fanfare.store.Migrations;
import dev.fanfare.store.SchemaException;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.runtime.Application;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The application with its database, inside this process.
 *
 * <p>Started by hand and not through Quarkus's own main: that one installs signal handlers which
 * stop the application under a run that is being cancelled.
 */
public final class RunningApplication implements AutoCloseable {

  private final Optional<EmbeddedPostgres> postgres;
  private final Database database;

  private RunningApplication(Optional<EmbeddedPostgres> postgres, Database database) {
    this.postgres = postgres;
    this.database = database;
  }

  /**
   * Starts the database where none is named, brings its schema up to date, and starts the
   * application.
   *
   * @param settings configuration of the application on top of its defaults
   * @throws CommandException when the database cannot be had or used
   */
  public static RunningApplication start(
      FanfareHome home, Map<String, String> environment, Map<String, String> settings)
      throws CommandException {
    Optional<EmbeddedPostgres> postgres = Optional.empty();
    boolean started = false;
    try {
      String url = environment.getOrDefault("FANFARE_DATABASE_URL", "");
      if (url.isBlank()) {
        postgres = Optional.of(EmbeddedPostgres.open(home.root(), options(environment)));
      }
      Database database = postgres.isPresent() ? postgres.get().database() : Database.parse(url);
      Migrations.migrate(database.jdbcUrl(), database.user(), database.password());
      configure(database, settings);
      begin();
      started = true;
      return new RunningApplication(postgres, database);
    } catch (PostgresException | SchemaException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CommandException.failed(
          "the embedded database cannot use " + home.root() + ": " + e.getMessage());
    } finally {
      if (!started) {
        postgres.ifPresent(RunningApplication::leave);
      }
    }
  }

  /**
   * Starts the generated application itself: Quarkus's own ways to start it add a shutdown hook
   * that closes the connection pool while a run is still being cancelled.
   */
  private static void begin() throws CommandException {
    try {
      Class.forName(Application.APP_CLASS_NAME)
          .asSubclass(Application.class)
          .getDeclaredConstructor()
          .newInstance()
          .start(new String[0]);
    } catch (ReflectiveOperationException e) {
      throw CommandException.failed(
          "this build has no application in it (" + e + "); build it with ./mvnw package");
    }
  }

  public Database database() {
    return database;
  }

  /** Where the HTTP API answers; the port is the one that was bound. */
  public String url() {
    Config config = ConfigProvider.getConfig();
    String host = config.getValue("quarkus.http.host", String.class);
    String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    return "http://" + reachable + ":" + config.getValue("quarkus.http.port", Integer.class);
  }

  /** A bean of the application; empty where this build has none of that type. */
  public <T> Optional<T> bean(Class<T> type) {
    InstanceHandle<T> handle = Arc.container().instance(type);
    return handle.isAvailable() ? Optional.of(handle.get()) : Optional.empty();
  }

  /** Stops the application, then leaves the database. */
  @Override
  public void close() {
    try {
      Application application = Application.currentApplication();
      if (application != null) {
        bean(EngineRoomProducer.class).ifPresent(EngineRoomProducer::stop);
        application.stop();
      }
    } finally {
      postgres.ifPresent(RunningApplication::leave);
    }
  }

  private static EmbeddedPostgres.Options options(Map<String, String> environment) {
    String keep = environment.getOrDefault("FANFARE_KEEP_POSTGRES", "");
    return new EmbeddedPostgres.Options(true, keep.equals("1") || keep.equals("true"));
  }

  private static void configure(Database database, Map<String, String> settings) {
    System.setProperty("quarkus.datasource.reactive.url", database.reactiveUrl());
    System.setProperty("quarkus.datasource.username", database.user());
    System.setProperty("quarkus.datasource.password", database.password());
    // Lists are shown by a server; nothing else pays for Hibernate's start.
    System.setProperty("quarkus.hibernate-orm.active", "false");
    settings.forEach(System::setProperty);
  }

  private static void leave(EmbeddedPostgres postgres) {
    try {
      postgres.close();
    } catch (IOException e) {
      System.getLogger(RunningApplication.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the embedded PostgreSQL was left running: {0}",
              e.getMessage());
    }
  }
}
