package dev.fanfare.work.call;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.CallInput;
import dev.fanfare.work.MaskedTrace;
import dev.fanfare.work.Worker;
import dev.fanfare.work.Yield;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Calls a Java bean by its name. */
public final class CallWork implements Worker<CallInput> {

  private static final System.Logger LOGGER = System.getLogger(CallWork.class.getName());
  private static final String LARGE_OUTPUT_ADVICE =
      "Let the bean write it to a file in the workspace and return the path.";
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private final CallSteps steps;

  public CallWork(CallSteps steps) {
    this.steps = steps;
  }

  @Override
  public Uni<Outcome> work(Assignment assignment, CallInput input) {
    return Uni.createFrom()
        .deferred(() -> call(assignment, input))
        .onFailure()
        .recoverWithItem(failure -> failed(failure, assignment));
  }

  private Uni<Outcome> call(Assignment assignment, CallInput input) {
    Optional<CallStep> step = steps.find(input.bean());
    if (step.isEmpty()) {
      return Uni.createFrom().item(Outcome.Failed.of(unknown(input.bean())));
    }
    StepContext context = StepContext.of(assignment);
    return switch (step.get()) {
      case JavaStep java -> {
        Callable<Outcome> body = () -> outcome(java.run(context, input.with()));
        yield java.isShort() ? now(body) : onVirtualThread(body, assignment);
      }
      case ReactiveStep reactive -> reactive.run(context, input.with()).map(CallWork::outcome);
    };
  }

  private static Uni<Outcome> now(Callable<Outcome> body) {
    return Uni.createFrom()
        .item(
            () -> {
              try {
                return body.call();
              } catch (Exception e) {
                throw new ThrownByStep(e);
              }
            });
  }

  private static Uni<Outcome> onVirtualThread(Callable<Outcome> body, Assignment assignment) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Thread thread =
                  Thread.ofVirtual()
                      .name("call-" + assignment.step())
                      .unstarted(() -> run(body, assignment, emitter));
              emitter.onTermination(thread::interrupt);
              thread.start();
            });
  }

  // Whatever a bean throws, an Error too, is the outcome of the step and not the end of a thread.
  @SuppressWarnings("CatchThrowable")
  private static void run(
      Callable<Outcome> body, Assignment assignment, UniEmitter<? super Outcome> emitter) {
    Outcome outcome;
    try {
      outcome = body.call();
    } catch (Throwable e) {
      outcome = failed(e, assignment);
    }
    emitter.complete(outcome);
  }

  private static Outcome outcome(@Nullable Object returned) {
    Object plain = MAPPER.convertValue(returned, Object.class);
    return Yield.of(plain, Optional.empty(), LARGE_OUTPUT_ADVICE);
  }

  private static Outcome failed(Throwable thrown, Assignment assignment) {
    Throwable cause = thrown instanceof ThrownByStep wrapped ? wrapped.getCause() : thrown;
    LOGGER.log(
        System.Logger.Level.DEBUG,
        "step {0} of run {1} failed: {2}",
        assignment.step(),
        assignment.run(),
        new MaskedTrace(cause, assignment));
    if (cause instanceof StepFailedException known) {
      return Outcome.Failed.of(known.error());
    }
    String type = cause.getClass().getSimpleName();
    String message = cause.getMessage();
    return Outcome.Failed.of(
        ErrorInfo.of("exception", message == null ? type : type + ": " + message)
            .with("class", cause.getClass().getName())
            .with("message", message == null ? "" : message));
  }

  private ErrorInfo unknown(String bean) {
    String known = String.join(", ", steps.names());
    return ErrorInfo.of(
            "unknown_bean",
            "There is no Java step named \"%s\". %s"
                .formatted(
                    bean,
                    known.isEmpty()
                        ? "There is none at all: annotate a JavaStep with @Named."
                        : "Known are: " + known + "."))
        .with("known", steps.names().stream().toList());
  }

  /** Carries a checked exception through a Uni. */
  private static final class ThrownByStep extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Exception thrown;

    ThrownByStep(Exception cause) {
      super(cause);
      this.thrown = cause;
    }

    @Override
    public synchronized Exception getCause() {
      return thrown;
    }
  }
}
