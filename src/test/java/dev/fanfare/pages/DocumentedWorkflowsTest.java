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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
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

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TestEngine engine;
  private static FunctionServer functions;
  private static HttpServer shop;

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

  static Stream<DocumentedWorkflow> blocks() throws IOException {
    return DocumentedWorkflow.all().stream();
  }

  static Stream<DocumentedWorkflow> runnable() throws IOException {
    return blocks().filter(DocumentedWorkflow::isRunnable);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runnable")
  void a_workflow_of_the_documentation_ends_as_it_says(
      DocumentedWorkflow block, @TempDir Path folder) throws Exception {
    DocumentedWorkflow.Expected expected =
        block.expected("http://127.0.0.1:" + shop.getAddress().getPort());
    for (Map.Entry<String, String> file : block.beside().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    UUID id = engine.startIn(folder, block.source(), expected.params());
    for (String action : expected.actions()) {
      act(id, action.split(" ", 3));
    }
    TestEngine.Outcome run = engine.await(id);

    assertEquals(expected.status(), run.status(), run.json().toString());
    if (expected.outputs().isPresent()) {
      assertEquals(expected.outputs().get(), run.outputs(), run.json().toString());
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
  void a_workflow_of_the_documentation_has_no_mistake_and_no_warning(DocumentedWorkflow block) {
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
        List.of(),
        blocks().filter(b -> b.mark().isEmpty()).map(DocumentedWorkflow::toString).toList());
  }
}
