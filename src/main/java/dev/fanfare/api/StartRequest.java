package dev.fanfare.api;

import dev.fanfare.conductor.Graphs;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request to start a run.
 *
 * @param workflow name of a registered workflow; exactly one of it and {@code file} is there
 * @param patience how long the answer may wait for the end of the run
 */
record StartRequest(
    Optional<String> workflow,
    Optional<Graphs.File> file,
    Map<String, Object> params,
    Map<String, Object> event,
    Map<String, Object> context,
    Duration patience) {

  private static final Set<String> FIELDS =
      Set.of("workflow", "file", "params", "event", "branch", "tag", "maxParallel", "wait");
  private static final Set<String> FILE_FIELDS = Set.of("name", "text", "dialect");
  private static final Set<String> QUERY = Set.of("name", "dialect", "branch", "tag", "wait");

  /** What names of fields and query parameters begin with that are parameters of the workflow. */
  static final String PARAM = "param.";

  /** A JSON object. */
  static StartRequest json(byte[] body, Duration usual) {
    Map<String, Object> request = Bodies.object(body, FIELDS);
    Optional<String> workflow = Bodies.name(Bodies.text(request, "workflow"), "workflow");
    Optional<Graphs.File> file =
        Bodies.object(request, "file", FILE_FIELDS).map(StartRequest::file);
    if (workflow.isPresent() == file.isPresent()) {
      throw ApiException.badRequest(
          "name either a registered 'workflow' or a 'file' with its 'text'");
    }
    Map<String, Object> context = overHttp();
    for (String key : List.of("branch", "tag")) {
      Bodies.name(Bodies.text(request, key), key).ifPresent(text -> context.put(key, text));
    }
    Object limit = request.get("maxParallel");
    if (limit != null) {
      if (!(limit instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
        throw ApiException.badRequest("'maxParallel' must be a whole number, 0 for no limit");
      }
      context.put("maxParallel", limit);
    }
    Object wait = request.get("wait");
    return new StartRequest(
        workflow,
        file,
        Bodies.object(request, "params"),
        Bodies.object(request, "event"),
        context,
        wait == null ? usual : Queries.patience(wait.toString()));
  }

  /** A workflow file, everything else in the query: {@code ?param.NAME=VALUE&branch=..}. */
  static StartRequest file(byte[] body, MultivaluedMap<String, String> query) {
    Map<String, Object> params = new LinkedHashMap<>();
    Map<String, Object> context = overHttp();
    for (String key : query.keySet()) {
      if (key.startsWith(PARAM)) {
        params.put(key.substring(PARAM.length()), query.getFirst(key));
      } else if (!QUERY.contains(key)) {
        throw ApiException.badRequest(
            "there is no query parameter '"
                + key
                + "'; parameters of the workflow are given as param.NAME=VALUE");
      }
    }
    for (String key : List.of("branch", "tag")) {
      Bodies.name(Optional.ofNullable(query.getFirst(key)), key)
          .ifPresent(text -> context.put(key, text));
    }
    return new StartRequest(
        Optional.empty(),
        Optional.of(yaml(body, query)),
        params,
        Map.of(),
        context,
        Queries.patience(query.getFirst("wait")));
  }

  /** A body that is a workflow file, named by the query. */
  static Graphs.File yaml(byte[] body, MultivaluedMap<String, String> query) {
    return new Graphs.File(
        body,
        Bodies.name(Optional.ofNullable(query.getFirst("name")), "name").orElse("fanfare.yaml"),
        Bodies.name(Optional.ofNullable(query.getFirst("dialect")), "dialect"));
  }

  private static Graphs.File file(Map<String, Object> file) {
    return new Graphs.File(
        Bodies.text(file, "text")
            .orElseThrow(() -> ApiException.badRequest("'file' needs a 'text'"))
            .getBytes(StandardCharsets.UTF_8),
        Bodies.name(Bodies.text(file, "name"), "name").orElse("fanfare.yaml"),
        Bodies.name(Bodies.text(file, "dialect"), "dialect"));
  }

  /** What a run that came over HTTP knows of that. */
  static Map<String, Object> overHttp() {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", "http");
    return context;
  }
}
