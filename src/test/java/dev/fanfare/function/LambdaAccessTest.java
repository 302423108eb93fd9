package dev.fanfare.function;

import static dev.fanfare.function.HttpEvents.parsed;
import static dev.fanfare.function.HttpEvents.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.http.HttpTrigger;
import dev.fanfare.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * A function behind a URL whose callers AWS verifies, and webhooks, which nobody verifies there.
 */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(LambdaAccessTest.Profile.class)
@NullUnmarked // answers are looked into without asking what is there
class LambdaAccessTest {

  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final String SESSION = "arn:aws:sts::111122223333:assumed-role/";

  /** Nobody but the function's own port is there, as on AWS. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Path file = Files.createTempFile("fanfare", ".env");
        Files.writeString(
            file,
            "HOOK_SECRET=\""
                + SECRET
                + "\"\nSTANDARD=whsec_"
                + Base64.getEncoder().encodeToString(KEY)
                + "\n");
        Map<String, String> settings = new HashMap<>(LambdaCalls.of("trigger"));
        settings.put("quarkus.http.host-enabled", "false");
        settings.put("fanfare.auth", "iam");
        settings.put(
            "fanfare.auth.iam",
            SESSION
                + "ci-*=run;"
                + SESSION
                + "looker/*=read;arn:aws:iam::111122223333:user/*=admin");
        settings.put("fanfare.secrets.file", file.toString());
        return settings;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Inject HttpTrigger http;

  private Map<?, ?> call(HttpEvents event) {
    return http.answer(event.event(), null);
  }

  @Test
  void who_has_not_signed_sees_nothing() {
    Set<String> answers = new TreeSet<>();
    for (HttpEvents event :
        List.of(
            HttpEvents.of("GET", "/api/runs"),
            HttpEvents.of("GET", "/q/openapi"),
            HttpEvents.of("GET", "/nothing"),
            HttpEvents.of("POST", "/api/runs").json(Map.of("workflow", "x")),
            HttpEvents.of("GET", "/api/runs").bearer("fft_" + "x".repeat(43)),
            HttpEvents.of("GET", "/api/runs").header("x-amzn-iam-user-arn", SESSION + "ci-1/x"),
            HttpEvents.of("GET", "/api/runs").header("x-fanfare-ticket", "1"),
            HttpEvents.of("GET", "/api/runs").with("authorizer", Map.of("iam", Map.of())))) {
      Map<?, ?> answer = call(event);
      assertEquals(401, status(answer), answer::toString);
      answers.add((String) answer.get("body"));
    }
    assertEquals(1, answers.size(), answers::toString);
  }

  @Test
  void the_arn_of_a_caller_says_what_it_may_do_and_who_did_it() {
    HttpEvents list = HttpEvents.of("GET", "/api/runs");
    assertEquals(200, status(call(list.iam(SESSION + "looker/me"))));
    assertEquals(403, status(call(HttpEvents.of("GET", "/api/runs").iam(SESSION + "other/me"))));

    String text = "name: w\nsteps:\n  ok: { approval: { message: go? } }\n";
    Map<String, Object> start = Map.of("file", Map.of("text", text));
    Map<?, ?> refused =
        call(HttpEvents.of("POST", "/api/runs").json(start).iam(SESSION + "looker/me"));
    assertEquals(403, status(refused));
    assertTrue(((String) parsed(refused).get("detail")).contains("'run'"), refused::toString);

    String ci = SESSION + "ci-main/github";
    Map<?, ?> started = call(HttpEvents.of("POST", "/api/runs").json(start).iam(ci));
    assertEquals(201, status(started), started::toString);
    Map<?, ?> approved =
        call(
            HttpEvents.of("POST", "/api/runs/" + parsed(started).get("id") + "/steps/ok/approve")
                .json(Map.of())
                .iam(ci));
    assertEquals(ci, parsed(approved).get("by"), approved::toString);
    assertEquals(403, status(call(HttpEvents.of("GET", "/api/tokens").iam(ci))));
    assertEquals(
        200,
        status(
            call(HttpEvents.of("GET", "/api/tokens").iam("arn:aws:iam::111122223333:user/root"))));
  }

  private void register(String name, String secret) {
    Map<?, ?> answer =
        call(
            HttpEvents.of("POST", "/api/workflows")
                .header("content-type", "text/yaml")
                .iam("arn:aws:iam::111122223333:user/dev")
                .text(
                    "name: %s\ntriggers: [{ webhook: { path: %s, secret: %s } }]\nsteps:\n  a: { pass: {} }\n"
                        .formatted(name, name, secret)));
    assertEquals(201, status(answer), answer::toString);
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpEvents github(String path, byte[] body, String delivery) {
    return HttpEvents.of("POST", "/hooks/" + path)
        .header("content-type", "application/json")
        .header("x-github-event", "push")
        .header("x-github-delivery", delivery)
        .header(
            "x-hub-signature-256",
            "sha256="
                + HexFormat.of().formatHex(hmac(SECRET.getBytes(StandardCharsets.UTF_8), body)));
  }

  @Test
  void a_delivery_of_github_is_signed_over_the_bytes_of_its_body() {
    register("github", "HOOK_SECRET");
    String text = "{\"ref\": \"refs/heads/main\",\r\n \"who\":\t\"Ädä \\u20ac 😀\" }\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(201, status(call(github("github", bytes, "d-1").text(text))));
    assertEquals(201, status(call(github("github", bytes, "d-2").bytes(bytes))));
    assertEquals(200, status(call(github("github", bytes, "d-1").text(text))), "it came before");
    assertEquals(401, status(call(github("github", bytes, "d-3").text(text + " "))));
    assertEquals(
        401, status(call(github("github", bytes, "d-4").text(text.replace("\r\n", "\n")))));
    assertEquals(401, status(call(github("nowhere", bytes, "d-5").text(text))));
  }

  @Test
  void a_delivery_of_gitlab_is_signed_over_its_id_and_its_time() {
    register("gitlab", "STANDARD");
    byte[] body = "{\"ref\": \"refs/heads/main\"}".getBytes(StandardCharsets.UTF_8);
    String now = String.valueOf(Instant.now().getEpochSecond());
    byte[] head = ("m1." + now + ".").getBytes(StandardCharsets.UTF_8);
    String signature = "v1," + Base64.getEncoder().encodeToString(hmac(KEY, head, body));
    for (String id : List.of("m1", "m2")) {
      HttpEvents delivery =
          HttpEvents.of("POST", "/hooks/gitlab")
              .header("content-type", "application/json")
              .header("x-gitlab-event", "Push Hook")
              .header("webhook-id", id)
              .header("webhook-timestamp", now)
              .header("webhook-signature", signature)
              .bytes(body);
      assertEquals(id.equals("m1") ? 201 : 401, status(call(delivery)));
    }
    assertEquals(
        401,
        status(
            call(
                HttpEvents.of("POST", "/hooks/gitlab")
                    .header("x-gitlab-token", "wrong")
                    .bytes(body))));
  }
}
