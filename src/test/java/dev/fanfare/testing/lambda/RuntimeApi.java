package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Lambda's runtime API, version 2018-06-01, for one environment. */
final class RuntimeApi {

  private static final String BASE = "/2018-06-01/runtime/";

  /** Most bytes of an answer. */
  private static final int LARGEST_ANSWER = 6 << 20;

  private final Fleet fleet;
  private final Promise<Environment> environment = Promise.promise();

  RuntimeApi(Fleet fleet) {
    this.fleet = fleet;
  }

  /** The process is there; it may have asked before. */
  void serve(Environment started) {
    environment.complete(started);
  }

  void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body ->
                environment.future().onSuccess(known -> route(request, known, body.getBytes())));
  }

  private void route(HttpServerRequest request, Environment known, byte[] body) {
    String path = request.path();
    if (!path.startsWith(BASE)) {
      answer(request, 404, Map.of());
      return;
    }
    String[] parts = path.substring(BASE.length()).split("/", -1);
    boolean post = request.method() == HttpMethod.POST;
    String last = parts[parts.length - 1];
    if (!post && path.equals(BASE + "invocation/next")) {
      fleet.next(known, request.response());
    } else if (!post && path.equals(BASE + "restore/next")) {
      fleet.restores().ask(() -> answer(request, 200, Map.of()));
    } else if (post && parts.length == 3 && last.equals("response")) {
      boolean fits = body.length <= LARGEST_ANSWER;
      Request.Result result =
          fits ? new Request.Returned(body, known.logTail()) : tooLarge(known, body.length);
      ended(request, known, parts[1], result, fits ? 202 : 413);
    } else if (post && parts.length == 3 && last.equals("error")) {
      ended(request, known, parts[1], new Request.Failed(body, known.logTail()), 202);
    } else if (post && last.equals("error")) { // of init or restore
      known.initError = Optional.of(body);
      answer(request, 202, Map.of("status", "OK"));
    } else {
      answer(request, 404, Map.of());
    }
  }

  private void ended(
      HttpServerRequest request, Environment known, String id, Request.Result result, int status) {
    // Answered first: the process asks for more on the same connection.
    if (!fleet.works(known, id)) {
      answer(
          request,
          400,
          Map.of("errorType", "InvalidRequestID", "errorMessage", "Invalid request ID"));
      return;
    }
    answer(request, status, Map.of("status", "OK"));
    fleet.ended(known, id, result);
  }

  private static Request.Failed tooLarge(Environment known, int length) {
    String error =
        Json.write(
            Map.of(
                "errorType",
                "Function.ResponseSizeTooLarge",
                "errorMessage",
                "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes)."
                    .formatted(length, LARGEST_ANSWER)));
    return new Request.Failed(error.getBytes(StandardCharsets.UTF_8), known.logTail());
  }

  private static void answer(HttpServerRequest request, int status, Map<String, ?> body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Json.write(body));
  }
}
