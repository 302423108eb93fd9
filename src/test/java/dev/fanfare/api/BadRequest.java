package dev.fanfare.api;

import java.util.List;
import java.util.Map;

/**
 * A start that must be refused.
 *
 * @param detail a part of the sentence that tells why
 */
record BadRequest(
    String contentType,
    Map<String, String> headers,
    String query,
    String body,
    int status,
    String detail) {

  private static final String WORKFLOW = "name: w\\nsteps:\\n  a: { pass: {} }\\n";
  private static final String WITH_PARAM =
      "name: w\\nparams: { n: { type: integer, required: true } }\\nsteps:\\n  a: { pass: {} }\\n";

  static final List<BadRequest> STARTS =
      List.of(
          json("{", 400, "not JSON"),
          json("[]", 400, "must be a JSON object"),
          json("null", 400, "must be a JSON object"),
          json("", 400, "either a registered"),
          json("{}", 400, "either a registered"),
          json("{\"workflo\": \"x\"}", 400, "no field 'workflo'"),
          json("{\"workflow\": 1}", 400, "must be a text"),
          json("{\"workflow\": \"none\"}", 404, "no registered workflow 'none'"),
          json("{\"workflow\": \"a\\u0000b\"}", 400, "control characters"),
          json("{\"workflow\": \"w\", \"file\": {\"text\": \"x\"}}", 400, "either a registered"),
          json("{\"file\": {}}", 400, "needs a 'text'"),
          json("{\"file\": \"x\"}", 400, "must be a JSON object"),
          json("{\"file\": {\"text\": \"x\", \"nam\": \"y\"}}", 400, "no field 'nam'"),
          json("{\"file\": {\"text\": \"\"}}", 422, "nothing was stored"),
          json("{\"file\": {\"text\": \"a: [\"}}", 422, "nothing was stored"),
          json("{\"file\": {\"text\": \"name: w\"}}", 422, "nothing was stored"),
          json(of(WORKFLOW, "\"dialect\": \"cobol\"", ""), 422, "no dialect 'cobol'"),
          json(of(WORKFLOW, "\"name\": \"\\u0000\"", ""), 400, "control characters"),
          json(of(WORKFLOW, "", "\"params\": {\"x\": 1}"), 422, "no parameter 'x'"),
          json(of(WITH_PARAM, "", ""), 422, "is required"),
          json(of(WITH_PARAM, "", "\"params\": {\"n\": \"many\"}"), 422, "integer"),
          json(of(WORKFLOW, "", "\"params\": []"), 400, "must be a JSON object"),
          json(of(WORKFLOW, "", "\"event\": 7"), 400, "must be a JSON object"),
          json(of(WORKFLOW, "", "\"branch\": 7"), 400, "must be a text"),
          json(of(WORKFLOW, "", "\"maxParallel\": -1"), 400, "whole number"),
          json(of(WORKFLOW, "", "\"wait\": \"soon\""), 400, "duration"),
          json(of(WORKFLOW, "", "\"wait\": 61"), 400, "at most 60s"),
          json("[".repeat(5_000), 400, "not JSON"),
          yaml("?wait=1h", "x: y", 400, "at most 60s"),
          yaml("?colour=red", "x: y", 400, "no query parameter 'colour'"),
          yaml("?param.x=1", WORKFLOW.replace("\\n", "\n"), 422, "no parameter 'x'"),
          yaml("", "\u0000\u0001", 422, "nothing was stored"),
          yaml("", "x".repeat((1 << 20) + 1), 413, "larger than 1 MiB"),
          new BadRequest(
              "text/yaml",
              Map.of("Idempotency-Key", "k".repeat(256)),
              "",
              "x: y",
              400,
              "Idempotency"),
          new BadRequest("application/xml", Map.of(), "", "<x/>", 415, "Content-Type"),
          new BadRequest("text/plain", Map.of(), "", "name: w", 415, "Content-Type"));

  private static BadRequest json(String body, int status, String detail) {
    return new BadRequest("application/json", Map.of(), "", body, status, detail);
  }

  private static BadRequest yaml(String query, String body, int status, String detail) {
    return new BadRequest("text/yaml", Map.of(), query, body, status, detail);
  }

  private static String of(String text, String more, String around) {
    return "{\"file\": {\"text\": \""
        + text
        + "\""
        + (more.isEmpty() ? "" : ", " + more)
        + "}"
        + (around.isEmpty() ? "" : ", " + around)
        + "}";
  }
}
