package dev.fanfare.function.http;

import dev.fanfare.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The answer to an event of payload format 2.0.
 *
 * @param headers one value each; several of a name are one, with commas
 * @param cookies values of {@code Set-Cookie}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record HttpReply(
    int status, Map<String, String> headers, List<String> cookies, byte[] body) {

  /** What Lambda takes back from a function is 6 MB in all. */
  static final int LARGEST = 6 * 1024 * 1024;

  /** Room for status, headers and the frame around them. */
  private static final int FRAME = 64 * 1024;

  private static final int TOO_LARGE = 413;
  private static final int ESCAPE = 6;

  /** They belong to a connection; the length is the gateway's. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "set-cookie");

  public HttpReply {
    headers = Map.copyOf(headers);
    cookies = List.copyOf(cookies);
  }

  /** An answer with the headers of a response, in their order. */
  static HttpReply of(int status, Iterable<Map.Entry<String, String>> all, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    for (Map.Entry<String, String> header : all) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("set-cookie")) {
        cookies.add(header.getValue());
      } else if (!OWN.contains(name)) {
        headers.merge(name, header.getValue(), (before, after) -> before + "," + after);
      }
    }
    return new HttpReply(status, headers, cookies, body);
  }

  /** A problem (RFC 9457) that the API never got to see. */
  public static HttpReply problem(int status, String title, String detail) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "/problems/" + status);
    problem.put("title", title);
    problem.put("status", (long) status);
    problem.put("detail", detail);
    problem.put("errors", List.of());
    return new HttpReply(
        status,
        Map.of("content-type", "application/problem+json"),
        List.of(),
        Json.write(problem).getBytes(StandardCharsets.UTF_8));
  }

  /** The answer of an API that has more to say than Lambda takes. */
  static HttpReply tooLarge() {
    return problem(
        TOO_LARGE,
        "Content Too Large",
        "the answer is larger than the 6 MB that AWS Lambda hands on; ask for less of it at a time,"
            + " with limit and after, tail, or step by step");
  }

  /** As the sender of the event takes it: text as it is, anything else as base64. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("statusCode", status);
    json.put("headers", headers);
    if (!cookies.isEmpty()) {
      json.put("cookies", cookies);
    }
    String text = text();
    boolean binary = text.isEmpty() && body.length > 0;
    if (FRAME + (binary ? (body.length + 2L) / 3 * 4 : written(text)) > LARGEST) {
      return tooLarge().json();
    }
    json.put("body", binary ? Base64.getEncoder().encodeToString(body) : text);
    json.put("isBase64Encoded", binary);
    return json;
  }

  /** The body as text; empty where it is none. */
  private String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  /** How many bytes a text has as JSON, at most. */
  private static long written(String text) {
    long bytes = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        bytes += ESCAPE;
      } else if (c == '"' || c == '\\') {
        bytes += 2;
      } else if (c < 0x80) {
        bytes++;
      } else {
        bytes += c < 0x800 ? 2 : 3;
      }
    }
    return bytes;
  }
}
