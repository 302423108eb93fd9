package dev.fanfare.function.flow;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.dsl.FlowCode;
import dev.fanfare.dsl.NotRetriedException;
import dev.fanfare.dsl.Place;
import dev.fanfare.dsl.StepFunction;
import dev.fanfare.dsl.Value;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.work.call.CallStep;
import dev.fanfare.work.call.CallSteps;
import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.call.StepContext;
import dev.fanfare.work.call.StepFailedException;
import dev.fanfare.work.log.LogStream;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The steps that may be called in a process: functions of workflows written in Java, as {@code
 * WORKFLOW/STEP}, and beans by their names. Functions wait for the engine that they are part of.
 */
public final class FlowSteps implements CallSteps {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FlowBook book;
  private final CallSteps beans;
  private final ServiceLookup services;
  private final CompletableFuture<FlowHost> host = new CompletableFuture<>();

  /** Finds objects of the application. */
  @FunctionalInterface
  public interface ServiceLookup {
    <T> Optional<T> find(Class<T> type);
  }

  /**
   * @param beans what steps call by other names
   * @param services what functions ask for and no definition has brought along
   */
  public FlowSteps(FlowBook book, CallSteps beans, ServiceLookup services) {
    this.book = book;
    this.beans = beans;
    this.services = services;
  }

  /** Without objects of an application. */
  public FlowSteps(FlowBook book, CallSteps beans) {
    this(
        book,
        beans,
        new ServiceLookup() {
          @Override
          public <T> Optional<T> find(Class<T> type) {
            return Optional.empty();
          }
        });
  }

  /** Lets functions reach the engine that executes them, and registers the workflows. Blocks. */
  public FlowHost serve(EngineRoom room, Pool pool) {
    FlowHost made = new FlowHost(room, pool, book, services);
    host.complete(made);
    for (FlowBook.Entry entry : book.entries()) {
      room.registrations().register(entry.file(), entry.workflow()).await().atMost(PATIENCE);
    }
    return made;
  }

  @Override
  public Optional<CallStep> find(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return beans.find(name);
    }
    String workflow = name.substring(0, slash);
    String function = name.substring(slash + 1);
    Optional<FlowCode> code = book.code(workflow);
    Optional<StepFunction> found = code.flatMap(flow -> flow.function(function));
    if (found.isPresent()) {
      return Optional.of(
          (JavaStep) (context, input) -> call(code.get(), found.get(), context, input));
    }
    Optional<CallStep> bean = beans.find(name);
    return bean.isPresent()
        ? bean
        : Optional.of((JavaStep) (context, input) -> missing(workflow, function, code.isPresent()));
  }

  @Override
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(beans.names());
    names.addAll(book.beans());
    return names;
  }

  private @Nullable Object call(
      FlowCode code, StepFunction function, StepContext context, @Nullable Object input)
      throws Exception {
    Place place =
        new Place(
            context.run(),
            context.step(),
            context.attempt(),
            context.idempotencyKey(),
            context.workspace(),
            line -> context.log().line(LogStream.OUT, line));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(function.getClass().getClassLoader());
    try {
      Object output = function.apply(code.context(place, input, host.join()));
      return output instanceof Value value ? value.raw() : output;
    } catch (NotRetriedException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String type = cause.getClass().getSimpleName();
      String message = cause.getMessage() == null ? "" : cause.getMessage();
      throw new StepFailedException(
          ErrorInfo.of(NotRetriedException.CODE, type + ": " + message)
              .with("class", cause.getClass().getName())
              .with("message", message),
          cause);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Object missing(String workflow, String function, boolean known)
      throws StepFailedException {
    String what =
        known
            ? "The workflow '%s' in this process has no step '%s' any more: it was changed since"
                + " the run began."
            : "The workflow '%s' is written in Java, and this process does not have the code of its"
                + " step '%s'.";
    String remedy =
        " Start Fanfare with the jar that has it (--jars FOLDER, or FANFARE_JARS), then go on with"
            + " `fanfare rerun RUN --from failed`.";
    throw new StepFailedException(
        ErrorInfo.of("flow_code_missing", what.formatted(workflow, function) + remedy)
            .with("workflow", workflow)
            .with("function", function));
  }
}
