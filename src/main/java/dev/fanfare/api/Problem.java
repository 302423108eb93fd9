package dev.fanfare.api;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.json.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is wrong with a request, as RFC 9457 has it. */
@Schema(description = "Why a request was refused (RFC 9457).")
public record Problem(
    @Schema(description = "Kind of the problem, relative to this API.", examples = "/problems/404")
        String type,
    @Schema(description = "The kind in words.", examples = "Not Found") String title,
    @Schema(description = "The HTTP status again.", examples = "404") int status,
    @Schema(description = "What is wrong and what to do about it.") String detail,
    @Schema(description = "Each finding about a workflow file or its parameters.")
        List<Finding> errors) {

  static final int UNPROCESSABLE = 422;
  static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

  /** One finding, at a place in the workflow file; line 0 where it has none. */
  @Schema(description = "A finding about a workflow file or a parameter.")
  public record Finding(
      @Schema(
              description = "error, warning or info.",
              enumeration = {"error", "warning", "info"})
          String severity,
      @Schema(description = "Stable name of the kind of finding.", examples = "unknown-key")
          String code,
      String message,
      int line,
      int column,
      String hint) {

    static Finding of(Diagnostic diagnostic) {
      return new Finding(
          diagnostic.severity().name().toLowerCase(java.util.Locale.ROOT),
          diagnostic.code(),
          diagnostic.message(),
          diagnostic.span().line(),
          diagnostic.span().column(),
          diagnostic.hint());
    }

    static List<Finding> all(List<Diagnostic> diagnostics) {
      return diagnostics.stream().map(Finding::of).toList();
    }
  }

  static Problem of(int status, String detail) {
    return of(status, detail, List.of());
  }

  static Problem of(int status, String detail, List<Finding> errors) {
    return new Problem("/problems/" + status, title(status), status, detail, errors);
  }

  private static String title(int status) {
    Response.Status known = Response.Status.fromStatusCode(status);
    if (known != null) {
      return known.getReasonPhrase();
    }
    return status == UNPROCESSABLE ? "Unprocessable Content" : "Problem";
  }

  /** What no resource answers is written by hand. */
  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", type);
    json.put("title", title);
    json.put("status", (long) status);
    json.put("detail", detail);
    json.put("errors", List.of());
    return Json.write(json);
  }

  Response toResponse() {
    return Response.status(status).type(MEDIA_TYPE).entity(this).build();
  }
}
