package dev.fanfare.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and logs while a run works and after it. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class EventsApiTest {

  private static final String FAN =
      """
      name: fan
      steps:
        each:
          forEach: "${{ [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20] }}"
          run: echo ${N}
          env: { N: "${{ item }}" }
        done: { needs: [each], pass: {} }
      """;

  @TestHTTPResource("/")
  URI server;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void a_stream_tells_everything_once_and_ends_with_the_run() throws Exception {
    String id = start(FAN);
    List<Map<?, ?>> streamed = stream("/api/runs/" + id + "/events", "");
    assertEquals(
        LongStream.rangeClosed(1, streamed.size()).boxed().toList(),
        streamed.stream().map(event -> event.get("seq")).toList());
    assertEquals("run.started", streamed.getFirst().get("type"));
    assertEquals("run.finished", streamed.getLast().get("type"));
    assertEquals(events(id, "after=0"), streamed);
    assertEquals(
        21,
        streamed.stream()
            .filter(event -> event.get("type").equals("step.succeeded"))
            .filter(event -> !event.get("step").equals("each"))
            .count());
  }

  @Test
  void a_stream_goes_on_where_it_broke() throws Exception {
    String id = start(FAN);
    List<Map<?, ?>> all = stream("/api/runs/" + id + "/events", "");
    assertEquals(all.subList(10, all.size()), stream("/api/runs/" + id + "/events", "10"));
    assertEquals(all.subList(7, all.size()), stream("/api/runs/" + id + "/events?after=7", ""));
    assertEquals(
        List.of(), stream("/api/runs/" + id + "/events", Integer.toString(all.size() + 1)));
  }

  @Test
  void asking_for_what_comes_next_misses_nothing() throws Exception {
    String id = start(FAN);
    List<Map<?, ?>> all = new ArrayList<>();
    while (all.isEmpty() || !all.getLast().get("type").equals("run.finished")) {
      all.addAll(events(id, "wait=30s&after=" + all.size()));
    }
    assertEquals(
        LongStream.rangeClosed(1, all.size()).boxed().toList(),
        all.stream().map(event -> event.get("seq")).toList());
    // After the end nothing is waited for.
    long before = System.nanoTime();
    assertEquals(List.of(), events(id, "wait=60s&after=" + all.size()));
    assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 30);
  }

  @Test
  void events_of_one_step_are_told_apart() throws Exception {
    String id = start(FAN);
    stream("/api/runs/" + id + "/events", "");
    List<Map<?, ?>> events = events(id, "step=each%5B3%5D");
    assertFalse(events.isEmpty());
    assertTrue(events.stream().allMatch(event -> event.get("step").equals("each[3]")));
    assertEquals("step.succeeded", events.getLast().get("type"));
  }

  @Test
  void the_log_of_a_step_is_there_while_it_runs() throws Exception {
    Path go = folder.resolve("go");
    String id =
        start(
            """
            name: talks
            params: { go: { type: string } }
            steps:
              talk: { run: 'echo begun; until [ -e "$GO" ]; do sleep 0.05; done; echo over', env: { GO: "${{ params.go }}" } }
            """,
            "?param.go=" + go);
    String path = "/api/runs/" + id + "/logs/talk";
    Map<?, ?> first = json(path + "?wait=60s");
    assertEquals(List.of("begun"), texts(first));
    assertEquals("running", step(id, "talk").get("status"));
    Files.createFile(go);
    Map<?, ?> second = json(path + "?wait=60s&after=" + first.get("next"));
    assertEquals(List.of("over"), texts(second));
    stream("/api/runs/" + id + "/events", "");
    assertEquals("begun\nover\n", text(path));
    assertEquals("talk | begun\ntalk | over\n", text("/api/runs/" + id + "/logs"));
  }

  @Test
  void a_log_is_paged_and_its_tail_is_found() throws Exception {
    String id = finished("name: many\nsteps:\n  count: { run: seq 1 25000 }\n");
    String path = "/api/runs/" + id + "/logs/count";
    List<String> all = new ArrayList<>();
    String next = "";
    Map<?, ?> page;
    do {
      page = json(path + "?limit=10000" + next);
      all.addAll(texts(page));
      next = "&after=" + page.get("next");
    } while (!texts(page).isEmpty());
    assertEquals(LongStream.rangeClosed(1, 25_000).mapToObj(Long::toString).toList(), all);
    assertEquals("24999\n25000\n", text(path + "?tail=2"));
    Map<?, ?> last = (Map<?, ?>) ((List<?>) json(path + "?tail=1").get("lines")).getFirst();
    assertEquals(25_000L, last.get("line"));
    assertEquals("out", last.get("stream"));
    assertEquals(1L, last.get("attempt"));
  }

  @Test
  void output_beyond_the_bound_is_cut_with_a_note() throws Exception {
    String id = finished("name: much\nsteps:\n  flood: { run: seq 1 60000 }\n");
    String log = text("/api/runs/" + id + "/logs/flood");
    assertEquals(50_001, log.lines().count());
    String note = log.lines().reduce("", (before, line) -> line);
    assertTrue(note.contains("output cut after 50000 lines"), note);
    Map<?, ?> tail = json("/api/runs/" + id + "/logs/flood?tail=1");
    assertEquals("note", ((Map<?, ?>) ((List<?>) tail.get("lines")).getFirst()).get("stream"));
  }

  @Test
  void a_step_that_wrote_nothing_has_an_empty_log_and_no_step_has_none() throws Exception {
    String id = finished("name: quiet\nsteps:\n  hush: { run: 'true' }\n");
    assertEquals("", text("/api/runs/" + id + "/logs/hush"));
    assertEquals(404, send("/api/runs/" + id + "/logs/none", "text/plain").statusCode());
    assertEquals(400, send("/api/runs/" + id + "/logs/hush?tail=0", "text/plain").statusCode());
    assertEquals(
        400, send("/api/runs/" + id + "/logs/hush?after=x", "application/json").statusCode());
    assertEquals(
        400,
        send("/api/runs/" + id + "/logs/hush?after=0.-1.0.other", "application/json").statusCode());
    assertEquals(
        400, send("/api/runs/" + id + "/events?after=-1", "text/event-stream").statusCode());
  }

  private String start(String yaml) throws Exception {
    return start(yaml, "");
  }

  private String finished(String yaml) throws Exception {
    String id = start(yaml, "?wait=60s");
    assertEquals("succeeded", json("/api/runs/" + id).get("status"));
    return id;
  }

  private String start(String yaml, String query) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/runs" + query))
            .header("Content-Type", "text/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(201, response.statusCode(), response::body);
    return String.valueOf(((Map<?, ?>) Json.parse(response.body())).get("id"));
  }

  private List<Map<?, ?>> events(String id, String query) throws Exception {
    Map<?, ?> page = json("/api/runs/" + id + "/events?" + query);
    List<Map<?, ?>> events = new ArrayList<>();
    ((List<?>) page.get("events")).forEach(event -> events.add((Map<?, ?>) event));
    if (!events.isEmpty()) {
      assertEquals(page.get("last"), events.getLast().get("seq"));
    }
    return events;
  }

  private List<Map<?, ?>> stream(String path, String lastSeen) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).header("Accept", "text/event-stream");
    if (!lastSeen.isEmpty()) {
      request.header("Last-Event-ID", lastSeen);
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, response.statusCode());
    List<Map<?, ?>> events = new ArrayList<>();
    String id = "";
    String name = "";
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String value = line.substring(Math.min(line.length(), line.indexOf(':') + 1)).strip();
        if (line.startsWith("id:")) {
          id = value;
        } else if (line.startsWith("event:")) {
          name = value;
        } else if (line.startsWith("data:")) {
          Map<?, ?> event = (Map<?, ?>) Json.parse(value);
          assertEquals(id, String.valueOf(event.get("seq")));
          assertEquals(name, event.get("type"));
          events.add(event);
        }
      }
    }
    return events;
  }

  private Map<?, ?> step(String run, String id) throws Exception {
    for (Object step : (List<?>) json("/api/runs/" + run).get("steps")) {
      if (((Map<?, ?>) step).get("id").equals(id)) {
        return (Map<?, ?>) step;
      }
    }
    throw new AssertionError("no step " + id);
  }

  private static List<String> texts(Map<?, ?> page) {
    return ((List<?>) page.get("lines"))
        .stream().map(line -> String.valueOf(((Map<?, ?>) line).get("text"))).toList();
  }

  private Map<?, ?> json(String path) throws Exception {
    HttpResponse<String> response = send(path, "application/json");
    assertEquals(200, response.statusCode(), response::body);
    return (Map<?, ?>) Json.parse(response.body());
  }

  private String text(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send(path, "text/plain");
    assertEquals(200, response.statusCode(), response::body);
    return response.body();
  }

  private HttpResponse<String> send(String path, String accept)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.resolve(path)).header("Accept", accept).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
