package dev.fanfare.conductor;

import dev.fanfare.engine.Context;
import dev.fanfare.engine.Engine;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunState;
import dev.fanfare.engine.StepRow;
import dev.fanfare.graph.Node;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.RunReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The runs that a lane remembers between its commits, and what the engine can say about them. Reads
 * from the store what is missing, and blocks meanwhile.
 */
final class Memory {

  private final RunReader reader;
  private final Graphs graphs;
  private final Vault vault;
  private final Values values;
  private final Context context;
  private final Map<UUID, Known> runs = new HashMap<>();

  /**
   * @param images whose steps are done elsewhere
   */
  Memory(RunReader reader, Graphs graphs, Vault vault, Values values, Set<String> images) {
    this.values = values;
    this.reader = reader;
    this.graphs = graphs;
    this.vault = vault;
    this.context = Context.REPORT.with(images);
  }

  boolean has(UUID id) {
    return runs.containsKey(id);
  }

  /** The run as it is remembered, or else as it is stored; empty if there is no such run. */
  Optional<Known> load(UUID id) {
    Known run = runs.get(id);
    if (run != null) {
      return Optional.of(run);
    }
    Optional<Known> loaded =
        Transients.answer(() -> reader.load(id))
            .map(found -> new Known(graphs.get(found.graph()), found.state()));
    loaded.ifPresent(
        found -> {
          vault.acquaint(found.graph().workflow().secrets());
          runs.put(id, found);
        });
    return loaded;
  }

  void forget(UUID id) {
    runs.remove(id);
  }

  /** A run in which nothing is at work costs no memory: the next event reads it again. */
  void forgetIfIdle(UUID id, Known run) {
    if (run.state().run().active() == 0) {
      runs.remove(id);
    }
  }

  void committed(UUID id, Known run, Reply.Decided decided) {
    run.state().apply(decided);
    runs.put(id, run);
    forgetIfIdle(id, run);
  }

  Reply.Decided decide(Known run, List<Event> events) {
    while (true) {
      switch (Engine.decide(run.graph(), run.state(), events, context.with(Entropy.next()))) {
        case Reply.Decided decided -> {
          return decided;
        }
        case Reply.Needs needs -> fetch(run, needs.paths(), needs.values());
        case Reply.NeedsAll ignored -> {
          UUID id = run.state().run().facts().id();
          run.state().addAll(Transients.answer(() -> reader.steps(id)));
        }
      }
    }
  }

  /** A report with the outputs that its step computes from what it brought. */
  Event.Report withOutputs(Known run, Event.Report report) {
    return node(run, report.step())
        .map(
            node ->
                loading(
                    run,
                    () ->
                        new Event.Report(
                            report.step(),
                            report.attempt(),
                            Orders.computed(
                                run.graph(), run.state(), report.step(), node, report.outcome()),
                            report.cost(),
                            report.room())))
        .orElse(report);
  }

  /** The end of a step's run with the outputs that the step computes from that run's. */
  Event.ChildEnded withOutputs(Known run, Event.ChildEnded ended) {
    return node(run, ended.step())
        .map(node -> loading(run, () -> Orders.computed(run.graph(), run.state(), node, ended)))
        .orElse(ended);
  }

  /** Something that people or other systems say to a run, without the secrets of its workflow. */
  Event covered(Known run, Event event) {
    List<String> secrets = run.graph().workflow().secrets();
    return secrets.isEmpty() ? event : FromOutside.covered(event, vault.known(secrets));
  }

  Optional<WorkOrder> order(Known run, String step, int attempt) {
    return node(run, step).map(node -> order(run, step, node, attempt));
  }

  WorkOrder order(Known run, String step, Node node, int attempt) {
    return loading(run, () -> Orders.of(run, step, node, attempt));
  }

  private Optional<Node> node(Known run, String path) {
    return loading(run, () -> Engine.step(run.state(), path))
        .map(row -> run.graph().node(row.node()));
  }

  private void fetch(Known run, Set<String> paths, Set<String> keys) {
    if (!keys.isEmpty()) {
      run.state().addValues(values.read(keys));
    }
    if (paths.isEmpty()) {
      return;
    }
    UUID id = run.state().run().facts().id();
    List<StepRow> rows = Transients.answer(() -> reader.steps(id, paths));
    run.state().add(paths, rows);
  }

  /** Does something that reads a run's state, loading rows as it turns out to need them. */
  private <T> T loading(Known run, Supplier<T> reading) {
    while (true) {
      try {
        return reading.get();
      } catch (RunState.MissingRows missing) {
        fetch(run, missing.paths(), missing.values());
      }
    }
  }
}
