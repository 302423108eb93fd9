package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.RunStatus;
import dev.fanfare.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.NullUnmarked;

/** Invocations by way of the mock of Lambda's runtime API that Quarkus starts in tests. */
@NullUnmarked // answers are looked into without asking what is there
final class LambdaCalls {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PORT = "quarkus.lambda.mock-event-server.test-port";

  private LambdaCalls() {}

  static Map<String, String> of(String handler) {
    return Map.of("quarkus.lambda.handler", handler);
  }

  static Map<?, ?> invoke(Map<String, ?> event) throws Exception {
    int port = ConfigProvider.getConfig().getOptionalValue(PORT, Integer.class).orElse(8081);
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(event)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response::body);
    return (Map<?, ?>) Json.parse(response.body());
  }

  /** Starts a run in this process, as another trigger would. */
  static UUID start(EngineRoom room, String yaml) {
    TriggerService.Result result =
        room.trigger()
            .start(
                new TriggerService.Request(
                    RunIds.next(),
                    new Graphs.File(
                        yaml.getBytes(StandardCharsets.UTF_8), "l.yaml", Optional.empty()),
                    Map.of(),
                    Map.of(),
                    Map.of("trigger", "test"),
                    Optional.empty()))
            .await()
            .atMost(PATIENCE);
    return ((TriggerService.Started) result).run();
  }

  /** The status of a run at its end. */
  static String end(EngineRoom room, UUID run) throws Exception {
    CompletableFuture<RunStatus> end = room.conductor().watch().end(run);
    String status = status(room, run);
    return RunStatus.of(status).orElseThrow().isTerminal()
        ? status
        : end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).id();
  }

  static String status(EngineRoom room, UUID run) {
    return room.views().status(run).await().atMost(PATIENCE).orElseThrow();
  }
}
