package dev.fanfare.lambda;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.function.RunJson;
import dev.fanfare.lambda.LambdaStage.Role;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import dev.fanfare.testing.TestEngine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Starts runs through the trigger function, and watches them from outside. */
final class Runs {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final LambdaStage stage;
  private final RunViews views;
  private final Graphs graphs;

  Runs(LambdaStage stage) {
    this.stage = stage;
    this.views = new RunViews(stage.database().pool());
    this.graphs = new Graphs(new GraphStore(stage.database().pool()));
  }

  UUID start(String yaml) {
    return start(yaml, Map.of(), Optional.empty());
  }

  /**
   * @param source folder of the workflow file, on a disk that the functions share
   */
  UUID start(String yaml, Map<String, Object> params, Optional<String> source) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("file", Map.of("name", "test.yaml", "text", yaml));
    event.put("params", params);
    source.ifPresent(folder -> event.put("source", folder));
    Map<String, Object> answer = stage.invoke(Role.TRIGGER, event);
    if (!(answer.get("run") instanceof String run)) {
      throw new AssertionError("not started: " + answer);
    }
    return UUID.fromString(run);
  }

  /** Waits for the end of a run, and gives it as programs see it. */
  TestEngine.Outcome end(UUID run) {
    until("the end of run " + run, () -> RunStatus.of(status(run)).orElseThrow().isTerminal());
    return outcome(run);
  }

  TestEngine.Outcome run(String yaml) {
    return end(start(yaml));
  }

  String status(UUID run) {
    return views.status(run).await().atMost(PATIENCE).orElse("unknown");
  }

  TestEngine.Outcome outcome(UUID run) {
    RunView view = views.run(run).await().atMost(PATIENCE).orElseThrow();
    return new TestEngine.Outcome(RunJson.outcome(view, graphs.get(view.graph())));
  }

  /** Waits for something that is bound to happen. */
  void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited in vain for " + what + "\n" + stage.report() + "\n" + unfinished());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private List<String> unfinished() {
    return query(
        "SELECT r.id || ' ' || r.status || ': ' || s.path || ' ' || s.status || ' ' || s.attempt"
            + " FROM run r JOIN step s ON s.run_id = r.id WHERE r.finished_at IS NULL"
            + " AND s.status NOT IN ('succeeded', 'skipped') LIMIT 40");
  }

  /** The first column of what a query finds. */
  List<String> query(String sql) {
    try (Connection connection = stage.database().connect();
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
    try (Connection connection = stage.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
