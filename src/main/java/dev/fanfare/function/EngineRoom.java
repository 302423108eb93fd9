package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.conductor.Settings;
import dev.fanfare.conductor.Values;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.invoke.lambda.CurrentInvocation;
import dev.fanfare.invoke.lambda.ImageInvoker;
import dev.fanfare.invoke.local.LocalInvoker;
import dev.fanfare.pipeline.Slots;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.Connections;
import dev.fanfare.store.EventStore;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.LogStore;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunViews;
import dev.fanfare.store.TriggerStore;
import dev.fanfare.work.VirtualThreads;
import dev.fanfare.work.call.CallSteps;
import dev.fanfare.work.http.HostPolicy;
import dev.fanfare.work.http.HttpWork;
import dev.fanfare.work.lambda.LambdaService;
import dev.fanfare.work.lambda.LambdaWork;
import dev.fanfare.work.shell.ShellSettings;
import dev.fanfare.work.shell.ShellWork;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The engine of one process, put together: conductor, step function, workers and stores over one
 * connection pool. Made when it is first needed, never at an application's start.
 */
public final class EngineRoom implements AutoCloseable {

  private final Conductor conductor;
  private volatile Set<UUID> resumed = Set.of();
  private final TriggerService trigger;
  private final WaitServices waits;
  private final RerunService rerun;
  private final StepService step;
  private final LocalInvoker invoker;
  private final ShellWork shell;
  private final LambdaService lambda;
  private final Storage storage;
  private final Values values;
  private final ExecutorService executor;
  private final RunViews views;
  private final EventStore events;
  private final LogBook logs;
  private final GraphStore graphs;
  private final SecretStore secrets;
  private final TriggerStore triggers;
  private final Registrations registrations;
  private final Schedules schedules;
  private final ScheduleClock clock;
  private final CalledTriggers called;
  private final Optional<LambdaHost> host;
  private final InvocationScope scope;
  private final Optional<DispatcherService> dispatcher;

  /**
   * What differs between processes.
   *
   * @param home folder for workspaces and scratch files
   * @param settings of the conductor
   * @param shellSlots most shell steps at once
   * @param budget no step is begun in place after an invocation has lasted this long
   * @param delivery what stands between the conductor and the invoker of this process
   * @param secrets where the values of secrets come from
   * @param workspace how large workspaces may become, and how long they are kept
   * @param cloud where Lambda functions are
   * @param deployment where this process is a Lambda function itself
   */
  public record Options(
      Path home,
      Settings settings,
      int shellSlots,
      Duration budget,
      UnaryOperator<Invoker> delivery,
      SecretStore secrets,
      WorkspaceSettings workspace,
      Cloud cloud,
      Optional<Deployment> deployment,
      StandIns standIns) {

    public Options(Path home, Settings settings, int shellSlots, Duration budget) {
      this(
          home,
          settings,
          shellSlots,
          budget,
          UnaryOperator.identity(),
          SecretStore.NONE,
          WorkspaceSettings.DEFAULT,
          Cloud.NONE,
          Optional.empty(),
          StandIns.NONE);
    }

    /** One machine: twice as many shell steps as processors, and no limit on an invocation. */
    public static Options local(Path home) {
      int processors = Runtime.getRuntime().availableProcessors();
      return new Options(home, Settings.LOCAL, Math.max(2, 2 * processors), Duration.ofDays(365));
    }

    public Options withSecrets(SecretStore store) {
      return copy(delivery, store, workspace, cloud, deployment, standIns);
    }

    public Options with(UnaryOperator<Invoker> between) {
      return copy(between, secrets, workspace, cloud, deployment, standIns);
    }

    public Options with(WorkspaceSettings storage) {
      return copy(delivery, secrets, storage, cloud, deployment, standIns);
    }

    public Options with(Cloud where) {
      return copy(delivery, secrets, workspace, where, deployment, standIns);
    }

    public Options with(StandIns instead) {
      return copy(delivery, secrets, workspace, cloud, deployment, instead);
    }

    public Options with(Deployment function) {
      return copy(delivery, secrets, workspace, cloud, Optional.of(function), standIns);
    }

    private Options copy(
        UnaryOperator<Invoker> d,
        SecretStore s,
        WorkspaceSettings w,
        Cloud c,
        Optional<Deployment> f,
        StandIns i) {
      return new Options(home, settings, shellSlots, budget, d, s, w, c, f, i);
    }
  }

  public EngineRoom(Pool pool, Options options, CallSteps beans) {
    this.views = new RunViews(pool);
    this.events = new EventStore(pool);
    this.graphs = new GraphStore(pool);
    this.secrets = options.secrets();
    this.executor = VirtualThreads.executor();
    Vault vault = new Vault(secrets);
    this.storage = new Storage(options.home(), options.workspace(), options.cloud(), views);
    this.values = Values.in(storage.blobs(), storage.transfers());
    this.logs = new LogBook(new LogStore(pool), storage);
    this.lambda = new LambdaService(options.cloud().endpoint());
    AtomicReference<StepService> stepFunction = new AtomicReference<>();
    AtomicReference<Workbench> bench = new AtomicReference<>();
    this.host =
        options
            .deployment()
            .map(
                function ->
                    new LambdaHost(
                        function,
                        options.cloud(),
                        lambda,
                        step -> bench.get().together(step),
                        executor));
    ShellSettings scripts =
        ShellSettings.in(storage.scratch()).withPath(options.standIns().programs());
    this.shell =
        new ShellWork(
            options
                .deployment()
                .map(function -> scripts.withGrace(function.margin().dividedBy(2)))
                .orElse(scripts));
    this.invoker = new LocalInvoker(invocation -> stepFunction.get().perform(invocation), executor);
    Invoker routed =
        host.<Invoker>map(LambdaHost::invoker).orElseGet(() -> withImages(options.cloud()));
    Settings settings = host.map(LambdaHost::settings).orElse(options.settings());
    this.conductor =
        new Conductor(
            pool,
            settings
                .with(options.cloud().images().keySet())
                .withApart(options.workspace().isApart()),
            ThisProcess.worker(),
            options.delivery().apply(routed),
            vault,
            values,
            host.map(LambdaHost::hosted));
    this.trigger = new TriggerService(conductor, views, vault);
    Workbench workbench =
        new Workbench(
            storage.folder(),
            storage.workspaces(),
            logs,
            shell,
            new HttpWork(HostPolicy.ANY, options.standIns().services()),
            beans,
            new LambdaWork(lambda),
            new ChildRuns(trigger, graphs, views, executor),
            vault,
            host.map(LambdaHost::activity).orElseGet(Activity::new));
    bench.set(workbench);
    this.step =
        new StepService(
            conductor,
            workbench,
            new Slots(options.shellSlots()),
            executor,
            () ->
                host.map(LambdaHost::window)
                    .orElseGet(
                        () -> new Window(System.nanoTime(), options.budget(), Optional.empty())));
    stepFunction.set(step);
    host.ifPresent(known -> known.serve(conductor, step));
    this.waits = new WaitServices(pool, conductor, executor);
    this.rerun = new RerunService(conductor, views);
    this.triggers = new TriggerStore(pool);
    this.registrations =
        new Registrations(graphs, triggers, conductor.graphs(), executor, this::schedulesChanged);
    this.schedules =
        new Schedules(triggers, registrations, trigger, conductor, views, graphs, executor);
    this.called = new CalledTriggers(triggers, registrations, trigger, secrets);
    this.clock = new ScheduleClock(schedules, settings.sweep());
    this.scope =
        new InvocationScope(
            conductor,
            new Connections(pool),
            host.map(LambdaHost::current).orElseGet(CurrentInvocation::new),
            new SchemaGate(pool),
            host.isPresent());
    this.dispatcher = host.map(known -> new DispatcherService(known, conductor, schedules, scope));
  }

  private Invoker withImages(Cloud cloud) {
    return cloud.images().isEmpty()
        ? invoker
        : new ImageInvoker(cloud.images(), lambda, invoker, executor, this::refused);
  }

  /** A step that no function will ever get has failed, as if one had got it. */
  private void refused(Invocation invocation, ErrorInfo error) {
    Event.Report report =
        new Event.Report(
            invocation.step(),
            invocation.attempt(),
            Outcome.Failed.of(error),
            Event.Cost.NONE,
            false);
    conductor
        .submit(invocation.run(), report)
        .subscribe()
        .with(reaction -> {}, failure -> {}); // then its lease runs out
  }

  /** Begins to work. */
  public void open() {
    resumed = conductor.open();
    if (host.isEmpty()) {
      storage.openSweep();
    }
  }

  /** Begins to start the runs of schedules as well: what serves does so, what runs one file not. */
  public void openSchedules() {
    clock.open();
  }

  private void schedulesChanged() {
    clock.wake();
    host.ifPresent(known -> known.soon(() -> schedules.next().ifPresent(known.wakeUps()::in)));
  }

  /** Runs that a process of this machine left when it died, and that go on here. */
  public Set<UUID> resumed() {
    return resumed;
  }

  public Conductor conductor() {
    return conductor;
  }

  public TriggerService trigger() {
    return trigger;
  }

  /** What brings waiting steps what they wait for. */
  public WaitServices waits() {
    return waits;
  }

  public RerunService rerun() {
    return rerun;
  }

  public StepService step() {
    return step;
  }

  public LocalInvoker invoker() {
    return invoker;
  }

  public RunViews views() {
    return views;
  }

  /** A run and all its steps, with outputs that are kept beside the database. */
  public Uni<Optional<RunView>> run(UUID id) {
    return new LargeOutputs(values, executor).shown(views.run(id));
  }

  /** Outputs that are kept beside the database. */
  public Values values() {
    return values;
  }

  public EventStore events() {
    return events;
  }

  public LogBook logs() {
    return logs;
  }

  public GraphStore graphs() {
    return graphs;
  }

  /** Values of secrets by their names: for steps, and for the signatures of webhooks. */
  public SecretStore secrets() {
    return secrets;
  }

  public TriggerStore triggers() {
    return triggers;
  }

  public Registrations registrations() {
    return registrations;
  }

  /** Starts runs for webhooks and events. */
  public CalledTriggers called() {
    return called;
  }

  public Schedules schedules() {
    return schedules;
  }

  /** What an invocation of a function is done in. */
  public InvocationScope scope() {
    return scope;
  }

  /** What the dispatcher function does; on one machine there is none. */
  Optional<DispatcherService> dispatcher() {
    return dispatcher;
  }

  /**
   * Stops: nothing new begins, work in progress is told to stop and its steps go back, so that
   * whoever comes next does them.
   */
  @Override
  public void close() {
    clock.close();
    invoker.close();
    step.close();
    conductor.attempts().stopAll("shutdown");
    shell.close();
    lambda.close();
    host.ifPresent(LambdaHost::close);
    storage.close();
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    conductor.close();
  }
}
