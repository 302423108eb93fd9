package dev.fanfare.api;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request to start a run as a form: what a shell can send without making JSON, since curl encodes
 * fields and whole files itself.
 */
final class StartForm {

  private static final Set<String> FIELDS =
      Set.of(
          "workflow", "file", "name", "dialect", "event", "branch", "tag", "maxParallel", "wait");

  /** What the decoder puts in the place of bytes that are not UTF-8, and its own encoding. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final String ENCODED = "%EF%BF%BD";

  private StartForm() {}

  static StartRequest read(byte[] body) {
    Map<String, String> fields = fields(new String(body, StandardCharsets.UTF_8));
    Map<String, Object> params = new LinkedHashMap<>();
    fields.forEach(
        (key, value) -> {
          if (key.startsWith(StartRequest.PARAM)) {
            params.put(key.substring(StartRequest.PARAM.length()), value);
          }
        });
    Optional<String> workflow = Bodies.name(field(fields, "workflow"), "workflow");
    Optional<Graphs.File> file = field(fields, "file").map(text -> file(text, fields));
    if (workflow.isPresent() == file.isPresent()) {
      throw ApiException.badRequest("give either a registered 'workflow' or the text of a 'file'");
    }
    return new StartRequest(
        workflow,
        file,
        params,
        field(fields, "event").map(StartForm::event).orElse(Map.of()),
        context(fields),
        Queries.patience(fields.get("wait")));
  }

  private static Map<String, Object> context(Map<String, String> fields) {
    Map<String, Object> context = StartRequest.overHttp();
    for (String key : List.of("branch", "tag")) {
      Bodies.name(field(fields, key), key).ifPresent(text -> context.put(key, text));
    }
    field(fields, "maxParallel")
        .map(text -> Queries.number("maxParallel", text, 0, 0, Integer.MAX_VALUE))
        .ifPresent(limit -> context.put("maxParallel", limit));
    return context;
  }

  private static Graphs.File file(String text, Map<String, String> fields) {
    return new Graphs.File(
        text.getBytes(StandardCharsets.UTF_8),
        Bodies.name(field(fields, "name"), "name").orElse("fanfare.yaml"),
        Bodies.name(field(fields, "dialect"), "dialect"));
  }

  private static Map<String, Object> event(String json) {
    try {
      return Json.parse(json) instanceof Map<?, ?> event
          ? Bodies.object(Map.of("event", event), "event")
          : Bodies.object(Map.of("event", json), "event");
    } catch (Json.JsonException e) {
      throw ApiException.badRequest("'event' is not JSON: " + e.getMessage());
    }
  }

  private static Optional<String> field(Map<String, String> fields, String key) {
    return Optional.ofNullable(fields.get(key));
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String name = decoded(pair.substring(0, equals));
        if (!FIELDS.contains(name) && !name.startsWith(StartRequest.PARAM)) {
          throw ApiException.badRequest(
              "the form has no field '"
                  + name
                  + "'; it has "
                  + String.join(", ", new TreeSet<>(FIELDS))
                  + " and param.NAME");
        }
        if (fields.put(name, decoded(pair.substring(equals + 1))) != null) {
          throw ApiException.badRequest("the form has the field '" + name + "' twice");
        }
      } else if (!pair.isBlank()) {
        throw ApiException.badRequest("the body is no form: '=' is missing");
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      if (decoded.indexOf(REPLACEMENT) >= 0 && !text.toUpperCase(Locale.ROOT).contains(ENCODED)) {
        throw ApiException.badRequest("a field of the form is not UTF-8");
      }
      return decoded;
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("the body is no form: " + e.getMessage());
    }
  }
}
