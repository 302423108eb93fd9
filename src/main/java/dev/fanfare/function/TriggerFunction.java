package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.function.http.HttpEvent;
import dev.fanfare.function.http.HttpTrigger;
import dev.fanfare.json.Json;
import dev.fanfare.work.TraceContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The trigger function: a direct invocation starts a run, an HTTP event is answered by the API.
 *
 * <p>HTTP event: payload format 2.0, and its answer as a function URL or an HTTP API takes it.
 *
 * <p>Any other event: {@code {workflow}} for a registered one or {@code {file: {name, text,
 * dialect}}}, and {@code params, event, branch, tag, source, idempotencyKey, traceparent,
 * tracestate}; {@code source} is the folder of the file, where every step function sees it. Answer:
 * {@code {run, created}}, with {@code rejected}, a sentence, where the run found no slot of its
 * concurrency key; or {@code {diagnostics}} when nothing was stored.
 */
@Named("trigger")
public class TriggerFunction implements RequestHandler<Map<String, Object>, Map<String, Object>> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EngineRoom room;
  private final Supplier<HttpTrigger> http;

  @Inject
  TriggerFunction(EngineRoom room, Instance<HttpTrigger> http) {
    this(room, http::get);
  }

  /**
   * @param http made for the first HTTP event
   */
  TriggerFunction(EngineRoom room, Supplier<HttpTrigger> http) {
    this.room = room;
    this.http = http;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> raw, @Nullable Context context) {
    Map<String, Object> request = Payloads.object(Json.plain(raw));
    return room.scope()
        .run(
            context,
            0,
            trace(request).map(TraceContext::parent),
            () -> HttpEvent.isHttp(request) ? http.get().answer(request, context) : start(request));
  }

  /** Of an HTTP event it is among the headers; the API reads it there once more. */
  private static Optional<TraceContext> trace(Map<String, Object> request) {
    Map<String, Object> from =
        HttpEvent.isHttp(request) ? Payloads.object(request.get("headers")) : request;
    return TraceContext.in(from);
  }

  private Map<String, Object> start(Map<String, Object> request) {
    Optional<Graphs.File> file = file(request);
    if (file.isEmpty()) {
      return refused(
          List.of(
              Map.of(
                  "message",
                  "name a registered workflow with 'workflow', or give a 'file' with 'name' and"
                      + " 'text'")));
    }
    Map<String, Object> runContext = new LinkedHashMap<>();
    runContext.put("trigger", "invoke");
    Payloads.text(request, "branch").ifPresent(branch -> runContext.put("branch", branch));
    Payloads.text(request, "tag").ifPresent(tag -> runContext.put("tag", tag));
    Payloads.text(request, "source").ifPresent(folder -> runContext.put("source", folder));
    trace(request).ifPresent(trace -> trace.into(runContext));
    UUID id = RunIds.next();
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    id,
                    file.get(),
                    Payloads.object(request.get("params")),
                    Payloads.object(request.get("event")),
                    runContext,
                    Payloads.text(request, "idempotencyKey")))
            .await()
            .atMost(PATIENCE);
    return switch (result) {
      case TriggerService.Started started -> started(started);
      case TriggerService.Refused refused ->
          refused(refused.diagnostics().stream().map(TriggerFunction::json).toList());
    };
  }

  private Optional<Graphs.File> file(Map<String, Object> request) {
    Optional<String> name = Payloads.text(request, "workflow");
    if (name.isPresent()) {
      return room.graphs().newest(name.get()).await().atMost(PATIENCE).map(Registrations::file);
    }
    Map<String, Object> file = Payloads.object(request.get("file"));
    return Payloads.text(file, "text")
        .map(
            text ->
                new Graphs.File(
                    text.getBytes(StandardCharsets.UTF_8),
                    Payloads.text(file, "name").orElse("fanfare.yaml"),
                    Payloads.text(file, "dialect")));
  }

  private Map<String, Object> started(TriggerService.Started started) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("run", started.run().toString());
    answer.put("created", started.created());
    room.trigger()
        .rejection(started)
        .await()
        .atMost(PATIENCE)
        .ifPresent(why -> answer.put("rejected", why));
    return answer;
  }

  private static Map<String, Object> refused(List<Map<String, Object>> diagnostics) {
    return Map.of("diagnostics", diagnostics);
  }

  private static Map<String, Object> json(Diagnostic diagnostic) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", diagnostic.code());
    json.put("message", diagnostic.message());
    json.put("line", diagnostic.span().line());
    json.put("column", diagnostic.span().column());
    json.put("hint", diagnostic.hint());
    return json;
  }
}
