package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code POST /2015-03-31/functions/NAME/invocations}, with AWS's limits and errors. */
final class InvokeApi {

  static final String BASE = "/2015-03-31/functions/";

  /** Most bytes of a payload that is waited for. */
  private static final int LARGEST_AWAITED = 6 << 20;

  /** Most bytes of an asynchronous payload. */
  private static final int LARGEST_LEFT = 1 << 20;

  private final Map<String, Fleet> functions;
  private final Map<String, UnaryOperator<@Nullable Object>> stubs = new ConcurrentHashMap<>();
  private final AsyncEvents events;
  private final Faults faults;
  private final Counts counts;

  InvokeApi(Map<String, Fleet> functions, AsyncEvents events, Faults faults, Counts counts) {
    this.functions = functions;
    this.events = events;
    this.faults = faults;
    this.counts = counts;
  }

  /** A function that needs no process. */
  void stub(String name, UnaryOperator<@Nullable Object> answers) {
    stubs.put(name, answers);
  }

  /** An error of the service. */
  private record Refusal(int status, String type, String message, String side, String reason) {
    static Refusal of(int status, String type, String message) {
      return new Refusal(status, type, message, status < 500 ? "User" : "Service", "");
    }
  }

  void handle(HttpServerRequest request, byte[] body) {
    counts.add("sdk-calls", "Invoke");
    String[] path = request.path().substring(BASE.length()).split("/", -1);
    if (path.length != 2 || !path[1].equals("invocations")) {
      refuse(request, Refusal.of(404, "UnknownOperationException", "no such operation here"));
      return;
    }
    String authorization = request.getHeader("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      refuse(
          request,
          Refusal.of(403, "MissingAuthenticationTokenException", "Missing Authentication Token"));
      return;
    }
    String asked = URLDecoder.decode(path[0], StandardCharsets.UTF_8);
    Target target = Target.of(asked, Optional.ofNullable(request.getParam("Qualifier")));
    Fleet fleet = functions.get(target.name());
    UnaryOperator<@Nullable Object> stub = stubs.get(target.name());
    if (stub != null) {
      request
          .response()
          .setStatusCode("Event".equals(request.getHeader("X-Amz-Invocation-Type")) ? 202 : 200)
          .end(Json.write(stub.apply(Json.parseOwn(new String(body, StandardCharsets.UTF_8)))));
      return;
    }
    if (fleet == null || !target.exists()) {
      refuse(
          request,
          Refusal.of(404, "ResourceNotFoundException", "Function not found: " + target.arn()));
      return;
    }
    invoke(request, fleet, target, body);
  }

  private void invoke(HttpServerRequest request, Fleet fleet, Target target, byte[] body) {
    String type =
        Optional.ofNullable(request.getHeader("X-Amz-Invocation-Type")).orElse("RequestResponse");
    boolean async = type.equals("Event");
    int most = async ? LARGEST_LEFT : LARGEST_AWAITED;
    byte[] payload = body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body;
    Optional<String> broken = broken(payload);
    if (!List.of("Event", "RequestResponse", "DryRun").contains(type)) {
      refuse(
          request,
          Refusal.of(400, "InvalidParameterValueException", "Unknown invocation type: " + type));
    } else if (payload.length > most) {
      refuse(
          request,
          Refusal.of(
              413,
              "RequestTooLargeException",
              "Request must be smaller than %d bytes for the InvokeFunction operation"
                  .formatted(most)));
    } else if (broken.isPresent()) {
      refuse(
          request,
          Refusal.of(
              400,
              "InvalidRequestContentException",
              "Could not parse request body into json: " + broken.get()));
    } else if (type.equals("DryRun")) {
      request.response().setStatusCode(204).end();
    } else {
      run(request, fleet, target, payload, async);
    }
  }

  private void run(
      HttpServerRequest request, Fleet fleet, Target target, byte[] payload, boolean async) {
    FunctionSettings settings = fleet.settings();
    Optional<Faults.Fault> fault = faults.of(Faults.Event.of(settings.name(), async, payload));
    Lineage lineage = Lineage.of(request.getHeader("X-Amzn-Trace-Id")).and(settings.arn());
    Optional<String> context =
        Optional.ofNullable(request.getHeader("X-Amz-Client-Context"))
            .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
    Request plain = Request.of(target.arn(), payload, lineage, async ? Optional.empty() : context);
    Request made =
        fault.orElse(null) instanceof Faults.Killed killed ? plain.killed(killed.after()) : plain;
    if (fault.orElse(null) instanceof Faults.Refused) {
      counts.add("refused", settings.name());
      refuse(request, throttled());
    } else if (fault.orElse(null) instanceof Faults.Broken) {
      counts.add("broken", settings.name());
      refuse(request, Refusal.of(500, "ServiceException", "Internal server error"));
    } else if (async) {
      events.accept(fleet, made, fault);
      request.response().setStatusCode(202).putHeader("X-Amzn-RequestId", made.id()).end();
    } else {
      boolean tail = "Tail".equals(request.getHeader("X-Amz-Log-Type"));
      made.result().thenAccept(result -> answer(request, made, result, tail));
      fleet.submit(made);
    }
  }

  private static Refusal throttled() {
    return new Refusal(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        "User",
        "ReservedFunctionConcurrentInvocationLimitExceeded");
  }

  private static void answer(
      HttpServerRequest request, Request made, Request.Result result, boolean tail) {
    switch (result) {
      case Request.Returned returned -> ok(request, made, returned.payload(), returned.log(), tail);
      case Request.Failed failed -> {
        request.response().putHeader("X-Amz-Function-Error", "Unhandled");
        ok(request, made, failed.payload(), failed.log(), tail);
      }
      case Request.Throttled none -> refuse(request, throttled());
      case Request.Recursive none ->
          refuse(
              request,
              Refusal.of(
                  400,
                  "RecursiveInvocationException",
                  "We detected that your function %s was invoked in a recursive loop and stopped"
                          .formatted(made.arn())
                      + " the invocation."));
    }
  }

  private static void ok(
      HttpServerRequest request, Request made, byte[] payload, String log, boolean tail) {
    HttpServerResponse response = request.response();
    if (tail) {
      response.putHeader(
          "X-Amz-Log-Result",
          Base64.getEncoder().encodeToString(log.getBytes(StandardCharsets.UTF_8)));
    }
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Amzn-RequestId", made.id())
        .putHeader("X-Amz-Executed-Version", "1")
        .putHeader("X-Amzn-Trace-Id", made.lineage().header())
        .end(Buffer.buffer(payload));
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Type", refusal.side());
    body.put("Message", refusal.message());
    body.put("message", refusal.message());
    if (!refusal.reason().isEmpty()) {
      body.put("Reason", refusal.reason());
    }
    request
        .response()
        .setStatusCode(refusal.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Amzn-RequestId", UUID.randomUUID().toString())
        .putHeader("x-amzn-ErrorType", refusal.type())
        .end(Json.write(body));
  }

  private static Optional<String> broken(byte[] payload) {
    try {
      Json.parse(new String(payload, StandardCharsets.UTF_8));
      return Optional.empty();
    } catch (Json.JsonException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whom a call means: a name, a partial or a whole ARN, each with a qualifier or without.
   *
   * @param qualifier empty for {@code $LATEST}
   */
  private record Target(String name, String qualifier) {

    static Target of(String asked, Optional<String> qualifier) {
      List<String> parts = Arrays.asList(asked.split(":", -1));
      int function = parts.lastIndexOf("function");
      List<String> own = parts.subList(function + 1, parts.size());
      return new Target(own.getFirst(), qualifier.orElse(own.size() > 1 ? own.get(1) : ""));
    }

    /** The host has one version of each function, and the alias that everybody uses. */
    boolean exists() {
      return List.of("", "$LATEST", "1", LambdaHost.ALIAS).contains(qualifier);
    }

    String arn() {
      return "arn:aws:lambda:%s:%s:function:%s%s"
          .formatted(
              LambdaHost.REGION,
              LambdaHost.ACCOUNT,
              name,
              qualifier.isEmpty() ? "" : ":" + qualifier);
    }
  }
}
