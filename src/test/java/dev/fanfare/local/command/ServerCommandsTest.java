package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to a server, against one. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class ServerCommandsTest {

  @TestHTTPResource("/")
  URI server;

  @TempDir Path home;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void runs_are_listed_shown_and_their_logs_printed() throws Exception {
    String id =
        start("name: talk\nsteps:\n  one: { run: echo 1 }\n  two: { run: echo 2 }\n", "30s");
    assertEquals(0, execute("runs"));
    assertTrue(text().contains(id) && text().contains("talk"), this::text);
    assertEquals(0, execute("runs", "--workflow", "talk", "--status", "failed"));
    assertEquals("No runs yet.\n", text());
    assertEquals(0, execute("runs", "--output", "json", "--limit", "1"));
    assertTrue(Json.parse(text()) instanceof Map<?, ?> list && list.containsKey("runs"));

    assertEquals(0, execute("show", id.substring(0, 30)));
    assertTrue(text().contains("talk succeeded"), this::text);
    assertEquals(0, execute("show", id, "--output", "json"));
    assertTrue(Json.parse(text()) instanceof Map<?, ?> run && run.get("id").equals(id));

    assertEquals(0, execute("logs", id));
    assertEquals("one | 1\ntwo | 2\n", text());
    assertEquals(0, execute("logs", id, "two"));
    assertEquals("2\n", text());
    assertEquals(0, execute("logs", id, "two", "--tail", "1"));
    assertEquals("2\n", text());
  }

  @Test
  void a_run_is_cancelled() throws Exception {
    String id = start("name: nap\nsteps:\n  nap: { sleep: 1h }\n", "0s");
    assertEquals(0, execute("cancel", id, "--reason", "enough"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("is cancelled."));
    assertEquals(0, execute("cancel", id, "--output", "json"));
    assertTrue(
        Json.parse(text()) instanceof Map<?, ?> run && "cancelled".equals(run.get("status")));
  }

  @Test
  void a_cancel_says_that_hooks_are_at_work_and_another_one_ends_them() throws Exception {
    String id =
        start("name: nap\nsteps:\n  nap: { sleep: 1h, hooks: { always: { sleep: 1h } } }\n", "0s");
    assertEquals(0, execute("cancel", id));
    assertTrue(errors().contains("its hooks are at work"), errors());
    assertEquals(0, execute("show", id));
    assertTrue(text().contains("nap:always"), text());
    assertEquals(0, execute("cancel", id));
    assertTrue(errors().contains("is cancelled."), errors());
  }

  @Test
  void a_run_that_has_ended_is_rerun() throws Exception {
    String id = start("name: w\nsteps:\n  a: { run: 'test $FANFARE_ATTEMPT = 2' }\n", "30s");
    assertEquals(0, execute("rerun", id, "--from", "failed"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("goes on as attempt 2"));
    assertEquals(0, execute("show", id, "--output", "json"));
    assertTrue(Json.parse(text()) instanceof Map<?, ?> run && run.get("attempt").equals(2L));
  }

  @Test
  void a_run_and_a_step_are_explained() throws Exception {
    String id =
        start("name: w\nsteps:\n  a: { run: exit 3 }\n  b: { needs: a, pass: {} }\n", "30s");
    assertEquals(0, execute("explain", id));
    assertTrue(text().contains("'w' failed: 'a' failed: "), text());
    assertTrue(text().contains("'b' did not run: 'a' failed: "), text());
    assertEquals(0, execute("explain", id, "a"));
    assertTrue(text().contains("attempt 1 began"), text());
    assertEquals(0, execute("explain", id, "b", "--output", "json"));
    assertTrue(Json.parse(text()) instanceof Map<?, ?> b && "not_run".equals(b.get("status")));
  }

  @Test
  void a_step_that_waits_is_approved_and_denied() throws Exception {
    String schema = "schema: { required: [size], properties: { size: { type: integer } } }";
    String id =
        start(
            "name: g\nsteps:\n  a: { approval: { message: Ok?, "
                + schema
                + " } }\n  b c: { approval: Ok? }\n",
            "0s");
    assertEquals(2, execute("approve", id, "a"));
    assertTrue(errors().contains("the form of step 'a' is not filled in"), errors());
    assertEquals(2, execute("approve", id, "a", "--form", "size=big"));
    assertTrue(errors().contains("/size"), errors());
    assertEquals(2, execute("approve", id, "a", "--form", "size"));
    assertEquals(2, execute("approve", id, "a", "--form", "@" + home.resolve("none.json")));
    Path form = Files.writeString(home.resolve("form.json"), "{\"size\": 4, \"why\": \"x\"}");
    assertEquals(
        0, execute("approve", id, "a", "--by", "ann", "--form", "@" + form, "--form", "size=5"));
    assertEquals("'a' is approved by ann.\n", errors());
    assertEquals(0, execute("approve", id, "a", "--form", "size=5"));
    assertTrue(errors().startsWith("'a' was approved before, by ann at 2"), errors());
    assertEquals(2, execute("deny", id, "a"));
    assertTrue(errors().contains("approved by ann at 2"), errors());
    assertEquals(0, execute("deny", id, "b c", "--reason", "not today", "--output", "json"));
    assertTrue(
        Json.parse(text()) instanceof Map<?, ?> answer && "denied".equals(answer.get("decision")));
    assertEquals(0, execute("show", id, "--output", "json"));
    assertTrue(text().contains("\"form\":{\"size\":5,\"why\":\"x\"}"), text());
    assertTrue(text().contains("not today"), text());
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void what_is_not_there_is_a_sentence_and_exit_code_2() throws Exception {
    String id = start("name: w\nsteps:\n  a: { pass: {} }\n", "30s");
    String absent = "00000000-0000-7000-8000-000000000000";
    for (String call :
        new String[] {
          "show " + absent,
          "show nonsense",
          "logs " + absent,
          "logs " + id + " none",
          "logs " + id + " --tail 3",
          "cancel " + absent,
          "explain " + absent,
          "explain " + id + " none",
          "runs --status done",
          "runs --limit 1000",
          "rerun " + id + " --from failed",
          "rerun " + id + " --from nowhere",
          "approve " + id + " a",
          "deny " + id + " a"
        }) {
      assertEquals(2, execute(call.split(" ", -1)), call);
      String sentence = err.toString(StandardCharsets.UTF_8);
      assertTrue(sentence.startsWith("fanfare: "), sentence);
      assertEquals("", text(), call);
    }
  }

  private String start(String yaml, String wait) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/runs?wait=" + wait))
            .header("Content-Type", "text/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(201, response.statusCode(), response::body);
    return String.valueOf(((Map<?, ?>) Json.parse(response.body())).get("id"));
  }

  private int execute(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Style.PLAIN,
            100,
            24,
            Map.of("FANFARE_HOME", home.toString(), "FANFARE_SERVER", server.toString()));
    return FanfareCommand.execute(console, new Interruption(), arguments);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
