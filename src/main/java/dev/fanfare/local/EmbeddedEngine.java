package dev.fanfare.local;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.conductor.RunWatch;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.engine.Event;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.RunJson;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.RunView;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The engine in this process, as {@code run} uses it. */
@Singleton
@Unremovable // the command line looks it up by hand
public class EmbeddedEngine implements LocalEngine {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BATCHES = 500;

  private final EngineRoom room;

  @Inject
  EmbeddedEngine(EngineRoom room) {
    this.room = room;
  }

  @Override
  public LocalRun start(Request request) throws CommandException {
    UUID id = RunIds.next();
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", "cli");
    context.putAll(request.run());
    request.maxParallel().ifPresent(limit -> context.put("maxParallel", (long) limit));
    Path file = Path.of(request.fileName()).toAbsolutePath().normalize();
    Optional.ofNullable(file.getParent())
        .ifPresent(folder -> context.put("source", folder.toString()));
    Map<String, Object> event = new LinkedHashMap<>();
    request.event().forEach(event::put);
    Following following = new Following(room, id, 0);
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    id,
                    new Graphs.File(
                        request.content(), request.fileName(), request.dialect(), System.getenv()),
                    new LinkedHashMap<>(request.params()),
                    event,
                    context,
                    Optional.empty()))
            .await()
            .atMost(PATIENCE);
    return switch (result) {
      case TriggerService.Started started -> {
        Optional<String> rejection = room.trigger().rejection(started).await().atMost(PATIENCE);
        if (rejection.isPresent()) {
          following.close();
          throw CommandException.failed(rejection.get());
        }
        following.warnings =
            started.warnings().stream()
                .filter(warning -> warning.code().equals(TriggerService.SECRET_GIVEN))
                .map(warning -> warning.message() + "; " + warning.hint())
                .toList();
        yield following;
      }
      case TriggerService.Refused refused -> {
        following.close();
        throw CommandException.usage(
            refused.diagnostics().stream()
                .filter(Diagnostic::isError)
                .map(diagnostic -> request.fileName() + ":" + diagnostic.oneLine())
                .collect(Collectors.joining("\n")));
      }
    };
  }

  @Override
  public LocalRun rerun(String run, String from, String by) throws CommandException {
    UUID id = LocalRuns.id(room.views(), run);
    long before = room.run(id).await().atMost(PATIENCE).map(RunView::lastEvent).orElse(0L);
    Following following = new Following(room, id, before);
    RerunService.Result result =
        room.rerun().rerun(id, RerunService.from(from), by).await().atMost(PATIENCE);
    Optional<String> problem =
        switch (result) {
          case RerunService.Restarted ignored -> Optional.empty();
          case RerunService.NotOver atWork ->
              Optional.of("the run " + id + " is " + atWork.status() + "; cancel it first");
          case RerunService.Refused refused -> Optional.of(refused.sentence());
          case RerunService.Unknown ignored -> Optional.of("there is no run " + id);
        };
    if (problem.isPresent()) {
      following.close();
      throw CommandException.usage(problem.get());
    }
    return following;
  }

  @Override
  public List<String> register(List<Graphs.File> files) {
    List<String> lines = new ArrayList<>();
    for (Graphs.File file : files) {
      Registrations.check(file).workflow().ifPresent(workflow -> lines.add(line(file, workflow)));
    }
    return lines;
  }

  private String line(Graphs.File file, Workflow workflow) {
    GraphStore.Registered registered =
        room.registrations().register(file, workflow).await().atMost(PATIENCE);
    String version = " version " + registered.version();
    return workflow.name() + version + (registered.added() ? " (new)" : "");
  }

  @Override
  public Judged judge(String run, Judgement judgement) throws CommandException {
    UUID id = LocalRuns.id(room.views(), run);
    RunView view = room.views().run(id).await().atMost(PATIENCE).orElseThrow();
    // A run that is over is told of from its beginning: nothing more will happen in it.
    long before = view.finishedAt().isPresent() ? 0 : view.lastEvent();
    Following following = new Following(room, id, before);
    try {
      return new Judged(following, following.judge(judgement));
    } catch (CommandException e) {
      following.close();
      throw e;
    }
  }

  @Override
  public List<String> resumed() {
    return room.resumed().stream().sorted().map(UUID::toString).toList();
  }

  /** A run that this process started and looks at until it has ended. */
  private static final class Following implements LocalRun {
    private final EngineRoom room;
    private final UUID id;
    private final long before;
    private final Semaphore committed = new Semaphore(0);
    private final RunWatch.Subscription subscription;
    private List<String> warnings = List.of();

    Following(EngineRoom room, UUID id, long before) {
      this.room = room;
      this.id = id;
      this.before = before;
      this.subscription = room.conductor().watch().listen(id, committed::release);
    }

    void close() {
      subscription.close();
    }

    @Override
    public String id() {
      return id.toString();
    }

    @Override
    public List<String> warnings() {
      return warnings;
    }

    @Override
    public long before() {
      return before;
    }

    @Override
    public List<Map<String, @Nullable Object>> events(long after, Duration patience)
        throws InterruptedException {
      List<Map<String, @Nullable Object>> events = read(after);
      if (events.isEmpty() && committed.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        committed.drainPermits();
        events = read(after);
      }
      return events;
    }

    private List<Map<String, @Nullable Object>> read(long after) {
      return room.events().after(id, after, BATCHES).await().atMost(PATIENCE).stream()
          .<Map<String, @Nullable Object>>map(LinkedHashMap::new)
          .toList();
    }

    @Override
    public String judge(Judgement judgement) throws CommandException {
      Map<String, Object> form = null;
      if (judgement.form() != null) {
        form = new LinkedHashMap<>();
        judgement.form().forEach(form::put);
      }
      ApprovalService.Answer answer =
          room.waits()
              .approvals()
              .judge(
                  new ApprovalService.Judgement(
                      id,
                      judgement.step(),
                      judgement.approved(),
                      judgement.by(),
                      judgement.reason(),
                      form))
              .await()
              .atMost(PATIENCE);
      return switch (answer) {
        case ApprovalService.Answer.Decided decided -> decided.sentence(judgement.step());
        case ApprovalService.Answer.Unknown unknown ->
            throw CommandException.usage(unknown.sentence());
        case ApprovalService.Answer.Refused refused ->
            throw CommandException.usage(refused.sentence());
        case ApprovalService.Answer.BadForm bad ->
            throw CommandException.usage(bad.sentence(judgement.step()));
      };
    }

    @Override
    public void cancel() {
      room.conductor()
          .submit(id, new Event.Cancel("command line", "interrupted"))
          .subscribe()
          .with(reaction -> {}, failure -> {});
    }

    @Override
    public Map<String, @Nullable Object> outcome() {
      subscription.close();
      RunView view = room.views().run(id).await().atMost(PATIENCE).orElseThrow();
      return RunJson.outcome(view, room.conductor().graphs().get(view.graph()));
    }
  }
}
