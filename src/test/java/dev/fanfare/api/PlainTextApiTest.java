package dev.fanfare.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Forms in and lines out: what a shell without JSON needs. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@NullUnmarked // answers are looked into without asking what is there
class PlainTextApiTest {

  private static final String ODD = "a \"b\" \\ \u2028 x\u202Ey\r\nid: forged\n\tü 😀";
  private static final String ECHO =
      """
      name: echo
      params: { what: { type: string, default: none } }
      steps:
        say: { pass: { output: "${{ params.what }}" } }
      outputs:
        what: "${{ steps.say.output }}"
        sum: "${{ event.?a.orValue(0) + 1 }}"
        refs: "${{ [run.?branch.orValue('-'), run.?tag.orValue('-')] }}"
      """;

  @TestHTTPResource("/")
  URI server;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void a_form_starts_a_run_and_the_answer_is_lines_that_nothing_in_them_breaks() throws Exception {
    HttpResponse<String> answer =
        form(
            "file=" + encoded(ECHO),
            "name=echo.yaml",
            "param.what=" + encoded(ODD),
            "event=" + encoded("{\"a\": 2}"),
            "branch=main",
            "tag=v1",
            "maxParallel=2",
            "wait=30s");
    assertEquals(201, answer.statusCode(), answer.body());
    assertEquals("text/plain;charset=UTF-8", answer.headers().firstValue("Content-Type").get());
    List<String> lines = answer.body().lines().toList();
    String id = lines.get(1).replace("id: ", "");
    assertEquals("created: true", lines.get(0));
    assertTrue(lines.contains("status: succeeded"), answer.body());
    assertTrue(lines.contains("outputs.sum: 3"), answer.body());
    assertTrue(lines.contains("outputs.refs: [\"main\",\"v1\"]"), answer.body());
    assertTrue(
        lines.contains(
            "outputs.what: \"a \\\"b\\\" \\\\ \\u2028 x\\u202ey\\r\\nid: forged\\n\\tü 😀\""),
        answer.body());
    assertFalse(answer.body().contains("steps"), answer.body());
    HttpResponse<String> read = text("/api/runs/" + id);
    assertEquals(lines.subList(1, lines.size()), read.body().lines().toList());
  }

  @Test
  void events_come_as_lines_and_the_last_one_says_that_the_answer_is_whole() throws Exception {
    String id = id(form("file=" + encoded(ECHO), "wait=30s"));
    List<String> lines = text("/api/runs/" + id + "/events").body().lines().toList();
    for (int i = 0; i < lines.size() - 1; i++) {
      assertEquals(4, lines.get(i).split("\t").length, lines.get(i));
      assertTrue(lines.get(i).startsWith((i + 1) + "\t20"), lines.get(i));
    }
    assertEquals("over\t" + (lines.size() - 1) + "\tsucceeded", lines.getLast());
    assertTrue(lines.getFirst().endsWith("\trun.started\techo started"));
    assertEquals(
        lines.subList(2, lines.size()),
        text("/api/runs/" + id + "/events?after=2").body().lines().toList());

    String nap = id(form("file=" + encoded("name: nap\nsteps: { nap: { sleep: 1h } }")));
    List<String> first = text("/api/runs/" + nap + "/events").body().lines().toList();
    assertEquals("next\t" + (first.size() - 1), first.getLast());
    assertEquals(
        first.getLast() + "\n",
        text("/api/runs/" + nap + "/events?after=" + (first.size() - 1)).body());
    HttpResponse<String> cancelled = send("/api/runs/" + nap + "/cancel", "application/json", "{}");
    assertEquals("id: " + nap + "\nstatus: cancelled\n", cancelled.body());
    HttpResponse<String> rerun = send("/api/runs/" + nap + "/rerun", "application/json", "{}");
    assertTrue(rerun.body().contains("restarted: true\n"), rerun.body());
    assertTrue(text("/api/runs/" + nap).body().contains("attempt: 2\n"));
    send("/api/runs/" + nap + "/cancel", "application/json", "{}");
  }

  @Test
  void a_problem_is_a_sentence_and_a_line_for_each_finding() throws Exception {
    HttpResponse<String> wrong = form("file=" + encoded("name: w\nsteps:\n  a: { runn: x }\n"));
    assertEquals(422, wrong.statusCode());
    assertEquals("text/plain;charset=UTF-8", wrong.headers().firstValue("Content-Type").get());
    assertTrue(wrong.body().startsWith("the workflow cannot be run: line 3:3: "), wrong.body());
    assertTrue(wrong.body().contains("\n3:8: error: "), wrong.body());
    HttpResponse<String> unknown = text("/api/runs/00000000-0000-0000-0000-000000000000");
    assertEquals("there is no run 00000000-0000-0000-0000-000000000000\n", unknown.body());
    assertEquals(404, text("/nothing/here").statusCode());
    HttpResponse<String> both =
        http.send(
            HttpRequest.newBuilder(server.resolve("/api/runs/00000000-0000-0000-0000-000000000000"))
                .header("Accept", "text/plain, application/problem+json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertTrue(both.body().startsWith("{"), both.body());
  }

  @Test
  void a_form_that_makes_no_sense_is_refused_and_stores_nothing() throws Exception {
    refused("the form has no field 'paramwho'", "workflow=x", "paramwho=y");
    refused("twice", "workflow=x", "workflow=y");
    refused("either", "workflow=x", "file=y");
    refused("either");
    refused("'=' is missing", "workflow");
    refused("no form", "workflow=%zz");
    refused("not UTF-8", "workflow=%ff");
    refused("'event'", "workflow=x", "event=[1]");
    refused("'event' is not JSON", "workflow=x", "event={");
    refused("maxParallel", "workflow=x", "maxParallel=-1");
    refused("'wait'", "workflow=x", "wait=1d");
    refused("'branch'", "workflow=x", "branch=a%0Ab");
  }

  @Test
  void a_form_of_another_web_page_is_refused() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(server.resolve("/api/runs"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("file=" + encoded(ECHO)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(403, answer.statusCode());
  }

  private void refused(String sentence, String... fields) throws Exception {
    HttpResponse<String> answer = form(fields);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(sentence), answer.body());
  }

  private HttpResponse<String> form(String... fields) throws Exception {
    return send("/api/runs", "application/x-www-form-urlencoded", String.join("&", fields));
  }

  private HttpResponse<String> send(String path, String type, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", type)
            .header("Accept", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> text(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(server.resolve(path)).header("Accept", "text/plain").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String id(HttpResponse<String> answer) {
    return answer.body().replaceAll("(?s).*\\bid: ([0-9a-f-]{36})\n.*", "$1");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
