package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.access.Scope;
import dev.fanfare.function.access.Tokens;
import dev.fanfare.json.Json;
import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import dev.fanfare.testing.PostgresResource;
import dev.fanfare.testing.TokenProfile;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a server that asks for a token. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@TestProfile(TokenProfile.class)
@NullUnmarked // answers are looked into without asking what is there
class TokenCommandsTest {

  @TestHTTPResource("/")
  URI server;

  @Inject Tokens tokens;

  @TempDir Path home;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private String secret(Scope scope) {
    Tokens.Wish wish = new Tokens.Wish("t", Set.of(scope), Optional.of(Duration.ofHours(1)));
    return tokens.create(wish, "test").await().atMost(Duration.ofSeconds(10)).secret().reveal();
  }

  private int execute(String token, String... arguments) {
    out.reset();
    err.reset();
    Map<String, String> environment = new HashMap<>();
    environment.put("FANFARE_HOME", home.toString());
    environment.put("FANFARE_SERVER", server.toString());
    environment.put("FANFARE_TOKEN", token);
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Style.PLAIN,
            100,
            24,
            environment);
    return FanfareCommand.execute(console, new Interruption(), arguments);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void an_admin_makes_lists_and_revokes_tokens() throws Exception {
    String admin = secret(Scope.ADMIN);
    assertEquals(
        0, execute(admin, "token", "create", "pipeline", "--scope", "run", "--expires", "30d"));
    String made = text().strip();
    assertTrue(made.matches("fft_[A-Za-z0-9_-]{43}"), made);
    assertTrue(said().contains("not shown again"), this::said);
    assertFalse(said().contains(made), "the secret is a result, and nothing else");

    assertEquals(0, execute(made, "runs"));
    assertEquals(0, execute("", "runs", "--token", made));

    assertEquals(0, execute(admin, "token", "list"));
    String row =
        text().lines().filter(line -> line.contains(" pipeline ")).findFirst().orElseThrow();
    assertTrue(row.contains("active"), row);
    assertFalse(text().contains(made));
    assertEquals(0, execute(admin, "token", "list", "-o", "json"));
    assertTrue(Json.parse(text()) instanceof Map<?, ?> list && list.containsKey("tokens"));

    assertEquals(0, execute(admin, "token", "revoke", row.substring(0, 36)));
    assertTrue(said().contains("revoked"), this::said);
    assertEquals(2, execute(made, "runs"));
    assertTrue(said().contains("FANFARE_TOKEN"), this::said);
    assertEquals(0, execute(admin, "token", "list"));
    assertTrue(text().contains("revoked"), this::text);
  }

  @Test
  void what_the_token_may_not_is_said_with_the_scope_it_takes() {
    assertEquals(2, execute("", "runs"));
    assertTrue(said().contains("--token"), this::said);
    assertEquals(2, execute("fft_wrong", "runs"));
    assertEquals(2, execute("not a\ttoken", "runs"));
    assertTrue(said().contains("copy it again"), this::said);
    String read = secret(Scope.READ);
    assertEquals(0, execute(read, "runs"));
    assertEquals(2, execute(read, "token", "list"));
    assertTrue(said().contains("'admin'"), this::said);
  }

  @Test
  void a_wrong_wish_gets_a_sentence() {
    String admin = secret(Scope.ADMIN);
    assertEquals(2, execute(admin, "token"));
    assertEquals(2, execute(admin, "token", "create", "x"));
    assertEquals(2, execute(admin, "token", "create", "x", "--scope", "root"));
    assertTrue(said().contains("read, run, admin"), this::said);
    assertEquals(2, execute(admin, "token", "create", "x", "--scope", "run", "--expires", "soon"));
    assertTrue(said().contains("90d"), this::said);
    assertEquals(2, execute(admin, "token", "revoke", "nonsense"));
    assertTrue(said().contains("no token"), this::said);
  }
}
