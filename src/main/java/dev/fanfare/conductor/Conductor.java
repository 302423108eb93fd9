package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.RunRow;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.BreakerStore;
import dev.fanfare.store.CacheStore;
import dev.fanfare.store.DueStore;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.LeaseStore;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import dev.fanfare.store.SemaphoreStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Moves runs: events in; committed decisions and their effects out. */
public final class Conductor implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Conductor.class.getName());

  private final List<Lane> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Attempts attempts = new Attempts();
  private final RunWatch watch = new RunWatch();
  private final Graphs graphs;
  private final Timers timers;
  private final Grants grants;
  private final Questions questions;
  private final Leases leases;
  private final ChildEnds childEnds;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("fanfare-leases").unstarted(task));
  private final List<Future<?>> chores = new ArrayList<>();
  private final Settings settings;

  /** A run that was asked for; {@code created} is false where its key had one already. */
  public record Started(UUID run, boolean created) {}

  /**
   * @param worker who claims steps here
   * @param invoker gets claimed steps after their commit
   * @param vault knows the secrets that are covered in what comes from outside
   */
  public Conductor(
      Pool pool, Settings settings, LeaseStore.Worker worker, Invoker invoker, Vault vault) {
    this.settings = settings;
    GraphStore graphStore = new GraphStore(pool);
    RunReader reader = new RunReader(pool);
    this.childEnds = new ChildEnds(reader);
    this.graphs = new Graphs(graphStore, settings.images());
    this.timers = new Timers(new DueStore(pool), settings.sweep(), this::deliver);
    this.questions = new Questions(new CacheStore(pool), new BreakerStore(pool));
    this.leases =
        new Leases(
            new LeaseStore(pool), worker, attempts, settings.lease(), settings.sweep(), this::tell);
    this.grants = new Grants(new SemaphoreStore(pool), timers);
    Effects effects = new Effects(invoker, attempts, timers, grants, watch);
    RunLedger ledger = new RunLedger(pool, worker.id(), settings.lease());
    for (int i = 0; i < settings.lanes(); i++) {
      Lane lane = new Lane(ledger, reader, graphStore, graphs, vault, effects, settings);
      lanes.add(lane);
      threads.add(Thread.ofPlatform().daemon().name("fanfare-lane-" + i).unstarted(lane));
    }
    threads.add(Thread.ofPlatform().daemon().name("fanfare-timers").unstarted(timers));
  }

  /**
   * Begins to work, and takes over what dead processes of this machine left.
   *
   * @return the runs that go on here
   */
  public Set<UUID> open() {
    Set<UUID> taken = leases.takeOver();
    threads.forEach(Thread::start);
    long third = settings.lease().toMillis() / 3;
    chores.add(
        clockwork.scheduleWithFixedDelay(
            () -> guarded(leases::renew), third, third, TimeUnit.MILLISECONDS));
    long sweep = settings.sweep().toMillis();
    chores.add(
        clockwork.scheduleWithFixedDelay(
            () -> guarded(this::repair), sweep, sweep, TimeUnit.MILLISECONDS));
    return taken;
  }

  private void repair() {
    leases.sweep();
    grants.sweep();
    questions.sweep();
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "leases and grants could not be looked after, trying again: {0}",
          e.getMessage());
    }
  }

  /**
   * Stores a run and starts it.
   *
   * @param key at most one run of the workflow has it; another start with it gives that run
   */
  public Uni<Started> create(RunRow.Facts facts, Graphs.Stored graph, Optional<String> key) {
    CompletableFuture<Started> answer = new CompletableFuture<>();
    lane(facts.id()).add(new LaneTask.Create(facts, graph, key, answer));
    return Uni.createFrom().completionStage(answer);
  }

  /** Decides an event; completes once the decision is committed. */
  public Uni<Reaction> submit(UUID run, Event event) {
    return Uni.createFrom().completionStage(() -> send(run, event));
  }

  /** Hands an event over that nobody waits for: what comes of it is found again by the sweep. */
  private void tell(UUID run, Event event) {
    submit(run, event)
        .subscribe()
        .with(
            reaction -> {},
            failure ->
                LOG.log(Level.WARNING, "an event of run {0} was not decided: {1}", run, failure));
  }

  /** A timer that is a question becomes its answer, one that tells of a run how that ended. */
  private CompletableFuture<Reaction> deliver(DueStore.Timer timer) {
    UUID run = timer.run();
    Event.Due due = timer.event();
    return switch (due.kind()) {
      case ASK -> questions.answer(run, due).thenCompose(answer -> send(run, answer));
      case CHILD ->
          childEnds
              .look(due)
              .subscribeAsCompletionStage()
              .thenCompose(end -> end.map(event -> send(run, event)).orElseGet(Conductor::stale));
      case RETRY, SLEEP, TOTAL, GROUP, RUN, WAIT, PAUSE, QUEUE, GRANT, REFUSE, CANCEL ->
          send(run, due);
    };
  }

  private static CompletableFuture<Reaction> stale() {
    return CompletableFuture.completedFuture(Reaction.STALE);
  }

  private CompletableFuture<Reaction> send(UUID run, Event event) {
    CompletableFuture<Reaction> answer = new CompletableFuture<>();
    lane(run).add(new LaneTask.Submit(run, event, answer));
    return answer;
  }

  private Lane lane(UUID run) {
    return lanes.get(Math.floorMod(run.hashCode(), lanes.size()));
  }

  public Graphs graphs() {
    return graphs;
  }

  public RunWatch watch() {
    return watch;
  }

  public Attempts attempts() {
    return attempts;
  }

  /** Looks for expired leases and due timers now; the dispatcher does this on every tick. */
  public void sweep() {
    guarded(this::repair);
    timers.wakeIn(java.time.Duration.ZERO);
  }

  /** Ends the threads once what has come in is committed. */
  @Override
  public void close() {
    chores.forEach(chore -> chore.cancel(false));
    clockwork.shutdownNow();
    timers.close();
    lanes.forEach(Lane::close);
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    grants.close();
  }
}
