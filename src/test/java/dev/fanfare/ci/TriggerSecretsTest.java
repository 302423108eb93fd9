package dev.fanfare.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.ci.TriggerScript.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the CI script says it is, and that nobody else learns how it proves that. */
class TriggerSecretsTest {

  private static final String RUN = "01a1fe68-7fa6-799b-b6fe-000eeca99cca";
  private static final String TOKEN = "ff_token.with-odd+characters/and=more~7391";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String SESSION = "IQoJb3JpZ2luX2VjE+/=session8412";

  /** What a request had in it, and whether a process showed a secret while it was answered. */
  private record Seen(
      String method, String path, String query, Headers headers, byte[] body, boolean leaked) {}

  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private String url;
  private volatile String refusedToken = "";

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.createContext("/sts", this::assume);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keep(exchange);
      String path = exchange.getRequestURI().getPath();
      boolean refused =
          !refusedToken.isEmpty()
              && refusedToken.equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
      String text =
          refused
              ? "{\"Message\":\"The security token is expired\"}"
              : path.endsWith("/events")
                  ? "1\t2026-11-21T14:00:23Z\trun.started\tx started\nover\t1\tsucceeded\n"
                  : "created: true\nid: " + RUN + "\nworkflow: x\nstatus: succeeded\n";
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(refused ? 403 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void keep(HttpExchange exchange) throws IOException {
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            String.valueOf(exchange.getRequestURI().getRawQuery()),
            exchange.getRequestHeaders(),
            exchange.getRequestBody().readAllBytes(),
            isShown()));
  }

  private void assume(HttpExchange exchange) throws IOException {
    try (exchange) {
      keep(exchange);
      int nth = (int) seen.stream().filter(one -> one.path().startsWith("/sts")).count();
      String xml =
          "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\n"
              + "<AccessKeyId>ASIA"
              + nth
              + "</AccessKeyId><SecretAccessKey>"
              + SECRET
              + "</SecretAccessKey>\n<SessionToken>"
              + SESSION
              + nth
              + "</SessionToken></Credentials></AssumeRoleWithWebIdentityResult>"
              + "</AssumeRoleWithWebIdentityResponse>";
      byte[] body = xml.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Whether the arguments of any process hold a secret at this moment. */
  private static boolean isShown() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> Stream.of(TOKEN, SECRET, SESSION).anyMatch(line::contains));
  }

  private static void assertHidden(Call call) {
    for (String secret : List.of(TOKEN, SECRET, SESSION, "Bearer")) {
      assertFalse((call.out() + call.err()).contains(secret), call::toString);
    }
  }

  @Test
  void a_token_reaches_the_server_and_nobody_else_even_where_the_shell_is_traced()
      throws Exception {
    Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    for (TriggerScript script :
        List.of(
            TriggerScript.at(url).with("FANFARE_TOKEN", TOKEN),
            TriggerScript.at(url).with("FANFARE_TOKEN_FILE", file.toString()),
            new TriggerScript(List.of("sh", "-x"), url).with("FANFARE_TOKEN", TOKEN))) {
      seen.clear();
      Call call = script.call("--workflow", "x");
      assertEquals(0, call.exitCode(), call::toString);
      assertHidden(call);
      assertEquals(3, seen.size());
      for (Seen one : seen) {
        assertEquals("Bearer " + TOKEN, one.headers().getFirst("Authorization"));
        assertFalse(one.leaked(), "a process shows the token");
      }
    }
  }

  @Test
  void a_token_that_would_add_lines_for_curl_is_refused() throws Exception {
    for (String bad : List.of("a\"\nurl = \"http://evil", "a\\", "a\nb")) {
      Call call = TriggerScript.at(url).with("FANFARE_TOKEN", bad).call("--workflow", "x");
      assertEquals(2, call.exitCode(), call::toString);
    }
    Call user = new TriggerScript(List.of("sh"), "https://me:secret@host").call("--workflow", "x");
    assertEquals(2, user.exitCode(), user::toString);
    assertFalse(user.err().contains("secret"), user::toString);
    assertEquals(0, seen.size());
  }

  @Test
  void requests_are_signed_for_aws_as_aws_checks_them() throws Exception {
    Call call =
        TriggerScript.at(url)
            .with("FANFARE_AUTH", "iam")
            .with("AWS_REGION", "eu-central-1")
            .with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .with("AWS_SECRET_ACCESS_KEY", SECRET)
            .with("AWS_SESSION_TOKEN", SESSION)
            .call("--workflow", "x", "-p", "a=ü & \"more\"");
    assertEquals(0, call.exitCode(), call::toString);
    assertHidden(call);
    assertEquals(3, seen.size());
    for (Seen one : seen) {
      assertEquals(signature(one), one.headers().getFirst("Authorization"), one.path());
      assertEquals(SESSION, one.headers().getFirst("X-Amz-Security-Token"));
      assertFalse(one.leaked(), "a process shows the key");
    }
  }

  @Test
  void a_role_is_taken_with_the_jobs_own_token_and_again_when_it_has_run_out() throws Exception {
    Path identity = Files.writeString(folder.resolve("jwt"), "eyJ.head.er\n");
    TriggerScript script =
        TriggerScript.at(url)
            .with("FANFARE_AUTH", "iam")
            .with("AWS_REGION", "eu-central-1")
            .with("AWS_ROLE_ARN", "arn:aws:iam::1:role/ci")
            .with("AWS_ENDPOINT_URL_STS", url + "/sts");
    refusedToken = SESSION + "1";
    Call call =
        script
            .with("AWS_WEB_IDENTITY_TOKEN_FILE", identity.toString())
            .call("--workflow", "x", "--no-wait");
    assertEquals(0, call.exitCode(), call::toString);
    assertHidden(call);
    List<Seen> all = List.copyOf(seen);
    assertEquals(
        List.of("/sts/", "/api/runs", "/sts/", "/api/runs"), all.stream().map(Seen::path).toList());
    String asked = new String(all.getFirst().body(), StandardCharsets.UTF_8);
    assertTrue(asked.contains("WebIdentityToken=eyJ.head.er&") || asked.endsWith("=eyJ.head.er"));
    assertTrue(asked.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fci"), asked);
    assertTrue(all.getLast().headers().getFirst("Authorization").contains("Credential=ASIA2/"));
    assertEquals(signature(all.getLast()), all.getLast().headers().getFirst("Authorization"));
    assertTrue(all.stream().noneMatch(Seen::leaked));

    refusedToken = SESSION + "3";
    Call none = script.with("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere").call("--workflow", "x");
    assertEquals(2, none.exitCode(), none::toString);
  }

  /** What AWS would compute, from what has come in. */
  private static String signature(Seen request) throws GeneralSecurityException {
    String authorization = request.headers().getFirst("Authorization");
    String key = authorization.replaceAll(".*Credential=([^/]+)/.*", "$1");
    String signed = authorization.replaceAll(".*SignedHeaders=([^,]+),.*", "$1");
    String date = request.headers().getFirst("X-Amz-Date");
    String scope = date.substring(0, 8) + "/eu-central-1/lambda/aws4_request";
    assertTrue(List.of(signed.split(";")).contains("host"), signed);
    String headers =
        Arrays.stream(signed.split(";"))
            .map(name -> name + ":" + request.headers().getFirst(name).strip() + "\n")
            .collect(Collectors.joining());
    String query =
        request.query().equals("null")
            ? ""
            : Arrays.stream(request.query().split("&")).sorted().collect(Collectors.joining("&"));
    String canonical =
        String.join(
            "\n",
            request.method(),
            request.path(),
            query,
            headers,
            signed,
            hex(MessageDigest.getInstance("SHA-256").digest(request.body())));
    String text =
        "AWS4-HMAC-SHA256\n"
            + date
            + "\n"
            + scope
            + "\n"
            + hex(
                MessageDigest.getInstance("SHA-256")
                    .digest(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] signing = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      signing = hmac(signing, part);
    }
    return "AWS4-HMAC-SHA256 Credential="
        + key
        + "/"
        + scope
        + ", SignedHeaders="
        + signed
        + ", Signature="
        + hex(hmac(signing, text));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
