package dev.fanfare.store;

import dev.fanfare.json.Json;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The event log of a run: append-only, one gapless sequence. */
public final class EventStore {

  /** One range of the primary key. */
  private static final String AFTER =
      """
      SELECT first, at, entries FROM event_batch
       WHERE run_id = $1 AND last > $2 ORDER BY first LIMIT $3
      """;

  private final Pool pool;

  public EventStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * The entries after a sequence number, in order, each {@code {seq, at, type, ...}}. A reader that
   * asks for everything after the last number it has seen misses nothing.
   *
   * @param batches most transactions read at once
   */
  public Uni<List<Map<String, Object>>> after(UUID run, long seq, int batches) {
    return pool.preparedQuery(AFTER)
        .execute(Tuple.of(run, seq, batches))
        .map(
            rows -> {
              List<Map<String, Object>> entries = new ArrayList<>();
              rows.forEach(row -> add(entries, row, seq));
              return entries;
            });
  }

  private static void add(List<Map<String, Object>> entries, Row row, long after) {
    Instant at = row.getOffsetDateTime("at").toInstant();
    long seq = row.getLong("first");
    if (!(RunReader.value(row, "entries") instanceof List<?> batch)) {
      return;
    }
    for (Object each : batch) {
      if (seq > after && each instanceof Map<?, ?> entry) {
        Map<String, Object> full = new LinkedHashMap<>();
        full.put("seq", seq);
        full.put("at", at.toString());
        entry.forEach((key, value) -> full.put(String.valueOf(key), Json.plain(value)));
        entries.add(full);
      }
      seq++;
    }
  }
}
