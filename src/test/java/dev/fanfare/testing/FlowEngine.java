package dev.fanfare.testing;

import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.dsl.Flows;
import dev.fanfare.dsl.Inspection;
import dev.fanfare.dsl.Runs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowHost;
import dev.fanfare.function.flow.FlowSteps;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.CallSteps;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A process with workflows written in Java. */
public final class FlowEngine implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final TestDatabase database;
  private final boolean owner;
  private final EngineRoom room;
  private final FlowHost host;

  private FlowEngine(
      TestDatabase database,
      boolean owner,
      Settings settings,
      FlowBook book,
      UnaryOperator<EngineRoom.Options> change) {
    this.database = database;
    this.owner = owner;
    try {
      FlowSteps steps = new FlowSteps(book, CallSteps.of(Map.of()));
      this.room =
          new EngineRoom(
              database.pool(),
              change.apply(
                  new EngineRoom.Options(
                      Files.createTempDirectory("fanfare-flows"), settings, 8, Duration.ofDays(1))),
              steps);
      room.open();
      this.host = steps.serve(room, database.pool());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One with a database of its own. */
  public static FlowEngine of(Flows flows) {
    return new FlowEngine(
        TestDatabase.fresh(), true, Settings.LOCAL, book(flows), UnaryOperator.identity());
  }

  public static FlowEngine of(FlowBook book) {
    return new FlowEngine(
        TestDatabase.fresh(), true, Settings.LOCAL, book, UnaryOperator.identity());
  }

  /** One whose secrets come from a function. */
  public static FlowEngine knowing(Function<String, Optional<String>> secrets, Flows flows) {
    SecretStore store =
        new SecretStore() {
          @Override
          public Uni<Optional<String>> value(String name) {
            return Uni.createFrom().item(secrets.apply(name));
          }

          @Override
          public List<String> places(String name) {
            return List.of("the test");
          }
        };
    return new FlowEngine(
        TestDatabase.fresh(),
        true,
        Settings.LOCAL,
        book(flows),
        options -> options.withSecrets(store));
  }

  /** One that differs from the usual. */
  public static FlowEngine with(UnaryOperator<EngineRoom.Options> change, Flows flows) {
    return new FlowEngine(TestDatabase.fresh(), true, Settings.LOCAL, book(flows), change);
  }

  /** Another one on a database, where what is lost is found again within a second. */
  public static FlowEngine on(TestDatabase database, Flows flows) {
    Settings hasty = new Settings(2, Duration.ofMillis(500), Duration.ofMillis(200), 8_192);
    return new FlowEngine(database, false, hasty, book(flows), UnaryOperator.identity());
  }

  public static FlowBook book(Flows flows) {
    return FlowBook.of(List.of(new FlowBook.Definer(flows, "the test")));
  }

  public Runs runs() {
    return host.runs();
  }

  public EngineRoom room() {
    return room;
  }

  public TestDatabase database() {
    return database;
  }

  /** Runs a workflow to its end. */
  public Inspection run(String workflow, @Nullable Object payload) {
    return await(runs().trigger(workflow, payload));
  }

  /** Waits for the end of a run. */
  public Inspection await(UUID run) {
    return await(run, "the end of the run", RunStatus::isTerminal);
  }

  /** Waits until a run is in a status. */
  public Inspection await(UUID run, RunStatus wanted) {
    return await(run, wanted.id(), wanted::equals);
  }

  private Inspection await(UUID run, String what, java.util.function.Predicate<RunStatus> reached) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Inspection seen = runs().inspect(run).orElseThrow();
    while (!RunStatus.of(seen.status()).filter(reached).isPresent()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what + ": " + seen);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      seen = runs().inspect(run).orElseThrow();
    }
    return seen;
  }

  /** The run as {@code run --output json} prints it. */
  public TestEngine.Outcome outcome(UUID run) {
    RunView view = room.run(run).await().atMost(PATIENCE).orElseThrow();
    return new TestEngine.Outcome(
        RunJson.outcome(view, room.conductor().graphs().get(view.graph())));
  }

  @Override
  public void close() {
    room.close();
    if (owner) {
      database.close();
    }
  }
}
