package dev.fanfare.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.EventService;
import dev.fanfare.function.WaitServices;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.json.Json;
import dev.fanfare.secret.EnvironmentSecrets;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.call.JavaStep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The workflows in the documentation run and end as written above them.
 *
 * <p>{@code <!-- runnable: STATUS {outputs} {params} -->} before a block runs it, {@code <!--
 * planned -->} compiles it. Outputs and parameters are JSON and may be left out. What somebody does
 * while it waits follows after {@code |}: {@code approve STEP {form}}, {@code deny STEP}, {@code
 * publish EVENT {payload}}, {@code call STEP {payload}}. {@code $SERVER} is a server of a shop.
 *
 * <p>{@code <!-- file: NAME -->} before a block puts it, under that name, beside the next one;
 * {@code <!-- warns: CODE -->} before all of that names the one warning it has.
 */
class DocumentedWorkflowsTest {

  private static final List<Path> PAGES =
      List.of(
          Path.of("README.md"),
          Path.of("docs", "getting-started.md"),
          Path.of("docs", "language.md"));

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:<!-- warns: (\\S+) -->\n"
              + ")?(?:<!-- (runnable: [^>]*|planned|file: [^>]*) -->\n"
              + ")?```yaml\n"
              + "(.*?)```",
          Pattern.DOTALL);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TestEngine engine;
  private static FunctionServer functions;
  private static HttpServer shop;

  /**
   * A workflow of a page.
   *
   * @param beside files beside it, by name
   * @param warns the code of the one warning it has
   */
  record Documented(
      String page,
      String name,
      String mark,
      String source,
      Map<String, String> beside,
      Optional<String> warns) {
    static Documented of(Path page, MatchResult block, Map<String, String> beside) {
      String source = block.group(3);
      String name = source.lines().findFirst().orElse("").replace("name: ", "");
      String mark = block.group(2) == null ? "" : block.group(2).strip();
      Optional<String> warns = Optional.ofNullable(block.group(1));
      return new Documented(
          page.getFileName().toString(), name.split(" ", 2)[0], mark, source, beside, warns);
    }

    /** The name under which it is to be put beside the next one, empty for most. */
    Optional<String> fileName() {
      return mark.startsWith("file: ") ? Optional.of(mark.replace("file: ", "")) : Optional.empty();
    }

    @Override
    public String toString() {
      return page + ": " + name;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    functions =
        FunctionServer.start()
            .function("deploy-app", FunctionServer.Answer::of)
            .function("tell-everybody", payload -> FunctionServer.Answer.of(true));
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext("/orders", exchange -> answer(exchange, "{\"price\": 14}"));
    shop.start();
    engine =
        TestEngine.with(
            options ->
                options
                    .with(new Cloud(Optional.of(functions.uri()), Map.of()))
                    .withSecrets(
                        new EnvironmentSecrets(Map.of("FANFARE_SECRET_TOKEN", "s3cr3t-t0k3n"))));
    engine.bean(
        "double", (JavaStep) (context, input) -> 2 * (Long) ((Map<?, ?>) input).get("value"));
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterAll
  static void stop() {
    engine.close();
    functions.close();
    shop.stop(0);
  }

  static Stream<Documented> blocks() throws IOException {
    List<Documented> blocks = new ArrayList<>();
    for (Path page : PAGES) {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      Map<String, String> beside = new LinkedHashMap<>();
      for (MatchResult match : matcher.results().toList()) {
        Documented block = Documented.of(page, match, Map.copyOf(beside));
        blocks.add(block);
        if (block.fileName().isPresent()) {
          beside.put(block.fileName().get(), block.source());
        } else {
          beside.clear();
        }
      }
    }
    return blocks.stream();
  }

  static Stream<Documented> runnable() throws IOException {
    return blocks().filter(block -> block.mark().startsWith("runnable: "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runnable")
  void a_workflow_of_the_documentation_ends_as_it_says(Documented block, @TempDir Path folder)
      throws Exception {
    String mark =
        block.mark().replace("$SERVER", "http://127.0.0.1:" + shop.getAddress().getPort());
    String[] parts = mark.replace("runnable: ", "").split(" \\| ");
    String[] words = parts[0].split(" ", 2);
    List<Map<String, Object>> values = objects(words.length > 1 ? words[1] : "");

    Map<String, Object> params = values.size() > 1 ? values.get(1) : Map.of();
    for (Map.Entry<String, String> file : block.beside().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    UUID id = engine.startIn(folder, block.source(), params);
    for (String action : List.of(parts).subList(1, parts.length)) {
      act(id, action.split(" ", 3));
    }
    TestEngine.Outcome run = engine.await(id);

    assertEquals(words[0], run.status(), run.json().toString());
    if (!values.isEmpty()) {
      assertEquals(values.getFirst(), run.outputs(), run.json().toString());
    }
  }

  /** Does what a person or another system does while a run waits. */
  private static void act(UUID run, String[] words) throws Json.JsonException {
    Object value = words.length > 2 ? Json.parse(words[2]) : null;
    WaitServices waits = engine.room().waits();
    switch (words[0]) {
      case "approve", "deny" -> {
        Map<?, ?> form = value == null ? null : (Map<?, ?>) value;
        waitFor(run, wait -> words[1].equals(wait.get("step")));
        waits
            .approvals()
            .judge(
                new ApprovalService.Judgement(
                    run, words[1], words[0].equals("approve"), "ann", "", typed(form)))
            .await()
            .atMost(PATIENCE);
      }
      case "publish" -> {
        waitFor(run, wait -> words[1].equals(wait.get("event")));
        waits
            .events()
            .publish(new EventService.Publication(words[1], Optional.empty(), value))
            .await()
            .atMost(PATIENCE);
      }
      case "call" -> {
        Map<?, ?> wait = waitFor(run, each -> words[1].equals(each.get("step")));
        String token = String.valueOf(wait.get("path")).replace("/api/callbacks/", "");
        waits.callbacks().call(token, value, Optional.empty()).await().atMost(PATIENCE);
      }
      default -> throw new AssertionError("nobody can " + words[0]);
    }
  }

  private static @Nullable Map<String, Object> typed(@Nullable Map<?, ?> form) {
    if (form == null) {
      return null;
    }
    Map<String, Object> typed = new LinkedHashMap<>();
    form.forEach((key, value) -> typed.put(String.valueOf(key), value));
    return typed;
  }

  /** What a step of the run waits for, with the step; returns once there is one. */
  private static Map<?, ?> waitFor(UUID run, Predicate<Map<?, ?>> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Object each : (List<?>) engine.outcome(run).json().get("steps")) {
        Map<?, ?> step = (Map<?, ?>) each;
        if (step.get("waitsFor") instanceof Map<?, ?> wait) {
          Map<Object, Object> found = new LinkedHashMap<>(wait);
          found.put("step", step.get("id"));
          if (wanted.test(found)) {
            return found;
          }
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    throw new AssertionError("waited in vain: " + engine.outcome(run).json());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void a_workflow_of_the_documentation_has_no_mistake_and_no_warning(Documented block) {
    Graphs.Read read =
        Graphs.read(
            new Graphs.File(
                block.source().getBytes(StandardCharsets.UTF_8), "page.yaml", Optional.empty()));
    assertEquals(List.of(), read.diagnostics().stream().map(Diagnostic::oneLine).toList());
    Workflow workflow = read.workflow().orElseThrow();
    CompileInputs inputs = new CompileInputs(Map.of(), Map.of(), Map.of());
    assertEquals(
        block.warns().stream().toList(),
        GraphCompiler.compile(workflow, inputs).diagnostics().stream()
            .map(found -> found.isError() ? found.oneLine() : found.code())
            .toList());
  }

  @Test
  void every_workflow_of_the_documentation_is_run_or_planned() throws IOException {
    assertTrue(runnable().count() >= 15);
    assertEquals(
        List.of(), blocks().filter(b -> b.mark().isEmpty()).map(Documented::toString).toList());
  }

  /** JSON objects one after another, on one line. */
  private static List<Map<String, Object>> objects(String text) throws Json.JsonException {
    List<Map<String, Object>> objects = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (text.charAt(i) == '}' && depth == 0) {
        objects.add(Json.parseOwnObject(text.substring(from, i + 1).strip()));
        from = i + 1;
      }
    }
    return objects;
  }
}
