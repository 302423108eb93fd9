package dev.fanfare.lambda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.EventService;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.WaitServices;
import dev.fanfare.json.Json;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;

/** What people and other systems do while a run waits: here by a call, on Lambda over HTTP. */
@NullUnmarked // answers are looked into without asking what is there
final class Actions {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final LambdaStage stage;
  private final Runs runs;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Actions(LambdaStage stage, Runs runs) {
    this.stage = stage;
    this.runs = runs;
  }

  // --- on Lambda

  /**
   * {@code approve STEP FORM}, {@code deny STEP}, {@code publish EVENT PAYLOAD}, {@code call STEP}.
   */
  void there(UUID run, String[] words) throws Exception {
    Object value = words.length > 2 ? Json.parse(words[2]) : null;
    Predicate<Map<?, ?>> meant =
        wait -> words[1].equals(wait.get(words[0].equals("publish") ? "event" : "step"));
    Map<?, ?> wait = waiting(() -> runs.outcome(run), meant);
    switch (words[0]) {
      case "approve", "deny" -> {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("by", "ann"));
        if (value != null) {
          body.put("form", value);
        }
        post("/api/runs/" + run + "/steps/" + words[1] + "/" + words[0], body);
      }
      case "publish" -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", words[1]);
        body.put("payload", value);
        post("/api/events", body);
      }
      case "call" -> post(String.valueOf(wait.get("path")), value);
      default -> throw new AssertionError("nobody can " + words[0]);
    }
  }

  void rerun(UUID run, String from) throws Exception {
    post("/api/runs/" + run + "/rerun", Map.of("from", from));
  }

  HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
    HttpResponse<String> answer = http("POST", path, Json.write(body));
    assertTrue(answer.statusCode() < 300, () -> path + ": " + answer.body());
    return answer;
  }

  HttpResponse<String> http(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(stage.url().resolve(path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  // --- on one machine

  static void here(TestEngine engine, UUID run, String[] words) throws Json.JsonException {
    Object value = words.length > 2 ? Json.parse(words[2]) : null;
    Predicate<Map<?, ?>> meant =
        wait -> words[1].equals(wait.get(words[0].equals("publish") ? "event" : "step"));
    Map<?, ?> wait = waiting(() -> engine.outcome(run), meant);
    WaitServices waits = engine.room().waits();
    switch (words[0]) {
      case "approve", "deny" ->
          waits
              .approvals()
              .judge(
                  new ApprovalService.Judgement(
                      run, words[1], words[0].equals("approve"), "ann", "", form(value)))
              .await()
              .atMost(PATIENCE);
      case "publish" ->
          waits
              .events()
              .publish(new EventService.Publication(words[1], Optional.empty(), value))
              .await()
              .atMost(PATIENCE);
      case "call" -> {
        String token = String.valueOf(wait.get("path")).replace("/api/callbacks/", "");
        waits.callbacks().call(token, value, Optional.empty()).await().atMost(PATIENCE);
      }
      default -> throw new AssertionError("nobody can " + words[0]);
    }
  }

  static void rerunHere(TestEngine engine, UUID run, String from) {
    engine.room().rerun().rerun(run, RerunService.from(from), "test").await().atMost(PATIENCE);
  }

  private static Map<String, Object> form(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, Object> form = new LinkedHashMap<>();
    map.forEach((key, entry) -> form.put(String.valueOf(key), entry));
    return form;
  }

  /** What a step of a run waits for, with the step; returns once there is one. */
  private static Map<?, ?> waiting(Supplier<TestEngine.Outcome> run, Predicate<Map<?, ?>> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Object each : (List<?>) run.get().json().get("steps")) {
        Map<?, ?> step = (Map<?, ?>) each;
        if (step.get("waitsFor") instanceof Map<?, ?> wait) {
          Map<Object, Object> found = new LinkedHashMap<>(wait);
          found.put("step", step.get("id"));
          if (wanted.test(found)) {
            return found;
          }
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    throw new AssertionError("waited in vain: " + run.get().json());
  }
}
