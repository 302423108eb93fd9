package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.RunRow;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.BreakerStore;
import dev.fanfare.store.CacheStore;
import dev.fanfare.store.DueStore;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.InboxStore;
import dev.fanfare.store.LeaseStore;
import dev.fanfare.store.LeaseStore.Lease;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import dev.fanfare.store.SemaphoreStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Moves runs: events in; committed decisions and their effects out. */
public final class Conductor implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Conductor.class.getName());

  /** Nobody waits for a verdict for so long. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(30);

  private final List<Lane> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Attempts attempts = new Attempts();
  private final RunWatch watch = new RunWatch();
  private final Graphs graphs;
  private final DueTimers due;
  private final Optional<Timers> timers;
  private final Optional<HostedTimers> hostedTimers;
  private final Activity activity;
  private final Optional<Hosted> hosted;
  private final Grants grants;
  private final Questions questions;
  private final Leases leases;
  private final ChildEnds childEnds;
  private final InboxStore inbox;
  private final Chores chores = new Chores();
  private final Settings settings;

  /** A run that was asked for; {@code created} is false where its key had one already. */
  public record Started(UUID run, boolean created) {}

  /**
   * @param worker who claims steps here
   * @param invoker gets claimed steps after their commit
   * @param vault knows the secrets that are covered in what comes from outside
   * @param values keeps outputs that are too large for rows
   * @param hosted for a process that is frozen between invocations; one that lives on has threads
   *     that keep the time
   */
  public Conductor(
      Pool pool,
      Settings settings,
      LeaseStore.Worker worker,
      Invoker invoker,
      Vault vault,
      Values values,
      Optional<Hosted> hosted) {
    this.settings = settings;
    this.hosted = hosted;
    this.activity = hosted.map(Hosted::activity).orElseGet(Activity::new);
    GraphStore graphStore = new GraphStore(pool);
    RunReader reader = new RunReader(pool);
    this.childEnds = new ChildEnds(reader);
    this.graphs = new Graphs(graphStore, settings.images(), settings.apart());
    this.due = new DueTimers(new DueStore(pool), this::deliver);
    this.hostedTimers = hosted.map(host -> new HostedTimers(due, host));
    this.timers =
        hosted.isPresent() ? Optional.empty() : Optional.of(new Timers(due, settings.sweep()));
    Alarm alarm = hostedTimers.<Alarm>map(known -> known).or(() -> timers).orElseThrow();
    this.questions = new Questions(new CacheStore(pool), new BreakerStore(pool));
    this.leases =
        new Leases(
            new LeaseStore(pool), worker, attempts, settings.lease(), settings.sweep(), this::tell);
    this.grants = new Grants(new SemaphoreStore(pool), alarm, activity);
    Effects effects =
        new Effects(invoker, attempts, alarm, grants, watch, settings.budget(), this::tell);
    RunLedger ledger = new RunLedger(pool, worker.id(), settings.lease());
    this.inbox = new InboxStore(pool);
    for (int i = 0; i < settings.lanes(); i++) {
      Lane lane =
          new Lane(
              ledger,
              reader,
              inbox,
              graphStore,
              graphs,
              vault,
              values,
              effects,
              settings,
              activity);
      lanes.add(lane);
      threads.add(Thread.ofPlatform().daemon().name("fanfare-lane-" + i).unstarted(lane));
    }
    timers.ifPresent(
        each -> threads.add(Thread.ofPlatform().daemon().name("fanfare-timers").unstarted(each)));
  }

  /**
   * Begins to work, and takes over what dead processes of this machine left. One that is hosted
   * takes nothing over: no other process of its machine is of Fanfare.
   *
   * @return the runs that go on here
   */
  public Set<UUID> open() {
    Set<UUID> taken = hosted.isPresent() ? Set.of() : leases.takeOver();
    threads.forEach(Thread::start);
    if (hosted.isEmpty()) {
      chores.every(settings.lease().dividedBy(3), this::keep);
      chores.every(settings.sweep(), this::repair);
    }
    return taken;
  }

  private void keep() {
    leases.renew();
    leases.register();
  }

  private int repair() {
    int expired = leases.sweep();
    grants.sweep();
    questions.sweep();
    Letters.sweep(
        inbox, settings.sweep(), FORGOTTEN, run -> lane(run).add(new LaneTask.Drain(run)));
    return expired;
  }

  /** An invocation is under way: what it works on is kept, and stopped when it is not wanted. */
  public void attend() {
    hosted.ifPresent(
        host -> {
          chores.every(settings.lease().dividedBy(3), leases::renew);
          chores.every(host.look(), leases::look);
        });
  }

  /**
   * The invocation is about to end: waits until all that it has started is committed, handed on or
   * told.
   *
   * @return false if something was still under way after this long
   */
  public boolean settle(Duration limit) {
    long start = System.nanoTime();
    chores.stop(limit);
    return activity.awaitQuiet(limit.minusNanos(System.nanoTime() - start));
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
      case RETRY,
          SLEEP,
          TOTAL,
          GROUP,
          RUN,
          WAIT,
          PAUSE,
          QUEUE,
          GRANT,
          REFUSE,
          CANCEL,
          RERUN,
          LOCK ->
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

  /**
   * Looks for expired leases, lost grants and due timers now, as the dispatcher does on every tick.
   * Hosted, it blocks until all that is due has been fired.
   *
   * @return how many leases had expired
   */
  public int sweep() {
    AtomicInteger expired = new AtomicInteger();
    Chores.guarded(() -> expired.set(repair()));
    fireDue();
    return expired.get();
  }

  /** Fires the timers that are due. */
  public void fireDue() {
    timers.ifPresent(known -> known.wakeIn(Duration.ZERO));
    hostedTimers.ifPresent(HostedTimers::drain);
  }

  /** How long until the next timer is due; empty if there is none. */
  public Optional<Duration> nextDue() {
    return due.next();
  }

  /** In how many seconds timers are due that are within this long. */
  public List<Duration> dueWithin(Duration window) {
    return due.within(window);
  }

  /** Runs that something should have been done about for longer than this; so many at most. */
  public List<UUID> overdue(Duration late, int most) {
    return due.overdue(late, most);
  }

  /** Steps that nobody has begun stay on their way for this much longer. */
  public Uni<Void> postpone(List<Lease> steps, Duration more) {
    return leases.postpone(steps, more);
  }

  /** Ends the threads once what has come in is committed. */
  @Override
  public void close() {
    chores.close();
    timers.ifPresent(Timers::close);
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
