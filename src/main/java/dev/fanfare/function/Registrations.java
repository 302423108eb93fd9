package dev.fanfare.function;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.graph.Params;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.TriggerStore;
import dev.fanfare.trigger.Keyed;
import dev.fanfare.trigger.Ticks;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Registered workflows and their triggers. */
public final class Registrations {

  private final GraphStore graphs;
  private final TriggerStore triggers;
  private final Graphs compiler;
  private final Executor executor;
  private final Runnable changed;

  /**
   * @param executor reads files
   * @param changed told after every change of what goes by the clock
   */
  Registrations(
      GraphStore graphs,
      TriggerStore triggers,
      Graphs compiler,
      Executor executor,
      Runnable changed) {
    this.graphs = graphs;
    this.triggers = triggers;
    this.compiler = compiler;
    this.executor = executor;
    this.changed = changed;
  }

  /** The newest version of a registered workflow. */
  public record Newest(Graphs.File file, Workflow workflow) {

    /** The trigger of a key; empty where the newest version has it no more. */
    Optional<Trigger> trigger(String key) {
      return Keyed.find(workflow.triggers(), key);
    }
  }

  /**
   * A file that was read and compiled.
   *
   * @param workflow present exactly when the file can be registered
   */
  public record Checked(Optional<Workflow> workflow, List<Diagnostic> diagnostics) {}

  /**
   * Whether a file can be registered. Parameters that a run must bring are none of its faults: only
   * their defaults are at hand.
   */
  public static Checked check(Graphs.File file) {
    Graphs.Read read = Graphs.read(file);
    List<Diagnostic> found = new ArrayList<>(read.diagnostics());
    read.workflow()
        .ifPresent(
            workflow -> {
              Params.Checked defaults = Params.check(workflow, Map.of(), text -> null);
              CompileInputs inputs = new CompileInputs(defaults.values(), Map.of(), Map.of());
              found.addAll(GraphCompiler.compile(workflow, inputs).diagnostics());
            });
    boolean good = found.stream().noneMatch(Diagnostic::isError);
    return new Checked(good ? read.workflow() : Optional.empty(), found);
  }

  /** Registers a file that is good; its triggers are at work from now on. */
  public Uni<GraphStore.Registered> register(Graphs.File file, Workflow workflow) {
    GraphStore.Text text =
        new GraphStore.Text(
            workflow.name(),
            workflow.description(),
            file.dialect().orElse(""),
            file.name(),
            new String(file.content(), StandardCharsets.UTF_8));
    return graphs
        .register(text, now -> definitions(workflow, now))
        .invoke(registered -> changed.run());
  }

  /** The newest version of a workflow, read; empty where there is none that can be read. */
  public Uni<Optional<Newest>> newest(String workflow) {
    return graphs
        .newest(workflow)
        .emitOn(executor)
        .map(
            version ->
                version
                    .map(Registrations::file)
                    .flatMap(
                        file ->
                            compiler.reading(file).workflow().map(read -> new Newest(file, read))));
  }

  /** The file of a registered version. */
  public static Graphs.File file(GraphStore.Version version) {
    return new Graphs.File(
        version.text().getBytes(StandardCharsets.UTF_8),
        version.fileName(),
        Optional.of(version.dialect()).filter(dialect -> !dialect.isEmpty()));
  }

  /** Lets no trigger of a workflow start a run; false if there is no such workflow. */
  public Uni<Boolean> pause(String workflow) {
    return triggers.pause(workflow);
  }

  /** Ends a pause; its ticks are not made up for. False if there is no such workflow. */
  public Uni<Boolean> resume(String workflow) {
    return newest(workflow)
        .chain(
            newest ->
                triggers.resume(
                    workflow, now -> newest.map(found -> next(found, now)).orElse(Map.of())))
        .invoke(resumed -> changed.run());
  }

  private static Map<String, Instant> next(Newest newest, Instant now) {
    Map<String, Instant> next = new LinkedHashMap<>();
    for (Keyed keyed : Keyed.of(newest.workflow().triggers())) {
      first(keyed.trigger(), now).ifPresent(at -> next.put(keyed.key(), at));
    }
    return next;
  }

  private static List<TriggerStore.Definition> definitions(Workflow workflow, Instant now) {
    return Keyed.of(workflow.triggers()).stream().map(keyed -> definition(keyed, now)).toList();
  }

  private static TriggerStore.Definition definition(Keyed keyed, Instant now) {
    Map<String, Object> spec = new LinkedHashMap<>();
    Optional<Instant> next = first(keyed.trigger(), now);
    return switch (keyed.trigger()) {
      case Trigger.Schedule schedule -> {
        spec.put("cron", schedule.cron());
        spec.put("timezone", schedule.timezone());
        spec.put("overlap", word(schedule.overlap()));
        spec.put("catchUp", word(schedule.catchUp()));
        spec.put("skipIfSucceeded", schedule.skipIfSucceeded());
        yield new TriggerStore.Definition(keyed.key(), "schedule", "", spec, next);
      }
      case Trigger.Interval interval -> {
        spec.put("every", interval.every().toString());
        yield new TriggerStore.Definition(keyed.key(), "interval", "", spec, next);
      }
      case Trigger.Webhook webhook -> {
        spec.put("path", "/hooks/" + webhook.path());
        spec.put("signed", webhook.secret().isPresent());
        yield new TriggerStore.Definition(keyed.key(), "webhook", webhook.path(), spec, next);
      }
      case Trigger.OnEvent event -> {
        spec.put("name", event.name());
        yield new TriggerStore.Definition(keyed.key(), "event", event.name(), spec, next);
      }
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** When a trigger that goes by the clock comes first. */
  private static Optional<Instant> first(Trigger trigger, Instant now) {
    return switch (trigger) {
      case Trigger.Schedule schedule -> Optional.of(Ticks.of(schedule).next(now));
      case Trigger.Interval interval -> Optional.of(now.plus(interval.every()));
      case Trigger.Webhook ignored -> Optional.empty();
      case Trigger.OnEvent ignored -> Optional.empty();
    };
  }
}
