package dev.fanfare.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.PostgresResource;
import dev.fanfare.testing.Traces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** No answer of the API holds what a step was given. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(SecretsApiTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class SecretsApiTest {

  private static final String CANARY = "cAn4ry-5e02b7a911";

  /** The value of the secret is in a file. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path file = Files.createTempFile("secrets", ".env");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "TOKEN='" + CANARY + "'\n");
        file.toFile().deleteOnExit();
        return Map.of("fanfare.secrets.file", file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @TestHTTPResource("/")
  URI server;

  private RequestSpecification api() {
    return given()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("http://127.0.0.1")
                .setPort(server.getPort())
                .build());
  }

  private static Map<String, Object> body(String yaml) {
    return Map.of(
        "file",
        Map.of("name", "test.yaml", "text", yaml),
        "params",
        Map.of("note", "with " + CANARY),
        "event",
        Map.of("by", CANARY));
  }

  @Test
  void a_run_that_prints_its_secret_everywhere_shows_it_nowhere() {
    String started =
        api()
            .contentType(ContentType.JSON)
            .body(
                body(
                    """
                    name: canary
                    secrets: [TOKEN]
                    params: { note: { type: string } }
                    steps:
                      print:
                        env: { T: "${{ secrets.TOKEN }}", N: "${{ params.note }}" }
                        run: |
                          echo "${#T} $T $N"; echo "$T" >&2; printf '%s' "$T" | base64
                          echo "value=$T" >> "$FANFARE_OUTPUT"; echo "$T" > file.txt
                      read: { needs: print, run: cat file.txt }
                      fail:
                        onFailure: tolerate
                        env: { T: "${{ secrets.TOKEN }}" }
                        run: echo "$T"; exit 3
                      ask: { needs: read, approval: { message: "${{ steps.read.output }}" } }
                    outputs: { all: "${{ steps.print.output }}", event: "${{ event }}" }
                    """))
            .post("/api/runs")
            .then()
            .statusCode(201)
            .extract()
            .asString();
    String id = new JsonPath(started).getString("id");
    String waiting = "";
    for (int i = 0; i < 1_000 && !waiting.contains("\"ask\""); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      waiting = api().get("/api/approvals").then().statusCode(200).extract().asString();
    }
    StringBuilder answers = new StringBuilder(started);
    for (String path :
        List.of(
            "/api/runs",
            "/api/runs/" + id,
            "/api/runs/" + id + "/steps",
            "/api/runs/" + id + "/events",
            "/api/runs/" + id + "/explain",
            "/api/runs/" + id + "/logs",
            "/api/runs/" + id + "/logs/print",
            "/api/approvals",
            "/api/workflows")) {
      answers.append(api().get(path).then().statusCode(200).extract().asString());
    }
    api()
        .contentType(ContentType.JSON)
        .body(Map.of("reason", "so says " + CANARY, "by", CANARY))
        .post("/api/runs/" + id + "/steps/ask/approve")
        .then()
        .statusCode(200);
    answers.append(
        api()
            .accept("text/event-stream")
            .get("/api/runs/" + id + "/events")
            .then()
            .statusCode(200)
            .extract()
            .asString());
    answers.append(api().get("/api/runs/" + id).then().statusCode(200).extract().asString());
    for (String type : List.of("text/plain", "application/json")) {
      answers.append(
          api().accept(type).get("/api/runs/" + id + "/logs").then().extract().asString());
    }
    assertEquals(List.of(), new Traces(CANARY).in(answers.toString()));
    assertTrue(answers.toString().contains("17 *** with ***"), answers::toString);
  }
}
