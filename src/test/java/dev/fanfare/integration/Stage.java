package dev.fanfare.integration;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.store.EventStore;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.work.call.CallStep;
import dev.fanfare.work.call.CallSteps;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database and the engines on it, each of which stands for a process. */
final class Stage implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Repairs within a second what is lost. */
  static final Settings HASTY =
      new Settings(2, Duration.ofMillis(500), Duration.ofMillis(200), 8_192);

  static {
    // Outside of Quarkus context propagation starts with its first use, which may be one only.
    Infrastructure.decorate((Consumer<Object>) nothing -> {});
  }

  private final TestDatabase database = TestDatabase.fresh();
  private final RunViews views = new RunViews(database.pool());
  private final EventStore events = new EventStore(database.pool());
  private final List<Path> homes = new ArrayList<>();
  private final List<EngineRoom> rooms = new ArrayList<>();
  private final Map<String, CallStep> beans = new ConcurrentHashMap<>();

  /** Another engine, with the settings of one machine. */
  EngineRoom engine() {
    return engine(Settings.LOCAL);
  }

  EngineRoom engine(Settings settings) {
    return engine(settings, UnaryOperator.identity());
  }

  EngineRoom engine(Settings settings, UnaryOperator<Invoker> delivery) {
    return engine(database.pool(), settings, delivery);
  }

  EngineRoom engine(Pool pool, Settings settings, UnaryOperator<Invoker> delivery) {
    return made(pool, settings, options -> options.with(delivery));
  }

  EngineRoom engineWith(UnaryOperator<EngineRoom.Options> options) {
    return made(database.pool(), Settings.LOCAL, options);
  }

  EngineRoom engineWith(Settings settings, UnaryOperator<EngineRoom.Options> options) {
    return made(database.pool(), settings, options);
  }

  private EngineRoom made(Pool pool, Settings settings, UnaryOperator<EngineRoom.Options> options) {
    try {
      Path home = Files.createTempDirectory("fanfare-stage");
      homes.add(home);
      EngineRoom room =
          new EngineRoom(
              pool,
              options.apply(new EngineRoom.Options(home, settings, 8, Duration.ofDays(1))),
              new Beans(beans));
      rooms.add(room);
      room.open();
      return room;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stage bean(String name, CallStep step) {
    beans.put(name, step);
    return this;
  }

  TestDatabase database() {
    return database;
  }

  /** Where another process finds the database. */
  String url() {
    Database at = database.database();
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(at.user(), at.password(), at.host(), at.port(), at.name());
  }

  /** Registers a workflow that nothing starts but a call. */
  void register(String name, String yaml) {
    new GraphStore(database.pool())
        .register(new GraphStore.Text(name, "", "", name + ".yaml", yaml), at -> List.of())
        .await()
        .atMost(PATIENCE);
  }

  static TriggerService.Started started(EngineRoom room, String yaml, Optional<String> key) {
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(),
            new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml", Optional.empty()),
            Map.of(),
            Map.of(),
            Map.of("trigger", "test"),
            key);
    return switch (room.trigger().start(request).await().atMost(PATIENCE)) {
      case TriggerService.Started started -> started;
      case TriggerService.Refused refused ->
          throw new AssertionError(
              refused.diagnostics().stream()
                  .map(Diagnostic::oneLine)
                  .collect(Collectors.joining("\n")));
    };
  }

  static UUID start(EngineRoom room, String yaml) {
    return started(room, yaml, Optional.empty()).run();
  }

  /** Waits for the end of a run, which any of the engines may bring about. */
  RunView end(UUID run) {
    until("the end of run " + run, () -> hasEnded(run));
    return view(run);
  }

  boolean hasEnded(UUID run) {
    return views
        .status(run)
        .onFailure()
        .retry()
        .withBackOff(Duration.ofMillis(20))
        .atMost(20)
        .await()
        .atMost(PATIENCE)
        .flatMap(RunStatus::of)
        .filter(RunStatus::isTerminal)
        .isPresent();
  }

  RunView view(UUID run) {
    return views.run(run).await().atMost(PATIENCE).orElseThrow();
  }

  /** The status of a step; {@code pending} where nothing has happened to it. */
  static String status(RunView run, String step) {
    return run.steps().stream()
        .filter(each -> each.path().equals(step))
        .map(RunView.StepView::status)
        .findFirst()
        .orElse("pending");
  }

  static RunView.StepView step(RunView run, String step) {
    return run.steps().stream()
        .filter(each -> each.path().equals(step))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no step " + step));
  }

  List<Map<String, Object>> events(UUID run) {
    return events.after(run, 0, Integer.MAX_VALUE).await().atMost(PATIENCE);
  }

  List<Map<String, Object>> events(UUID run, String type) {
    return events(run).stream().filter(event -> type.equals(event.get("type"))).toList();
  }

  static Verdict submit(EngineRoom room, UUID run, Event event) {
    return room.conductor().submit(run, event).await().atMost(PATIENCE).verdict();
  }

  static void cancel(EngineRoom room, UUID run) {
    submit(room, run, new Event.Cancel("test", "enough"));
  }

  /** Waits for something that is bound to happen. */
  static void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** The first column of what a query finds. */
  List<String> query(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void execute(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  long count(String sql) {
    return Long.parseLong(query(sql).getFirst());
  }

  @Override
  public void close() {
    rooms.forEach(EngineRoom::close);
    database.close();
    homes.forEach(Stage::delete);
  }

  private static void delete(Path home) {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("left behind: " + home + ": " + e.getMessage());
    }
  }

  private record Beans(Map<String, CallStep> steps) implements CallSteps {
    @Override
    public Optional<CallStep> find(String name) {
      return Optional.ofNullable(steps.get(name));
    }

    @Override
    public SortedSet<String> names() {
      return new TreeSet<>(steps.keySet());
    }
  }
}
