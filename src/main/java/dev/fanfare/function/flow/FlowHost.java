package dev.fanfare.function.flow;

import dev.fanfare.conductor.UnknownRunException;
import dev.fanfare.dsl.FlowError;
import dev.fanfare.dsl.FlowException;
import dev.fanfare.dsl.Host;
import dev.fanfare.dsl.Runs;
import dev.fanfare.dsl.StepResult;
import dev.fanfare.dsl.Value;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.StoredValue;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.graph.Graph;
import dev.fanfare.store.StateStore;
import dev.fanfare.store.StepResults;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What functions reach, over the engine of this process. Blocks; for virtual threads. */
public final class FlowHost implements Host {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EngineRoom room;
  private final StepResults results;
  private final FlowBook book;
  private final FlowSteps.ServiceLookup services;
  private final Runs runs;

  FlowHost(EngineRoom room, Pool pool, FlowBook book, FlowSteps.ServiceLookup services) {
    this.room = room;
    this.results = new StepResults(pool);
    this.book = book;
    this.services = services;
    this.runs = new EngineRuns(room, new StateStore(pool));
  }

  @Override
  public Runs runs() {
    return runs;
  }

  @Override
  public StepResult step(UUID run, String reader, String name) {
    Graph graph =
        get(results.graph(run))
            .map(room.conductor().graphs()::get)
            .orElseThrow(() -> new FlowException("there is no run " + run));
    String path = StepPaths.of(graph, reader, name);
    Optional<StepResults.Result> found = get(results.step(run, path));
    return new StepResult(
        name,
        found.map(StepResults.Result::status).orElse("pending"),
        Value.of(
            whole(found.map(StepResults.Result::output).orElse(null)), "the output of " + name),
        found.flatMap(result -> Optional.ofNullable(FlowError.of(result.error()))));
  }

  /** An output with those parts in it that are kept beside the database. */
  private @Nullable Object whole(@Nullable Object output) {
    Set<String> keys = StoredValue.within(output).keySet();
    if (keys.isEmpty()) {
      return output;
    }
    Map<String, Object> values = room.values().read(keys);
    for (Object value : values.values()) {
      if (value instanceof StoredValue.Missing missing) {
        throw new FlowException(missing.why());
      }
    }
    return StoredValue.filled(output, values);
  }

  @Override
  public Optional<FlowError> failure(UUID run) {
    return get(results.failure(run))
        .flatMap(result -> Optional.ofNullable(FlowError.of(result.error())));
  }

  @Override
  public <T> Optional<T> service(Class<T> type) {
    Optional<T> given = book.service(type);
    return given.isPresent() ? given : services.find(type);
  }

  @Override
  public void cancel(UUID run, String step, String reason) {
    cancelled(room, run, "step " + step, reason);
  }

  /** Whether this has cancelled the run. */
  static boolean cancelled(EngineRoom room, UUID run, String by, String reason) {
    try {
      return get(room.conductor().submit(run, new Event.Cancel(by, reason))).verdict()
          == Verdict.ACCEPTED;
    } catch (UnknownRunException e) {
      return false;
    }
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  static <T> T get(Uni<T> answer) {
    return answer.await().atMost(PATIENCE);
  }
}
