package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.definition.Trigger;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunViews;
import dev.fanfare.store.TriggerStore;
import dev.fanfare.store.TriggerStore.Advance;
import dev.fanfare.store.TriggerStore.Due;
import dev.fanfare.trigger.DueTicks;
import dev.fanfare.trigger.Ticks;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Starts the runs of schedules and intervals whose tick has come.
 *
 * <p>Any number of processes may do this at once: a tick is taken by one, under the lock of its
 * row, and its run has the tick as idempotency key. So a process that dies between the start of the
 * run and the end of its transaction leaves a tick that is taken again and finds its run there.
 */
public final class Schedules {

  private static final Logger LOG = System.getLogger(Schedules.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration UNREADABLE = Duration.ofHours(1);

  final TriggerStore store;
  final TriggerService starts;
  final Conductor conductor;
  final RunViews views;
  final GraphStore graphs;
  private final Registrations registrations;
  private final Executor executor;

  /**
   * @param executor its threads may block
   */
  Schedules(
      TriggerStore store,
      Registrations registrations,
      TriggerService starts,
      Conductor conductor,
      RunViews views,
      GraphStore graphs,
      Executor executor) {
    this.store = store;
    this.registrations = registrations;
    this.starts = starts;
    this.conductor = conductor;
    this.views = views;
    this.graphs = graphs;
    this.executor = executor;
  }

  /**
   * Decides every tick that has come by now. Blocks.
   *
   * @return how many triggers were moved on
   */
  public int tick() {
    return look().moved();
  }

  /** How many triggers were moved on, and how many stay due because of a failure. */
  record Looked(int moved, int failed) {}

  Looked look() {
    Set<String> failed = new HashSet<>();
    int moved = 0;
    while (true) {
      Due[] at = new Due[1];
      try {
        if (take(failed, at).isEmpty()) {
          return new Looked(moved, failed.size());
        }
        moved++;
      } catch (RuntimeException e) {
        if (at[0] == null) {
          throw e;
        }
        // It stays due, and the others shall not wait for it.
        failed.add(at[0].workflow() + "\n" + at[0].key());
        LOG.log(
            Level.WARNING,
            "the trigger \"{0}\" of workflow {1} failed and is tried again: {2}",
            at[0].key(),
            at[0].workflow(),
            e.getMessage());
      }
    }
  }

  private Optional<Due> take(Set<String> except, Due[] at) {
    return store
        .take(
            except,
            due -> {
              at[0] = due;
              return Uni.createFrom().item(() -> decide(due)).runSubscriptionOn(executor);
            })
        .await()
        .atMost(PATIENCE);
  }

  /** How long until the next tick comes; empty if none will. */
  Optional<Duration> next() {
    return store.next().await().atMost(PATIENCE);
  }

  private Advance decide(Due due) {
    Optional<Registrations.Newest> newest =
        registrations.newest(due.workflow()).await().atMost(PATIENCE);
    Optional<Trigger> trigger = newest.flatMap(found -> found.trigger(due.key()));
    if (newest.isEmpty() || trigger.isEmpty()) {
      return unreadable(due);
    }
    return switch (trigger.get()) {
      case Trigger.Schedule schedule -> decide(due, newest.get(), schedule);
      case Trigger.Interval interval -> {
        TickStarts ticks = new TickStarts(this, due, newest.get(), interval, ZoneOffset.UTC);
        yield ticks.decide(DueTicks.of(interval, due.tick(), due.now()), Optional.empty());
      }
      case Trigger.Webhook ignored -> throw new IllegalStateException(due.key());
      case Trigger.OnEvent ignored -> throw new IllegalStateException(due.key());
    };
  }

  /** Another version of Fanfare has registered what this one cannot read. */
  private static Advance unreadable(Due due) {
    LOG.log(
        Level.WARNING,
        "workflow {0}: the trigger \"{1}\" cannot be read from its file, trying again in an hour",
        due.workflow(),
        due.key());
    Map<String, Object> why =
        Map.of("code", "refused", "message", "the registered file can no longer be read");
    return new Advance(
        Optional.of(due.now().plus(UNREADABLE)),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new TriggerStore.Skipped(due.tick(), why)));
  }

  private Advance decide(Due due, Registrations.Newest newest, Trigger.Schedule schedule) {
    Ticks ticks = Ticks.of(schedule);
    return new TickStarts(this, due, newest, schedule, ticks.zone())
        .decide(
            DueTicks.of(ticks, schedule.catchUp(), due.tick(), due.now()),
            schedule.skipIfSucceeded() ? Optional.of(ticks) : Optional.empty());
  }
}
