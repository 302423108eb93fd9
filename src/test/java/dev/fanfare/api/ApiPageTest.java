package dev.fanfare.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * Runs the examples of {@code docs/api.md} in their order. What follows an example is a part of its
 * answer.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class ApiPageTest {

  private static final String SERVER = "http://127.0.0.1:8080/";
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\\n(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TestHTTPResource("/")
  URI server;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String file = "";
  private String run = "";
  private String answer = "";

  @Test
  void the_examples_of_the_manual_do_what_it_says() throws Exception {
    int examples = 0;
    String page = Files.readString(Path.of("docs/api.md"));
    for (MatchResult block : BLOCK.matcher(page).results().toList()) {
      String text = block.group(2);
      switch (block.group(1)) {
        case "yaml" -> file = text;
        case "sh" -> {
          for (String command : text.lines().toList()) {
            curl(command);
            examples++;
          }
        }
        case "json" -> assertPart(Json.parse(text), Json.parse(answer), answer);
        case "text" -> assertLines(text, answer);
        default -> throw new AssertionError("a block of an unknown kind: " + block.group());
      }
    }
    assertTrue(examples > 6);
  }

  /** The few options of curl that the manual uses. */
  private void curl(String command) throws Exception {
    List<String> words = new ArrayList<>();
    for (MatchResult word : WORD.matcher(command).results().toList()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    assertEquals("curl", words.removeFirst(), command);
    String url = words.removeLast().replace("/RUN", "/" + run).replace(SERVER, server.toString());
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    String method = "GET";
    String body = "";
    while (!words.isEmpty()) {
      String option = words.removeFirst();
      switch (option) {
        case "-s", "-N" -> {}
        case "-X" -> method = words.removeFirst();
        case "-d" -> body = words.removeFirst();
        case "--data-binary" -> {
          assertEquals("@hello.yaml", words.removeFirst());
          body = file;
        }
        case "-H" -> {
          String[] header = words.removeFirst().split(": ", 2);
          request.header(header[0], header[1]);
        }
        default -> throw new AssertionError(option + " in " + command);
      }
    }
    request.method(
        method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    answer = response.body();
    assertTrue(response.statusCode() < 500, command);
    if (run.isEmpty() && Json.parse(answer) instanceof Map<?, ?> started) {
      run = String.valueOf(started.get("id"));
    }
    if (method.equals("GET") && url.endsWith("/events")) {
      assertTrue(answer.contains("run.finished"), answer);
    }
  }

  /** Whatever stands where the page has an ellipsis. */
  private static void assertLines(String page, String answer) {
    String pattern =
        Arrays.stream(page.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    assertTrue(answer.matches(pattern), page + "\nbut was:\n" + answer);
  }

  private static void assertPart(Object part, Object whole, String answer) {
    switch (part) {
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          assertTrue(((Map<?, ?>) whole).containsKey(entry.getKey()), answer);
          assertPart(entry.getValue(), ((Map<?, ?>) whole).get(entry.getKey()), answer);
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          assertPart(list.get(i), ((List<?>) whole).get(i), answer);
        }
      }
      case String text when text.equals("…") -> {}
      default -> assertEquals(part, whole, answer);
    }
  }
}
