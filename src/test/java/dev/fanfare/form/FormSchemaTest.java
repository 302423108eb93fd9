package dev.fanfare.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.form.FormSchema.Finding;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormSchemaTest {

  private static final String RELEASE =
      """
      {"type": "object", "required": ["ticket"], "additionalProperties": false,
       "properties": {"ticket": {"type": "string", "pattern": "^OPS-[0-9]+$"},
                      "size": {"$ref": "#/$defs/size"}, "day": {"type": "string", "format": "date"}},
       "$defs": {"size": {"type": "integer", "minimum": 1, "maximum": 9}}}
      """;

  private static Map<String, Object> json(String text) {
    return Json.parseOwnObject(text);
  }

  private static List<Finding> check(String schema) {
    return FormSchema.check(json(schema));
  }

  private static List<String> paths(String form) {
    return FormSchema.validate(json(RELEASE), json(form)).stream().map(Finding::path).toList();
  }

  @Test
  void a_form_that_is_as_the_schema_says_has_no_finding() {
    assertEquals(List.of(), check(RELEASE));
    assertEquals(List.of(), paths("{\"ticket\": \"OPS-7\", \"size\": 3, \"day\": \"2026-08-01\"}"));
  }

  @Test
  void each_finding_about_a_form_says_where_it_is() {
    assertEquals(
        List.of("/size", "/ticket"),
        paths("{\"ticket\": \"seven\", \"size\": 30}").stream().sorted().toList());
    assertEquals(List.of("/day"), paths("{\"ticket\": \"OPS-7\", \"day\": \"soon\"}"));
    List<Finding> missing = FormSchema.validate(json(RELEASE), Map.of());
    assertEquals("", missing.getFirst().path());
    assertTrue(missing.getFirst().message().contains("ticket"), missing::toString);
    assertEquals(1, paths("{\"ticket\": \"OPS-7\", \"extra\": 1}").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\": \"objekt\"}|/type",
        "{\"properties\": {\"a\": {\"minimum\": \"one\"}}}|/properties/a/minimum",
        "{\"required\": \"a\"}|/required",
        "{\"$schema\": \"https://example.org/mine\"}|/$schema",
        "{\"properties\": {\"a\": {\"pattern\": \"(?=x)\"}}}|/properties/a/pattern",
        "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/nothing\"}}}|",
        "{\"properties\": {\"a\": {\"$ref\": \"https://example.org/a.json\"}}}|",
        "{\"properties\": {\"a\": {\"$ref\": \"file:///etc/passwd\"}}}|",
        "{\"properties\": {\"a\": {\"$ref\": \"classpath:application.properties\"}}}|"
      })
  void a_schema_that_cannot_be_used_is_told_of_where_it_is_wrong(String schema, String path) {
    List<Finding> findings = check(schema);
    assertTrue(
        findings.stream().anyMatch(found -> found.path().equals(path == null ? "" : path)),
        findings::toString);
    findings.forEach(found -> assertTrue(found.message().length() > 5, findings::toString));
  }

  @Test
  void older_drafts_are_known_by_their_name() {
    String draft7 =
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"definitions\": {\"a\": {}}}";
    assertEquals(List.of(), check(draft7));
  }

  @Test
  void nothing_is_fetched_from_another_machine() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/schema.json";
      assertEquals(1, check("{\"$ref\": \"" + url + "\"}").size());
      assertEquals(0, asked.get());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_pattern_that_would_take_for_ever_elsewhere_takes_no_time() {
    Map<String, Object> schema =
        json("{\"properties\": {\"a\": {\"type\": \"string\", \"pattern\": \"^(a+)+$\"}}}");
    assertEquals(List.of(), FormSchema.check(schema));
    List<Finding> findings =
        Assertions.assertTimeout(
            Duration.ofSeconds(10),
            () -> FormSchema.validate(schema, Map.of("a", "a".repeat(50_000) + "!")));
    assertEquals(1, findings.size());
    assertTrue(findings.getFirst().message().length() < 600);
  }
}
