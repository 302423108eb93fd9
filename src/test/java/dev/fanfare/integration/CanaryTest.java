package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.EventService;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.function.WaitServices;
import dev.fanfare.json.Json;
import dev.fanfare.secret.EnvironmentSecrets;
import dev.fanfare.store.LogStore;
import dev.fanfare.testing.EchoServer;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.testing.Traces;
import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.call.ReactiveStep;
import dev.fanfare.work.log.LogStream;
import io.smallrye.mutiny.Uni;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A canary is planted in every channel, and found nowhere. */
class CanaryTest {

  private static final String CANARY = "cAn4ry-7f3d91c2e8";
  private static final String ODD = "p@ss w/rd+\"q\"&'ü'\\x=%41";
  private static final String KEY =
      "-----BEGIN CANARY-----\n"
          + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"
          + "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n"
          + "-----END CANARY-----\n";
  private static final String NUMBER = "83125097";

  private static final Traces TRACES = new Traces(CANARY, ODD, KEY, NUMBER);

  private final List<String> engineLog = new CopyOnWriteArrayList<>();
  private final Handler listener = new Listener();
  private final Map<String, Object> given = Collections.synchronizedMap(new LinkedHashMap<>());
  private EchoServer server;
  private TestEngine engine;
  private Level level;

  private final class Listener extends Handler {
    @Override
    public void publish(LogRecord record) {
      StringWriter text = new StringWriter();
      text.append(String.valueOf(record.getMessage()));
      Object[] parameters = record.getParameters();
      text.append(parameters == null ? "" : Arrays.toString(parameters));
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(new PrintWriter(text));
      }
      engineLog.add(text.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() {
    Logger house = Logger.getLogger("dev.fanfare");
    level = house.getLevel();
    house.setLevel(Level.ALL);
    listener.setLevel(Level.ALL);
    Logger.getLogger("").addHandler(listener);
    server = new EchoServer();
    engine =
        TestEngine.with(
                new EnvironmentSecrets(
                    Map.of(
                        "FANFARE_SECRET_TOKEN", CANARY,
                        "FANFARE_SECRET_ODD", ODD,
                        "FANFARE_SECRET_KEY", KEY,
                        "FANFARE_SECRET_PIN", NUMBER)))
            .bean("leak", (JavaStep) this::leak)
            .bean("throw", (JavaStep) this::thrown)
            .bean(
                "fail",
                (ReactiveStep)
                    (context, input) ->
                        Uni.createFrom().failure(new IllegalStateException("with " + input)));
  }

  @AfterEach
  void stop() {
    Logger.getLogger("").removeHandler(listener);
    Logger.getLogger("dev.fanfare").setLevel(level);
    engine.close();
    server.close();
  }

  private Object leak(dev.fanfare.work.call.StepContext context, Object input) {
    given.put(context.step(), input);
    context.log().line(LogStream.OUT, "given " + input);
    context.log().line(LogStream.OUT, Json.write(input));
    return Map.of("given", input, CANARY, List.of(CANARY, 83125097L, Map.of("x", "a" + ODD)));
  }

  private Object thrown(dev.fanfare.work.call.StepContext context, Object input) {
    throw new IllegalStateException("cannot log in with " + input, new RuntimeException(CANARY));
  }

  private TestEngine.Outcome run(String steps, Object... values) {
    return engine.run(
        "name: w\nsecrets: [TOKEN, ODD, KEY, PIN]\nsteps:\n" + steps.formatted(values));
  }

  private void nothingIsLeftOf(TestEngine.Outcome run) {
    assertEquals(List.of(), TRACES.in(Json.write(run.json())));
    assertEquals(List.of(), TRACES.in(engine.database()));
    assertEquals(List.of(), TRACES.in(String.join("\n", engineLog)));
    assertEquals(List.of(), TRACES.in(engine.home().resolve("scratch")));
  }

  private String log(TestEngine.Outcome run, String step) {
    List<LogStore.Chunk> chunks =
        engine
            .room()
            .logs()
            .ofStep(UUID.fromString(String.valueOf(run.json().get("id"))), step, 1, -1, 1_000)
            .await()
            .indefinitely();
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.body()));
    return text.toString();
  }

  @Test
  void a_script_that_prints_its_secrets_in_every_way_leaves_none() {
    TestEngine.Outcome run =
        run(
            """
              print:
                env: { T: "${{ secrets.TOKEN }}", O: "${{ secrets.ODD }}", K: "${{ secrets.KEY }}" }
                shell: bash
                run: |
                  test "$T" = "$(cat /proc/self/environ | tr '\\0' '\\n' | sed -n 's/^T=//p')"
                  echo "got ${#T} ${#O} ${#K}"
                  echo "token $T"; echo "error $T" >&2; echo "odd $O"; echo "$K"; echo $K
                  printf '%%s' "$T" | base64; printf 'user:%%s' "$T" | base64; echo "$K" | base64
                  printf 'Basic %%s' "$(printf 'me:%%s' "$O" | base64 -w0)"; echo
                  printf '%%q\\n' "$O"; set -x; : "$O" "$T"; set +x
                  printf '%%s' "${T:0:6}"; sleep 0.1; printf '%%s\\n' "${T:6}"
                  head -c 16380 /dev/zero | tr '\\0' x; echo "$T"
                  head -c 20000 /dev/zero | tr '\\0' "y"; printf '%%s' "$T"
                  python3 - <<'EOF'
                  import json, os, urllib.parse
                  o = os.environ["O"]
                  print(json.dumps(o), json.dumps({"a": json.dumps(o)}), repr(o))
                  print(urllib.parse.quote(o), urllib.parse.quote_plus(o), urllib.parse.quote(o, safe=""))
                  EOF
                  grep -rF "$T" "$(dirname "$(dirname "$FANFARE_OUTPUT")")" && exit 9
                  exit 0
            """);
    assertEquals("succeeded", run.status("print"), run.json().toString());
    String log = log(run, "print");
    assertTrue(log.contains("got 17 %d %d".formatted(ODD.length(), KEY.length())), log);
    assertTrue(log.contains("token ***") && log.contains("error ***"), log.substring(0, 1500));
    nothingIsLeftOf(run);
  }

  @Test
  void outputs_of_a_script_leave_none() {
    TestEngine.Outcome run =
        run(
            """
              text: { run: echo "out $T", env: { T: "${{ secrets.TOKEN }}" } }
              pairs:
                env: { T: "${{ secrets.TOKEN }}", O: "${{ secrets.ODD }}", K: "${{ secrets.KEY }}" }
                run: |
                  echo "plain=$T" >> "$FANFARE_OUTPUT"
                  echo "odd=$O" >> "$FANFARE_OUTPUT"
                  printf 'key<<END\\n%%sEND\\n' "$K" >> "$FANFARE_OUTPUT"
                  echo "$T=1" | sed 's/-//' >> /dev/null
              json:
                env: { T: "${{ secrets.TOKEN }}", P: "${{ secrets.PIN }}" }
                run: |
                  printf '{"%%s": [{"deep": "%%s"}], "pin": %%s, "x": "%%s"}' "$T" "a $T b" "$P" "$P" > o.json
                outputs: { o: { json: o.json } }
              read: { needs: json, run: cat o.json }
              reads: { pass: { output: "${{ steps.text.output + steps.read.output }}" } }
            """);
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals("out ***", run.output("text"));
    assertEquals(Map.of("plain", "***", "odd", "***", "key", "***"), run.output("pairs"));
    assertEquals("{o={***=[{deep=a *** b}], pin=***, x=***}}", String.valueOf(run.output("json")));
    assertTrue(String.valueOf(run.output("reads")).startsWith("out ***{\"***\""));
    nothingIsLeftOf(run);
  }

  @Test
  void scripts_that_fail_leave_none() {
    String step =
        """
          %s:
            onFailure: tolerate
            env: { T: "${{ secrets.TOKEN }}", K: "${{ secrets.KEY }}", L: "%s" }
            run: |
              %s
            outputs: %s
        """;
    String sixty = "x".repeat(70);
    TestEngine.Outcome run =
        run(
            "%s",
            step.formatted("exit", sixty, "echo \"$L$T\"; echo $K; echo \"last $T\"; exit 3", "{}")
                + step.formatted("pair", sixty, "echo \"$L$T\" > \"$FANFARE_OUTPUT\"", "{}")
                + step.formatted(
                    "notjson", sixty, "echo \"$T$K\"", "{ o: { stdout: true, jmespath: a } }")
                + step.formatted("nofile", sixty, "echo $T", "{ o: { file: none } }")
                + step.formatted("tail", "y".repeat(490), "echo \"$L$T\"; exit 1", "{}")
                + "  retried: { retry: 2, onFailure: tolerate, env: { T: \"${{ secrets.TOKEN }}\""
                + " }, run: 'echo $T; exit 1' }\n"
                + "  late: { timeout: 300ms, onFailure: tolerate, env: { T: \"${{ secrets.TOKEN"
                + " }}\" }, run: 'echo $T; sleep 30' }\n");
    assertEquals("failed", run.status("exit"));
    assertTrue(
        String.valueOf(run.step("exit").get("error")).contains("last ***"), run.json().toString());
    assertEquals("failed", run.status("notjson"));
    assertEquals("timed_out", run.status("late"));
    for (int cut = 5; cut < CANARY.length(); cut++) {
      String part = CANARY.substring(0, cut);
      assertFalse(Json.write(run.json()).contains(part), part);
    }
    nothingIsLeftOf(run);
  }

  @Test
  void requests_leave_none() {
    TestEngine.Outcome run =
        run(
            """
              echo:
                http:
                  method: POST
                  url: "%1$s/echo?t=${{ secrets.TOKEN }}"
                  headers: { Authorization: "Bearer ${{ secrets.TOKEN }}", X-Pin: "${{ secrets.PIN }}" }
                  query: { o: "${{ secrets.ODD }}" }
                  body: { deep: ["${{ secrets.ODD }}", { t: "a ${{ secrets.TOKEN }}" }] }
              user: { http: { url: "http://me:${{ secrets.TOKEN }}@%2$s/echo" } }
              moved: { http: { url: "%1$s/redirect", query: { o: "${{ secrets.ODD }}" } } }
              refused:
                onFailure: tolerate
                http: { url: "%1$s/status/500", query: { o: "${{ secrets.ODD }}" } }
              nobody:
                onFailure: tolerate
                http: { url: "http://127.0.0.1:1/${{ secrets.TOKEN }}" }
              nourl: { onFailure: tolerate, http: { url: "${{ secrets.ODD }}" } }
              noheader:
                onFailure: tolerate
                http: { url: "%1$s/echo", headers: { X-Key: "${{ secrets.KEY }}" } }
            """,
            server.base(), server.base().substring("http://".length()));
    for (String ok : List.of("echo", "user", "moved")) {
      assertEquals("succeeded", run.status(ok), run.json().toString());
    }
    for (String bad : List.of("refused", "nobody", "nourl", "noheader")) {
      assertEquals("failed", run.status(bad), bad);
      assertTrue(bad.equals("nourl") || run.step(bad).toString().contains("***"), bad + run.json());
    }
    String sent = String.join("\n", server.seen());
    assertTrue(sent.contains("Bearer " + CANARY) && sent.contains(NUMBER));
    nothingIsLeftOf(run);
  }

  @Test
  void java_steps_leave_none() {
    TestEngine.Outcome run =
        run(
            """
              leak: { call: leak, with: { t: "x ${{ secrets.TOKEN }}", l: ["${{ secrets.ODD }}"] } }
              each: { forEach: [1, 2], call: leak, with: "${{ {'n': item, 't': secrets.KEY} }}" }
              throw: { onFailure: tolerate, call: throw, with: "${{ secrets.ODD }}" }
              fail: { onFailure: tolerate, call: fail, with: "${{ secrets.TOKEN }}" }
              race:
                race:
                  steps:
                    a: { call: leak, with: "${{ secrets.TOKEN }}" }
                    b: { call: leak, with: "${{ secrets.TOKEN }}" }
            """);
    assertEquals("partially_succeeded", run.status(), run.json().toString());
    assertEquals(Map.of("t", "x " + CANARY, "l", List.of(ODD)), given.get("leak"));
    assertEquals(Map.of("n", 2L, "t", KEY), given.get("each[1]"));
    assertTrue(
        String.valueOf(run.output("leak")).contains("***=[***, ***, {x=a***}]"),
        run.json()::toString);
    assertTrue(engineLog.stream().anyMatch(line -> line.contains("cannot log in with ***")));
    nothingIsLeftOf(run);
  }

  @Test
  void a_value_that_stands_in_the_workflows_env_reaches_a_script_and_leaves_none() {
    TestEngine.Outcome run =
        engine.run(
            """
            name: w
            secrets: [TOKEN]
            env: { AUTH: "Bearer ${{ secrets.TOKEN }}" }
            steps:
              script: { run: 'echo "${#AUTH} $AUTH"' }
              request: { http: { url: "%s/echo", headers: { Authorization: "${{ env.AUTH }}" } } }
            """
                .formatted(server.base()));
    assertEquals(("Bearer " + CANARY).length() + " Bearer ***", run.output("script"));
    assertEquals("succeeded", run.status("request"));
    assertTrue(server.seen().getFirst().contains("Bearer " + CANARY));
    nothingIsLeftOf(run);
  }

  @Test
  void what_a_run_is_given_leaves_none() {
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(),
            new Graphs.File(
                """
                name: w
                secrets: [TOKEN, ODD]
                params: { a: { type: string }, b: { type: object, default: {} } }
                steps:
                  show: { pass: { output: { p: "${{ params }}", e: "${{ event }}" } } }
                  ask: { approval: { message: "for ${{ event.by }}" } }
                """
                    .getBytes(StandardCharsets.UTF_8),
                "test.yaml",
                Optional.empty()),
            Map.of("a", "x " + CANARY, "b", Map.of("deep", List.of(ODD))),
            Map.of("body", Map.of("token", base64("me:" + CANARY)), "by", CANARY),
            Map.of("trigger", "test", "branch", CANARY),
            Optional.of("key-" + CANARY));
    TriggerService.Result result = engine.room().trigger().start(request).await().indefinitely();
    UUID id = ((TriggerService.Started) result).run();
    assertEquals(
        List.of("context.branch", "event.body", "event.by", "params.a", "params.b"),
        ((TriggerService.Started) result)
            .warnings().stream().map(warning -> warning.message().split(" ")[0]).sorted().toList());
    ApprovalService.Judgement judgement =
        new ApprovalService.Judgement(id, "ask", true, "me " + CANARY, "since " + ODD, null);
    Stage.until(
        "it is approved",
        () ->
            engine.room().waits().approvals().judge(judgement).await().indefinitely()
                instanceof ApprovalService.Answer.Decided);
    TestEngine.Outcome run = engine.await(id);
    assertEquals("succeeded", run.status());
    assertTrue(run.output("show").toString().contains("a=x ***"), run.json()::toString);
    nothingIsLeftOf(run);
  }

  @Test
  void what_a_callback_or_an_event_brings_leaves_none() {
    UUID id =
        engine.start(
            """
            name: w
            secrets: [TOKEN, ODD]
            steps:
              news: { waitFor: { event: news } }
              back: { waitFor: { callback: true } }
            """);
    WaitServices waits = engine.room().waits();
    Stage.until(
        "it has the news",
        () ->
            waits
                    .events()
                    .publish(
                        new EventService.Publication(
                            "news", Optional.empty(), Map.of("text", "it is " + CANARY)))
                    .await()
                    .indefinitely()
                    .woken()
                > 0);
    String token = token(id);
    waits
        .callbacks()
        .call(token, Map.of(ODD, List.of(CANARY)), Optional.empty())
        .await()
        .indefinitely();
    TestEngine.Outcome run = engine.await(id);
    assertEquals("succeeded", run.status(), run.json()::toString);
    nothingIsLeftOf(run);
  }

  private String token(UUID run) {
    try (Connection connection = engine.database().connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT detail ->> 'token' FROM step WHERE path = 'back' AND run_id = '"
                    + run
                    + "'")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_search_finds_what_is_not_covered() {
    for (String printed : List.of(CANARY, ODD, KEY, base64(CANARY), base64("me:" + CANARY))) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: open
              params: { text: { type: string } }
              steps: { a: { run: 'echo "$TEXT"', env: { TEXT: "${{ params.text }}" } } }
              """,
              Map.of("text", printed));
      String tables = String.join("\n", TRACES.in(engine.database()));
      for (String table : List.of("run: ", "step: ", "log_chunk: ")) {
        assertTrue(tables.contains(table), printed + " in " + table + ": " + tables);
      }
      assertFalse(TRACES.in(Json.write(run.json())).isEmpty(), printed);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_looks_like_a_placeholder_is_none() {
    List<String> guesses = new ArrayList<>();
    for (String guess : List.of("<secret::TOKEN>", "<secret:x:TOKEN>", "${{ secrets.TOKEN }}")) {
      guesses.add(guess);
    }
    TestEngine.Outcome run =
        engine.run(
            """
            name: w
            secrets: [TOKEN]
            params: { guesses: { type: array } }
            steps:
              a: { call: leak, with: { g: "${{ params.guesses }}", t: "${{ secrets.TOKEN }}" } }
            """,
            Map.of("guesses", guesses));
    assertEquals("succeeded", run.status());
    assertEquals(Map.of("g", guesses, "t", CANARY), given.get("a"));
  }
}
