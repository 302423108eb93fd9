package dev.fanfare.testing;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.TriggerService;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.CallStep;
import dev.fanfare.work.call.CallSteps;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A whole engine on a real database, for tests that watch runs from outside. */
public final class TestEngine implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database;
  private final EngineRoom room;
  private final Path home;
  private final Beans beans = new Beans();

  private TestEngine(
      TestDatabase database, Settings settings, UnaryOperator<EngineRoom.Options> change) {
    this.database = database;
    try {
      this.home = Files.createTempDirectory("fanfare-engine");
      Pool pool = database.pool();
      EngineRoom.Options local = EngineRoom.Options.local(home);
      this.room =
          new EngineRoom(
              pool,
              change.apply(
                  new EngineRoom.Options(home, settings, local.shellSlots(), local.budget())),
              beans);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    room.open();
  }

  public static TestEngine start() {
    return with(UnaryOperator.identity());
  }

  /** An engine whose secrets come from a store. */
  public static TestEngine with(SecretStore secrets) {
    return with(options -> options.withSecrets(secrets));
  }

  /** An engine that differs from the usual one. */
  public static TestEngine with(UnaryOperator<EngineRoom.Options> change) {
    return new TestEngine(TestDatabase.fresh(), Settings.LOCAL, change);
  }

  /** An engine over a database that somebody else owns. */
  public static TestEngine on(TestDatabase database, Settings settings) {
    return new TestEngine(database, settings, UnaryOperator.identity());
  }

  public TestEngine bean(String name, CallStep step) {
    beans.steps.put(name, step);
    return this;
  }

  /** Where workspaces and scratch files are. */
  public Path home() {
    return home;
  }

  public TestDatabase database() {
    return database;
  }

  public EngineRoom room() {
    return room;
  }

  /** Starts a workflow that must be good. */
  public UUID start(String yaml, Map<String, Object> params, Optional<String> key) {
    return start(yaml, params, Map.of("trigger", "test"), key);
  }

  /** Starts a workflow that must be good, as if its file lay in a folder. */
  public UUID startIn(Path folder, String yaml, Map<String, Object> params) {
    Map<String, Object> context = Map.of("trigger", "test", "source", folder.toString());
    return start(yaml, params, context, Optional.empty());
  }

  private UUID start(
      String yaml, Map<String, Object> params, Map<String, Object> context, Optional<String> key) {
    UUID id = RunIds.next();
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    id,
                    new Graphs.File(
                        yaml.getBytes(StandardCharsets.UTF_8), "test.yaml", Optional.empty()),
                    params,
                    Map.of(),
                    context,
                    key))
            .await()
            .atMost(PATIENCE);
    return switch (result) {
      case TriggerService.Started started -> started.run();
      case TriggerService.Refused refused ->
          throw new AssertionError(
              refused.diagnostics().stream()
                  .map(Diagnostic::oneLine)
                  .collect(Collectors.joining("\n")));
    };
  }

  public UUID start(String yaml) {
    return start(yaml, Map.of(), Optional.empty());
  }

  /** Waits for the end of a run, and gives it as programs see it. */
  public Outcome await(UUID run) {
    try {
      var end = room.conductor().watch().end(run);
      Optional<String> status = room.views().status(run).await().atMost(PATIENCE);
      boolean over =
          status
              .flatMap(dev.fanfare.definition.RunStatus::of)
              .filter(dev.fanfare.definition.RunStatus::isTerminal)
              .isPresent();
      if (!over) {
        end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("run " + run + " did not end: " + outcome(run).json(), e);
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
    return outcome(run);
  }

  public Outcome outcome(UUID run) {
    RunView view = room.run(run).await().atMost(PATIENCE).orElseThrow();
    return new Outcome(RunJson.outcome(view, room.conductor().graphs().get(view.graph())));
  }

  public Outcome run(String yaml) {
    return await(start(yaml));
  }

  public Outcome run(String yaml, Map<String, Object> params) {
    return await(start(yaml, params, Optional.empty()));
  }

  @Override
  public void close() {
    room.close();
    database.close();
  }

  /** A run as {@code run --output json} prints it. */
  public record Outcome(Map<String, Object> json) {
    public String status() {
      return String.valueOf(json.get("status"));
    }

    public Map<?, ?> step(String id) {
      return ((List<?>) json.get("steps"))
          .stream()
              .map(step -> (Map<?, ?>) step)
              .filter(step -> id.equals(step.get("id")))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no step " + id + " in " + json));
    }

    public String status(String step) {
      return String.valueOf(step(step).get("status"));
    }

    public Object output(String step) {
      return step(step).get("output");
    }

    public Map<?, ?> outputs() {
      return (Map<?, ?>) json.get("outputs");
    }
  }

  private static final class Beans implements CallSteps {
    private final Map<String, CallStep> steps =
        java.util.Collections.synchronizedMap(new TreeMap<>());

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
