package dev.fanfare.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sent a delivery, under which id, and about which branch or tag. */
class DeliveryTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> event(String json) {
    return Payload.read("application/json", utf8(json)).event().orElseThrow();
  }

  @Test
  void senders_are_known_by_their_headers() {
    assertEquals(
        new Delivery("github", "push", Optional.of("g-1")),
        Delivery.of(Map.of("x-github-event", "push", "x-github-delivery", "g-1"), Map.of()));
    assertEquals(
        new Delivery("gitlab", "Push Hook", Optional.of("k")),
        Delivery.of(
            Map.of(
                "x-gitlab-event", "Push Hook", "x-gitlab-event-uuid", "u", "idempotency-key", "k"),
            Map.of()));
    assertEquals(
        new Delivery("gitlab", "Push Hook", Optional.of("u")),
        Delivery.of(Map.of("x-gitlab-event", "Push Hook", "x-gitlab-event-uuid", "u"), Map.of()));
    assertEquals(
        new Delivery("bitbucket", "repo:push", Optional.of("r")),
        Delivery.of(Map.of("x-event-key", "repo:push", "x-request-uuid", "r"), Map.of()));
    assertEquals(
        new Delivery("bitbucket", "repo:refs_changed", Optional.of("r")),
        Delivery.of(Map.of("x-event-key", "repo:refs_changed", "x-request-id", "r"), Map.of()));
    assertEquals(
        new Delivery("circleci", "workflow-completed", Optional.of("c")),
        Delivery.of(
            Map.of("circleci-event-type", "workflow-completed"),
            Map.<String, Object>of("id", "c")));
    assertEquals(
        new Delivery("other", "", Optional.of("i")),
        Delivery.of(Map.of("idempotency-key", " i "), Map.of()));
    assertEquals(
        new Delivery("other", "", Optional.empty()),
        Delivery.of(Map.of("idempotency-key", " "), Map.of()));
  }

  @Test
  void a_delivery_is_told_from_others_by_its_id_or_by_what_is_signed() {
    Delivery named = new Delivery("github", "push", Optional.of("g-1"));
    assertEquals(Optional.of("t g-1"), named.idempotencyKey("t", utf8("{}"), true));
    assertEquals(Optional.of("t g-1"), named.idempotencyKey("t", utf8("{}"), false));
    Delivery unnamed = new Delivery("other", "", Optional.empty());
    assertEquals(Optional.empty(), unnamed.idempotencyKey("t", utf8("{}"), false));
    String digest = unnamed.idempotencyKey("t", utf8("{}"), true).orElseThrow();
    assertEquals(
        "t sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", digest);
    Delivery odd = new Delivery("other", "", Optional.of("x\ny".repeat(100)));
    assertTrue(odd.idempotencyKey("t", utf8("{}"), false).orElseThrow().startsWith("t sha256:"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "github|{\"ref\": \"refs/heads/feature/x\"}|feature/x|",
        "github|{\"ref\": \"refs/tags/v1\"}||v1",
        "github|{\"ref\": \"v1\", \"ref_type\": \"tag\"}||",
        "github|{\"pull_request\": {\"head\": {\"ref\": \"topic\"}}}|topic|",
        "github|{\"zen\": \"Design for failure.\"}||",
        "gitlab|{\"object_kind\": \"push\", \"ref\": \"refs/heads/main\"}|main|",
        "gitlab|{\"object_kind\": \"tag_push\", \"ref\": \"refs/tags/v2\"}||v2",
        "gitlab|{\"object_attributes\": {\"source_branch\": \"topic\"}}|topic|",
        "gitlab|{\"object_attributes\": {\"ref\": \"main\", \"tag\": false}}|main|",
        "gitlab|{\"object_attributes\": {\"ref\": \"v3\", \"tag\": true}}||v3",
        "bitbucket|{\"push\": {\"changes\": [{\"new\": {\"type\": \"branch\", \"name\":"
            + " \"m\"}}]}}|m|",
        "bitbucket|{\"push\": {\"changes\": [{\"new\": {\"type\": \"tag\", \"name\":"
            + " \"v4\"}}]}}||v4",
        "bitbucket|{\"push\": {\"changes\": [{\"new\": null}]}}||",
        "bitbucket|{\"pullrequest\": {\"source\": {\"branch\": {\"name\": \"topic\"}}}}|topic|",
        "bitbucket|{\"changes\": [{\"ref\": {\"id\": \"refs/heads/master\"}}]}|master|",
        "circleci|{\"pipeline\": {\"vcs\": {\"branch\": \"main\"}}}|main|",
        "circleci|{\"pipeline\": {\"vcs\": {\"tag\": \"v5\"}}}||v5",
        "other|{\"ref\": \"refs/heads/main\"}||",
        "github|{\"ref\": 7, \"pull_request\": []}||"
      })
  void the_branch_and_the_tag_come_from_known_places(
      String source, String json, String branch, String tag) {
    assertEquals(
        new Refs(Optional.ofNullable(branch), Optional.ofNullable(tag)),
        Refs.of(source, event(json)));
  }

  @Test
  void a_body_is_a_json_object_or_a_form() throws Json.JsonException {
    assertEquals(Map.of("a", 1L), event("{\"a\": 1}"));
    assertEquals(Map.of(), event(" "));
    String form = "application/x-www-form-urlencoded; charset=utf-8";
    assertEquals(
        Optional.of(Map.of("a", "1 2", "b", "", "c", "")),
        Payload.read(form, utf8("a=1+2&b=&c&&")).event());
    assertEquals(
        Optional.of(Map.of("ref", "refs/heads/main")),
        Payload.read(form, utf8("payload=%7B%22ref%22%3A%20%22refs%2Fheads%2Fmain%22%7D")).event());
    assertEquals(Optional.of(Map.of("a", 1L)), Payload.read(null, utf8("{\"a\": 1}")).event());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "application/json|[1]|must be a JSON object",
        "application/json|{\"a\": |not JSON",
        "text/plain|hello|not JSON",
        "application/x-www-form-urlencoded|payload=%7B|not JSON",
        "application/x-www-form-urlencoded|a=%zz|no form"
      })
  void any_other_body_is_said_to_be_wrong(String type, String body, String why) {
    Payload payload = Payload.read(type, utf8(body));
    assertEquals(Optional.empty(), payload.event());
    assertTrue(payload.problem().contains(why), payload.problem());
    assertTrue(Payload.read(type, new byte[] {(byte) 0xff}).problem().contains("UTF-8"));
  }
}
