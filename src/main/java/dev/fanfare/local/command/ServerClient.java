package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The HTTP API of a server, as the command line uses it. */
final class ServerClient {

  /** Where runs live below the server's address. */
  static final String RUNS = "/api/runs";

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final int UNAUTHORIZED = 401;
  private static final int FIRST_ERROR = 400;
  private static final int FIRST_SERVER_ERROR = 500;

  private final URI server;
  private final Optional<String> token;
  private final HttpClient http;

  private ServerClient(URI server, Optional<String> token) {
    this.server = server;
    this.token = token;
    this.http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
  }

  /**
   * @param token that is sent with each request
   * @throws CommandException when there is no such address, or the token cannot be one
   */
  static ServerClient at(String url, Optional<String> token) throws CommandException {
    if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
      throw CommandException.usage("the token has characters that no token has; copy it again");
    }
    try {
      URI uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return new ServerClient(uri, token);
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("the server's address " + url + " is not a URL");
    }
    throw CommandException.usage(
        "the server's address " + url + " is not of the form http://host:port");
  }

  @Nullable Object get(String path) throws CommandException, InterruptedException {
    return json(send(request(path).GET().build()));
  }

  /** Hands over a text line by line, as it comes. */
  void lines(String path, Consumer<String> line) throws CommandException, InterruptedException {
    HttpRequest request =
        request(path)
            // A problem is wanted as JSON.
            .header("Accept", "text/plain, application/problem+json;q=0.5")
            .GET()
            .build();
    HttpResponse<Stream<String>> response = exchange(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() >= FIRST_ERROR) {
        throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
      lines.forEach(line);
    } catch (UncheckedIOException e) {
      throw CommandException.failed("the server at " + server + " broke off: " + e.getMessage());
    }
  }

  @Nullable Object post(String path, Map<String, ?> body)
      throws CommandException, InterruptedException {
    return json(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body)))
                .build()));
  }

  /** One segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path)).timeout(ANSWER_LIMIT);
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private String send(HttpRequest request) throws CommandException, InterruptedException {
    HttpResponse<String> response =
        exchange(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() < FIRST_ERROR) {
      return response.body();
    }
    throw refused(response.statusCode(), response.body());
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws CommandException, InterruptedException {
    try {
      return http.send(request, handler);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw CommandException.usage(
          "no Fanfare server answers at "
              + server
              + "; start one with 'scripts/fanfare serve', or name another with --server URL");
    } catch (IOException e) {
      throw CommandException.failed("the server at " + server + " does not answer: " + e);
    }
  }

  private static CommandException refused(int status, String body) {
    String said = problem(body).orElse("the server answered with status " + status);
    String sentence =
        status == UNAUTHORIZED
            ? said + "; give it with FANFARE_TOKEN or --token, or see whether it has expired"
            : said;
    return status < FIRST_SERVER_ERROR
        ? CommandException.usage(sentence)
        : CommandException.failed(sentence);
  }

  private @Nullable Object json(String body) throws CommandException {
    if (body.isBlank()) {
      return null;
    }
    try {
      return Json.parse(body);
    } catch (Json.JsonException e) {
      throw CommandException.failed(
          "the server at " + server + " did not answer with JSON; is it a Fanfare server?");
    }
  }

  /** The sentence of a problem+json body. */
  private static Optional<String> problem(String body) {
    try {
      if (Json.parse(body) instanceof Map<?, ?> problem) {
        Object detail =
            problem.containsKey("detail") ? problem.get("detail") : problem.get("title");
        return Optional.ofNullable(detail).map(String::valueOf);
      }
      return Optional.empty();
    } catch (Json.JsonException e) {
      return Optional.empty();
    }
  }
}
