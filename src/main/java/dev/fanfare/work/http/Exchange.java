package dev.fanfare.work.http;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.json.Json;
import dev.fanfare.work.DataOutputs;
import dev.fanfare.work.Input.HttpInput;
import dev.fanfare.work.Yield;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From a response to an outcome. */
final class Exchange {

  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([A-Za-z0-9._:-]+)", Pattern.CASE_INSENSITIVE);
  private static final String LARGE_OUTPUT_ADVICE =
      "Ask the server for less, or fetch it with a shell step into a file of the workspace.";

  private Exchange() {}

  static Outcome outcome(HttpResponse<byte[]> response, String method, URI uri, HttpInput input) {
    List<Integer> expect = input.expect();
    Object body = body(response);
    boolean expected = isExpected(response.statusCode(), expect);
    if (expected && DataOutputs.in(input.outputs())) {
      return Yield.of(DataOutputs.of(input.outputs(), body), Optional.empty(), LARGE_OUTPUT_ADVICE);
    }
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("status", (long) response.statusCode());
    output.put("headers", headers(response.headers()));
    output.put("body", body);
    if (expected) {
      return Yield.of(output, Optional.empty(), LARGE_OUTPUT_ADVICE);
    }
    String wanted = expect.isEmpty() ? "2xx" : expect.toString();
    ErrorInfo error =
        ErrorInfo.of(
                "http_status",
                "%s %s answered %d, expected was %s."
                    .formatted(method, uri, response.statusCode(), wanted))
            .with("status", (long) response.statusCode());
    return new Outcome.Failed(error, Yield.orNothing(output));
  }

  static boolean isExpected(int status, List<Integer> expect) {
    return expect.isEmpty() ? status >= 200 && status < 300 : expect.contains(status);
  }

  /** Names in lower case, several values of one name joined by a comma. */
  private static Map<String, Object> headers(HttpHeaders headers) {
    Map<String, Object> joined = new LinkedHashMap<>();
    headers
        .map()
        .forEach(
            (name, values) -> joined.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return joined;
  }

  /** Parsed when the server says JSON and it is; otherwise text, null when there is none. */
  private static @Nullable Object body(HttpResponse<byte[]> response) {
    if (response.body().length == 0) {
      return null;
    }
    String type = response.headers().firstValue("content-type").orElse("");
    String text = new String(response.body(), charset(type));
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/json") && !media.endsWith("+json")) {
      return text;
    }
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return text;
    }
  }

  private static Charset charset(String type) {
    Matcher matcher = CHARSET.matcher(type);
    try {
      return matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
