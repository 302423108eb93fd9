package dev.fanfare.work.lambda;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Masker;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.LambdaInput;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.Worker;
import dev.fanfare.work.Yield;
import dev.fanfare.work.log.LogStream;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls a Lambda function. */
public final class LambdaWork implements Worker<LambdaInput> {

  /** The service's limits on a payload, in bytes. */
  private static final int LIMIT_AWAITED = 6 << 20;

  private static final int LIMIT_LEFT = 1 << 20;

  /** The service's limit on a client context, in characters of its base64. */
  private static final int LIMIT_CONTEXT = 3_583;

  /** Bytes of its log that the service gives at most. */
  private static final int LOG_TAIL = 4 << 10;

  private static final String LARGE_OUTPUT_ADVICE =
      "Let the function store it and return where it is.";

  private final LambdaService service;

  public LambdaWork(LambdaService service) {
    this.service = service;
  }

  @Override
  public Uni<Outcome> work(Assignment assignment, LambdaInput input) {
    byte[] payload = Json.write(input.payload()).getBytes(StandardCharsets.UTF_8);
    int limit = input.await() ? LIMIT_AWAITED : LIMIT_LEFT;
    if (payload.length > limit) {
      return Uni.createFrom().item(Outcome.Failed.of(tooLarge(input, payload.length, limit)));
    }
    String context = context(assignment, true);
    if (context.length() > LIMIT_CONTEXT) {
      context = context(assignment, false);
    }
    if (context.length() > LIMIT_CONTEXT) {
      return Uni.createFrom()
          .item(
              Outcome.Failed.of(
                  ErrorInfo.of(
                      "lambda_rejected",
                      "The idempotency key is too long to be handed to a function: it and the"
                          + " step's name have room for about 2,500 characters.")));
    }
    LambdaService.Call call =
        new LambdaService.Call(input.function(), payload, context, input.await());
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Thread thread =
                  Thread.ofVirtual()
                      .name("lambda-" + assignment.step())
                      .unstarted(() -> run(assignment, call, emitter));
              emitter.onTermination(thread::interrupt);
              thread.start();
            });
  }

  // Whatever the SDK throws is the outcome of the step and not the end of a thread.
  @SuppressWarnings("CatchThrowable")
  private void run(
      Assignment assignment, LambdaService.Call call, UniEmitter<? super Outcome> emitter) {
    Outcome outcome;
    try {
      LambdaService.Answer answer = service.invoke(call);
      tell(assignment, answer.logTail());
      outcome = call.await() ? outcome(call.function(), answer) : Outcome.Succeeded.of(null);
    } catch (Throwable e) {
      outcome = Outcome.Failed.of(LambdaErrors.of(call.function(), e, assignment.log().masker()));
    }
    emitter.complete(outcome);
  }

  /**
   * What the function's context object shows: who calls, and whether it has called before.
   *
   * @param traced whether the trace is in it, which a long key may leave no room for
   */
  private static String context(Assignment assignment, boolean traced) {
    Map<String, String> custom = new LinkedHashMap<>();
    custom.put("run", assignment.run().toString());
    custom.put("step", assignment.step());
    custom.put("attempt", String.valueOf(assignment.attempt()));
    custom.put("idempotencyKey", assignment.idempotencyKey());
    if (traced) {
      custom.put(TraceContext.PARENT, assignment.trace().parent());
      if (!assignment.trace().state().isEmpty()) {
        custom.put(TraceContext.STATE, assignment.trace().state());
      }
    }
    return Base64.getEncoder()
        .encodeToString(Json.write(Map.of("custom", custom)).getBytes(StandardCharsets.UTF_8));
  }

  /** The end of the function's log becomes the log of the step. */
  private static void tell(Assignment assignment, String logTail) {
    if (!logTail.isEmpty()) {
      byte[] tail = Base64.getDecoder().decode(logTail);
      // A full tail begins somewhere in a line, and perhaps in a secret.
      boolean cut = tail.length >= LOG_TAIL && assignment.log().masker() != Masker.NONE;
      new String(tail, StandardCharsets.UTF_8)
          .lines()
          .skip(cut ? 1 : 0)
          .forEach(line -> assignment.log().line(LogStream.OUT, line));
    }
  }

  private static Outcome outcome(String function, LambdaService.Answer answer) {
    Object returned = json(answer.payload());
    return answer.functionError().isPresent()
        ? new Outcome.Failed(failed(function, returned), Yield.orNothing(returned))
        : Yield.of(returned, Optional.empty(), LARGE_OUTPUT_ADVICE);
  }

  /** What a function returns is JSON, whatever its runtime; a proxy of one may answer with text. */
  private static @Nullable Object json(byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    if (text.isBlank()) {
      return null;
    }
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return text;
    }
  }

  private static ErrorInfo failed(String function, @Nullable Object thrown) {
    String message = "the function '" + function + "' failed";
    ErrorInfo error = ErrorInfo.of("lambda_failed", message);
    if (thrown instanceof Map<?, ?> map) {
      String type = String.valueOf(map.get("errorType"));
      String said = String.valueOf(map.get("errorMessage"));
      error =
          ErrorInfo.of(
                  "lambda_failed",
                  message
                      + (map.get("errorType") == null ? "" : " with " + type)
                      + (map.get("errorMessage") == null ? "" : ": " + said))
              .with("errorType", map.get("errorType") == null ? "" : type)
              .with("errorMessage", map.get("errorMessage") == null ? "" : said);
    }
    return error.with("function", function);
  }

  private static ErrorInfo tooLarge(LambdaInput input, int bytes, int limit) {
    return ErrorInfo.of(
            "lambda_payload_too_large",
            ("The payload for '%s' has %d bytes; Lambda takes %d (%d MiB) where the step %s. Hand"
                    + " over where the data is, and not the data.")
                .formatted(
                    input.function(),
                    bytes,
                    limit,
                    limit >> 20,
                    input.await() ? "waits for the answer" : "does not wait for the answer"))
        .with("function", input.function())
        .with("bytes", (long) bytes)
        .with("limit", (long) limit);
  }
}
