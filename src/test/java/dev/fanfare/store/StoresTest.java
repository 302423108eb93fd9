package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestDatabase;
import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stores one by one, on rows that the tests write themselves. */
class StoresTest {

  private TestDatabase database;

  @BeforeEach
  void open() {
    database = TestDatabase.fresh();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static <T> T get(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(20));
  }

  private void execute(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private UUID run(String status) {
    UUID id = UUID.randomUUID();
    execute(
        """
        INSERT INTO run (id, workflow, graph, params, event, context, attempt, status, version,
                         last_event, open, active, waiting, marks, step_limit, queued, sweep_at)
        VALUES ('%s', 'w', 'g', '{}', '{}', '{"a": null}', 1, '%s', 3, 2, 1, 1, 0, 0, 0, 0, now())
        """
            .formatted(id, status));
    return id;
  }

  private void steps(UUID run, int count, String status, String lease) {
    execute(
        """
        INSERT INTO step (run_id, path, node, parent, ordinal, status, attempt, failures, losses,
                          marks, pending, satisfied, open, failed, active, child_limit, cursor,
                          released_by, backoff_ms, lease_until, output)
        SELECT '%s', 's' || i, i, '', i, '%s', 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, %s, '{"n": 1}'
          FROM generate_series(0, %d) AS i
        """
            .formatted(run, status, lease, count - 1));
  }

  // --- runs

  @Test
  void a_run_of_up_to_five_hundred_steps_is_read_whole_and_a_larger_one_as_needed() {
    RunReader reader = new RunReader(database.pool());
    UUID small = run("running");
    steps(small, 500, "succeeded", "NULL");
    UUID large = run("running");
    steps(large, 501, "succeeded", "NULL");
    assertEquals(500, get(reader.load(small)).orElseThrow().state().size());
    assertEquals(0, get(reader.load(large)).orElseThrow().state().size());
    assertEquals(
        Set.of("s3", "s500"),
        get(reader.steps(large, Set.of("s3", "s500", "none"))).stream()
            .map(row -> row.path())
            .collect(Collectors.toSet()));
    assertTrue(get(reader.load(UUID.randomUUID())).isEmpty());
    assertEquals(Set.of(small), get(reader.existing(List.of(small, UUID.randomUUID()))));
  }

  @Test
  void a_read_row_says_what_was_written() {
    UUID id = run("waiting");
    steps(id, 1, "running", "NULL");
    RunReader.Stored stored = get(new RunReader(database.pool()).load(id)).orElseThrow();
    assertEquals("g", stored.graph());
    assertEquals(3, stored.state().run().version());
    assertEquals(Collections.singletonMap("a", null), stored.state().run().facts().context());
    assertEquals(Map.of("n", 1L), stored.state().step("s0").orElseThrow().output());
  }

  // --- workflows

  private static GraphStore.Text text(String dialect, String text) {
    return new GraphStore.Text("w", "", dialect, "f", text);
  }

  @Test
  void workflows_that_are_registered_at_the_same_time_get_a_version_each() throws Exception {
    GraphStore store = new GraphStore(database.pool());
    TreeSet<Integer> versions = new TreeSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<GraphStore.Registered>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String text = "text " + i;
        all.add(threads.submit(() -> get(store.register(text("fanfare", text), now -> List.of()))));
      }
      for (Future<GraphStore.Registered> each : all) {
        assertTrue(each.get().added());
        versions.add(each.get().version());
      }
    }
    assertEquals(IntStream.rangeClosed(1, 60).boxed().toList(), List.copyOf(versions));
  }

  @Test
  void the_same_source_again_is_the_same_version() {
    GraphStore store = new GraphStore(database.pool());
    assertEquals(
        new GraphStore.Registered(1, true),
        get(store.register(text("d", "one"), now -> List.of())));
    assertEquals(
        new GraphStore.Registered(1, false),
        get(store.register(text("d", "one"), now -> List.of())));
    assertEquals(
        new GraphStore.Registered(2, true),
        get(store.register(text("d", "two"), now -> List.of())));
    assertEquals("two", get(store.newest("w")).orElseThrow().text());
    assertEquals(Optional.empty(), get(store.newest("other")));
  }

  // --- leases

  private final LeaseStore.Worker here =
      new LeaseStore.Worker("here", "host", 1, Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void only_leases_that_still_are_leases_are_renewed() {
    LeaseStore store = new LeaseStore(database.pool());
    UUID id = run("running");
    steps(id, 2, "running", "now() + interval '1 minute'");
    execute("UPDATE step SET status = 'succeeded', lease_until = NULL WHERE path = 's1'");
    LeaseStore.Lease kept = new LeaseStore.Lease(id, "s0", 2);
    assertEquals(
        Set.of(kept),
        get(
            store.renew(
                here,
                List.of(
                    kept,
                    new LeaseStore.Lease(id, "s0", 1),
                    new LeaseStore.Lease(id, "s1", 2),
                    new LeaseStore.Lease(UUID.randomUUID(), "s0", 2)),
                Duration.ofMinutes(1))));
    assertEquals(Set.of(), get(store.renew(here, List.of(), Duration.ofMinutes(1))));
  }

  @Test
  void an_expired_lease_is_found_however_much_else_happens_in_its_run() {
    LeaseStore store = new LeaseStore(database.pool());
    UUID id = run("running");
    steps(id, 2, "dispatched", "now() - interval '1 second'");
    execute("UPDATE step SET lease_until = now() + interval '1 minute' WHERE path = 's1'");
    UUID over = run("succeeded");
    steps(over, 1, "dispatched", "now() - interval '1 second'");
    assertEquals(
        List.of(new LeaseStore.Lease(id, "s0", 2)), get(store.expired(Duration.ofMinutes(1))));
    assertEquals(List.of(), get(store.expired(Duration.ofMinutes(1))), "one look a sweep");
    execute("UPDATE run SET sweep_at = now() - interval '1 second', version = version + 1");
    assertEquals(1, get(store.expired(Duration.ofMinutes(1))).size());
  }

  @Test
  void what_others_on_this_machine_hold_is_found_with_who_they_are() {
    LeaseStore store = new LeaseStore(database.pool());
    LeaseStore.Worker other = new LeaseStore.Worker("other", "host", 2, here.startedAt());
    LeaseStore.Worker elsewhere = new LeaseStore.Worker("there", "moon", 3, here.startedAt());
    for (LeaseStore.Worker worker : List.of(here, other, elsewhere, here)) {
      get(store.register(worker));
    }
    UUID id = run("running");
    steps(id, 3, "running", "now()");
    execute("UPDATE step SET worker = 'other' WHERE path = 's0'");
    execute("UPDATE step SET worker = 'there' WHERE path = 's1'");
    execute("UPDATE step SET worker = 'here' WHERE path = 's2'");
    assertEquals(
        List.of(
            new LeaseStore.Held(new LeaseStore.Lease(id, "s0", 2), "host", 2, here.startedAt())),
        get(store.heldBesides(here)));
  }

  // --- timers

  @Test
  void timers_come_in_order_of_their_time_and_not_before_it() {
    DueStore store = new DueStore(database.pool());
    UUID id = run("waiting");
    assertEquals(Optional.empty(), get(store.next()));
    execute(
        """
        INSERT INTO due VALUES ('%1$s', 'b', 'SLEEP', 1, now() - interval '1 second'),
                               ('%1$s', 'a', 'RETRY', 2, now() - interval '2 seconds'),
                               ('%1$s', 'c', 'TOTAL', 1, now() + interval '1 hour')
        """
            .formatted(id));
    List<DueStore.Timer> due = get(store.due(10));
    assertEquals(
        List.of("RETRY a 2", "SLEEP b 1"),
        due.stream()
            .map(DueStore.Timer::event)
            .map(event -> event.kind() + " " + event.step() + " " + event.attempt())
            .toList());
    assertEquals(1, get(store.due(1)).size());
    assertEquals(Duration.ZERO, get(store.next()).orElseThrow());
    due.forEach(timer -> get(store.drop(timer)));
    assertTrue(get(store.next()).orElseThrow().toMinutes() >= 59);
    execute("UPDATE due SET at = now() - interval '2 seconds' WHERE step = 'c'");
    DueStore.Timer read = get(store.due(1)).getFirst();
    execute("UPDATE due SET at = now() - interval '1 second' WHERE step = 'c'");
    get(store.drop(read));
    assertFalse(get(store.next()).isEmpty(), "one that was set again is not dropped");
  }

  @Test
  void a_run_is_stuck_once_its_work_has_been_due_for_long() {
    DueStore store = new DueStore(database.pool());
    UUID late = run("waiting");
    UUID soon = run("waiting");
    UUID lost = run("running");
    execute(
        """
        INSERT INTO due VALUES ('%1$s', 'a', 'SLEEP', 1, now() - interval '6 minutes'),
                               ('%1$s', 'b', 'SLEEP', 1, now() - interval '7 minutes'),
                               ('%2$s', 'a', 'SLEEP', 1, now() - interval '4 minutes')
        """
            .formatted(late, soon));
    assertEquals(List.of(late), get(store.overdue(Duration.ofMinutes(5), 10)));
    steps(lost, 1, "running", "now() - interval '4 minutes'");
    assertEquals(1, get(store.overdue(Duration.ofMinutes(5), 10)).size());
    execute("UPDATE step SET lease_until = now() - interval '6 minutes'");
    assertEquals(Set.of(late, lost), Set.copyOf(get(store.overdue(Duration.ofMinutes(5), 10))));
    assertEquals(1, get(store.overdue(Duration.ofMinutes(5), 1)).size());
  }

  // --- events and logs

  @Test
  void a_reader_that_asks_for_what_comes_after_a_number_misses_nothing() {
    EventStore store = new EventStore(database.pool());
    UUID id = run("running");
    execute(
        """
        INSERT INTO event_batch VALUES
          ('%1$s', 1, 2, now(), '[{"type": "a"}, {"type": "b", "step": "x"}]'),
          ('%1$s', 3, 3, now(), '[{"type": "c"}]'),
          ('%1$s', 4, 5, now(), '[{"type": "d"}, {"type": "e"}]')
        """
            .formatted(id));
    List<Object> types = new ArrayList<>();
    long last = 0;
    for (List<Map<String, Object>> some = get(store.after(id, last, 1));
        !some.isEmpty();
        some = get(store.after(id, last, 1))) {
      some.forEach(event -> types.add(event.get("type")));
      last = Long.parseLong(String.valueOf(some.getLast().get("seq")));
    }
    assertEquals(List.of("a", "b", "c", "d", "e"), types);
    assertEquals(
        List.of("e"), get(store.after(id, 4, 9)).stream().map(e -> e.get("type")).toList());
  }

  @Test
  void a_chunk_that_is_delivered_twice_is_kept_once() {
    LogStore store = new LogStore(database.pool());
    UUID id = run("running");
    LogStore.Chunk chunk = new LogStore.Chunk("s\0", 1, 0, 0, 1, "o0 a\0b\n");
    get(store.append(id, chunk));
    get(store.append(id, chunk));
    get(store.append(id, new LogStore.Chunk("s\0", 2, 0, 0, 1, "o0 second\n")));
    List<LogStore.Chunk> all = get(store.ofRun(id, "", 0, -1, 10));
    assertEquals(
        List.of("o0 a\ufffdb\n", "o0 second\n"), all.stream().map(LogStore.Chunk::body).toList());
    assertEquals(1, get(store.ofStep(id, "s\ufffd", 1, 0, 10)).size());
  }
}
