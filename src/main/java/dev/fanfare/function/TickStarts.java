package dev.fanfare.function;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Trigger;
import dev.fanfare.engine.Event;
import dev.fanfare.store.TriggerStore.Advance;
import dev.fanfare.store.TriggerStore.Due;
import dev.fanfare.store.TriggerStore.Skipped;
import dev.fanfare.trigger.DueTicks;
import dev.fanfare.trigger.Mapping;
import dev.fanfare.trigger.Ticks;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The ticks of one trigger that have come: each starts a run, or is skipped for a reason. */
final class TickStarts {

  private static final Logger LOG = System.getLogger(TickStarts.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Schedules room;
  private final Due due;
  private final Registrations.Newest newest;
  private final Trigger trigger;
  private final ZoneId zone;
  private final String kind;
  private final Trigger.Overlap overlap;
  private Optional<Instant> last = Optional.empty();
  private Optional<UUID> lastRun;
  private Optional<Skipped> skipped = Optional.empty();

  TickStarts(Schedules room, Due due, Registrations.Newest newest, Trigger trigger, ZoneId zone) {
    this.room = room;
    this.due = due;
    this.newest = newest;
    this.trigger = trigger;
    this.zone = zone;
    this.kind = trigger instanceof Trigger.Schedule ? "schedule" : "interval";
    this.overlap =
        trigger instanceof Trigger.Schedule schedule ? schedule.overlap() : Trigger.Overlap.SKIP;
    this.lastRun = due.lastRun();
  }

  /**
   * @param unlessSucceeded the schedule, where a tick is skipped for a run that made it needless
   */
  Advance decide(DueTicks ticks, Optional<Ticks> unlessSucceeded) {
    ticks.missed().ifPresent(tick -> skip(tick, Map.of("code", "missed")));
    if (ticks.tooMany()) {
      LOG.log(
          Level.WARNING,
          "workflow {0}: more than {1} ticks of \"{2}\" were missed; only the last {1} are made up"
              + " for",
          due.workflow(),
          DueTicks.MOST,
          due.key());
    }
    for (Instant tick : ticks.start()) {
      tick(tick, unlessSucceeded);
    }
    return new Advance(Optional.of(ticks.next()), last, lastRun, skipped);
  }

  private void tick(Instant tick, Optional<Ticks> unlessSucceeded) {
    String key = due.key() + " " + tick;
    Optional<UUID> stored = get(room.graphs.runWithKey(due.workflow(), key));
    if (stored.isPresent()) {
      // Started before its process died, and not yet noted here.
      started(tick, stored.get());
      return;
    }
    if (unlessSucceeded
        .flatMap(ticks -> ticks.previous(tick))
        .filter(from -> isDone(from, tick))
        .isPresent()) {
      skip(tick, Map.of("code", "succeeded"));
      return;
    }
    Optional<UUID> active = lastRun.filter(this::isActive);
    if (active.isPresent()) {
      switch (overlap) {
        case SKIP -> {
          skip(tick, Map.of("code", "overlap", "run", active.get().toString()));
          return;
        }
        case CANCEL_OLDER ->
            get(room.conductor.submit(active.get(), new Event.Cancel(kind, "a newer tick came")));
        case ALLOW -> {}
      }
    }
    start(tick, key);
  }

  /** Whether something else than this trigger has done the work since the tick before. */
  private boolean isDone(Instant from, Instant to) {
    return get(room.store.endedWell(due.workflow(), from, to, due.key() + " "));
  }

  private boolean isActive(UUID run) {
    return get(room.views.status(run))
        .flatMap(RunStatus::of)
        .filter(status -> !status.isTerminal())
        .isPresent();
  }

  private void start(Instant tick, String key) {
    String at = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(tick.atZone(zone).toOffsetDateTime());
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("scheduledAt", at);
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", kind);
    context.put("scheduledAt", at);
    Mapping mapping = Mapping.of(trigger, due.workflow(), event, context);
    if (!mapping.problems().isEmpty()) {
      refused(tick, mapping.problems());
      return;
    }
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(), newest.file(), mapping.params(), event, context, Optional.of(key));
    switch (get(room.starts.start(request))) {
      case TriggerService.Started run -> started(tick, run.run());
      case TriggerService.Refused refused -> refused(tick, refused.diagnostics());
    }
  }

  private void started(Instant tick, UUID run) {
    last = Optional.of(tick);
    lastRun = Optional.of(run);
  }

  private void refused(Instant tick, List<Diagnostic> diagnostics) {
    String why =
        diagnostics.stream()
            .filter(Diagnostic::isError)
            .findFirst()
            .map(Diagnostic::message)
            .orElse("");
    LOG.log(
        Level.WARNING,
        "workflow {0} could not be started by \"{1}\": {2}",
        due.workflow(),
        due.key(),
        why);
    skip(tick, Map.of("code", "refused", "message", why));
  }

  private void skip(Instant tick, Map<String, Object> why) {
    skipped = Optional.of(new Skipped(tick, why));
  }

  private static <T> T get(Uni<T> answer) {
    return answer.await().atMost(PATIENCE);
  }
}
