package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Workflow files: those that runs were made from, by hash, and those that are registered, by name.
 */
public final class GraphStore {

  private static final String PUT_GRAPH =
      """
      INSERT INTO graph (hash, workflow, dialect, file_name, source, inputs)
      VALUES ($1, $2, $3, $4, $5, $6::text::json)
      ON CONFLICT (hash) DO NOTHING
      """;

  private static final String GET_GRAPH =
      "SELECT hash, workflow, dialect, file_name, source, inputs FROM graph WHERE hash = $1";

  private static final String GRAPH_OF_RUN =
      """
      SELECT hash, graph.workflow, dialect, file_name, source, inputs
        FROM graph JOIN run ON run.graph = graph.hash WHERE run.id = $1
      """;

  private static final String LOCK =
      """
      INSERT INTO registration (workflow) VALUES ($1)
          ON CONFLICT (workflow) DO UPDATE SET workflow = excluded.workflow
      RETURNING now()
      """;

  /** A version is added only when the source differs from the newest one. */
  private static final String REGISTER =
      """
      WITH newest AS (
        SELECT version, source, dialect FROM workflow WHERE name = $1
         ORDER BY version DESC LIMIT 1
      ), added AS (
        INSERT INTO workflow (name, version, description, dialect, file_name, source)
        SELECT $1, coalesce((SELECT version FROM newest), 0) + 1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM newest WHERE source = $5 AND dialect = $3)
        RETURNING version
      )
      SELECT version, true AS added FROM added
      UNION ALL
      SELECT version, false FROM newest WHERE NOT EXISTS (SELECT 1 FROM added)
      """;

  private static final String NEWEST =
      """
      SELECT name, version, dialect, file_name, source FROM workflow WHERE name = $1
       ORDER BY version DESC LIMIT 1
      """;

  /** Names to compare a mistyped one with; a registry of more is not looked through. */
  private static final String NAMES = "SELECT DISTINCT name FROM workflow LIMIT 1000";

  private static final String EXISTING_RUN =
      "SELECT id FROM run WHERE workflow = $1 AND idempotency_key = $2";

  /**
   * A file that runs are made from.
   *
   * @param inputs what of a run shaped its graph; empty for most
   */
  public record Source(
      String hash,
      String workflow,
      String dialect,
      String fileName,
      String text,
      Map<String, Object> inputs) {}

  /** A file that is registered under the name of its workflow. */
  public record Text(
      String workflow, String description, String dialect, String fileName, String text) {}

  /** A registered workflow; {@code added} tells whether registering made a new version. */
  public record Registered(int version, boolean added) {}

  /** A registered workflow's newest file. */
  public record Version(String name, int version, String dialect, String fileName, String text) {}

  private final Pool pool;

  public GraphStore(Pool pool) {
    this.pool = pool;
  }

  public Uni<Void> put(Source source) {
    return pool.preparedQuery(PUT_GRAPH)
        .execute(
            Tuple.from(
                List.of(
                    source.hash(),
                    source.workflow(),
                    source.dialect(),
                    source.fileName(),
                    Encoding.text(source.text()),
                    Encoding.jsonOrNull(source.inputs()))))
        .replaceWithVoid();
  }

  public Uni<Optional<Source>> get(String hash) {
    return source(GET_GRAPH, Tuple.of(hash));
  }

  /** The file that a run was made from. */
  public Uni<Optional<Source>> ofRun(UUID run) {
    return source(GRAPH_OF_RUN, Tuple.of(run));
  }

  private Uni<Optional<Source>> source(String query, Tuple key) {
    return pool.preparedQuery(query)
        .execute(key)
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new Source(
                            row.getString("hash"),
                            row.getString("workflow"),
                            row.getString("dialect"),
                            row.getString("file_name"),
                            row.getString("source"),
                            RunReader.object(row, "inputs"))));
  }

  /**
   * Registers a workflow and its triggers; the same source again makes no new version.
   * Registrations of one name wait for each other, so the triggers are always those of the newest
   * version.
   *
   * @param triggers as of the database's time
   */
  public Uni<Registered> register(
      Text file, Function<Instant, List<TriggerStore.Definition>> triggers) {
    String name = file.workflow();
    Tuple version =
        Tuple.of(
            name, file.description(), file.dialect(), file.fileName(), Encoding.text(file.text()));
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(name))
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant())
                .chain(
                    now ->
                        connection
                            .preparedQuery(REGISTER)
                            .execute(version)
                            .map(GraphStore::registered)
                            .call(() -> TriggerStore.put(connection, name, triggers.apply(now)))));
  }

  private static Registered registered(RowSet<Row> rows) {
    return Queries.first(rows, row -> new Registered(row.getInteger(0), row.getBoolean(1)))
        .orElseThrow();
  }

  public Uni<Optional<Version>> newest(String name) {
    return pool.preparedQuery(NEWEST)
        .execute(Tuple.of(name))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new Version(
                            row.getString("name"),
                            row.getInteger("version"),
                            row.getString("dialect"),
                            row.getString("file_name"),
                            row.getString("source"))));
  }

  /** The names of registered workflows, at most 1,000 of them. */
  public Uni<List<String>> names() {
    return pool.preparedQuery(NAMES)
        .execute()
        .map(rows -> Queries.list(rows, row -> row.getString(0)));
  }

  /** The run that a workflow has under an idempotency key. */
  public Uni<Optional<UUID>> runWithKey(String workflow, String key) {
    return pool.preparedQuery(EXISTING_RUN)
        .execute(Tuple.of(workflow, Encoding.text(key)))
        .map(rows -> Queries.first(rows, row -> row.getUUID(0)));
  }
}
