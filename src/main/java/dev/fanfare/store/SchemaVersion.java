package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Optional;

/**
 * How far the schema of a database is, beside what this build knows.
 *
 * <p>Migrations only add ({@code docs/adr/0009}), so a build works on the schema of a newer one. On
 * an older one it does not.
 *
 * @param database the newest migration of the database; 0 where it has none
 * @param build the newest migration that this build brings along
 */
public record SchemaVersion(int database, int build) {

  private static final String NEWEST =
      """
      SELECT coalesce(max(version::int), 0) AS newest FROM flyway_schema_history
       WHERE success AND version ~ '^[0-9]{1,9}$'
      """;

  private static final String UNDEFINED_TABLE = "42P01";

  /** Empty where this build cannot list its own migrations: then nothing can be said. */
  public static Uni<Optional<SchemaVersion>> of(Pool pool) {
    Optional<Integer> build;
    try {
      build = MigrationScripts.newest();
    } catch (IOException e) {
      build = Optional.empty();
    }
    if (build.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    int known = build.get();
    return pool.query(NEWEST)
        .execute()
        .map(rows -> Queries.first(rows, row -> row.getInteger("newest")).orElse(0))
        .onFailure(
            failure ->
                failure instanceof PgException database
                    && UNDEFINED_TABLE.equals(database.getSqlState()))
        .recoverWithItem(0)
        .map(found -> Optional.of(new SchemaVersion(found, known)));
  }

  /** Whether this build would miss something. */
  public boolean isBehind() {
    return database < build;
  }

  /** Whether a newer build has been here. */
  public boolean isAhead() {
    return database > build;
  }
}
