package dev.fanfare.function;

import dev.fanfare.store.SchemaVersion;
import io.vertx.mutiny.sqlclient.Pool;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Keeps a function from working on a schema that is older than itself. Looked at once, by the first
 * invocation: one query, and none before a snapshot is taken.
 */
final class SchemaGate {

  private static final System.Logger LOG = System.getLogger(SchemaGate.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Pool pool;
  private volatile boolean passed;

  SchemaGate(Pool pool) {
    this.pool = pool;
  }

  /**
   * Lets an invocation pass.
   *
   * @throws SettingException where the database has not been migrated for this build
   */
  void pass() {
    if (!passed) {
      SchemaVersion.of(pool).await().atMost(PATIENCE).ifPresent(SchemaGate::check);
      passed = true;
    }
  }

  private static void check(SchemaVersion schema) {
    if (schema.isBehind()) {
      throw new SettingException(
          "the database has schema version "
              + schema.database()
              + " and this function needs "
              + schema.build()
              + "; invoke the operator function with {\"migrate\": {}} before new functions are put"
              + " to work");
    }
    if (schema.isAhead()) {
      LOG.log(
          Level.WARNING,
          "the database has schema version {0} and this function knows {1}: it goes on as what it"
              + " is, until the newer one takes its place",
          String.valueOf(schema.database()),
          String.valueOf(schema.build()));
    }
  }
}
