package dev.fanfare.api;

import dev.fanfare.work.TraceContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** The caller's trace. */
final class TraceHeaders {

  private TraceHeaders() {}

  /** Several {@code traceparent}s are none; several {@code tracestate}s are one list. */
  static Optional<TraceContext> of(HttpHeaders headers) {
    return TraceContext.of(
        joined(headers, TraceContext.PARENT), joined(headers, TraceContext.STATE));
  }

  private static String joined(HttpHeaders headers, String name) {
    List<String> values = headers.getRequestHeader(name);
    return values == null ? "" : String.join(",", values);
  }
}
