package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.CalledTriggers;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.EventService;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.json.Json;
import dev.fanfare.store.RunView;
import dev.fanfare.testing.EchoServer;
import dev.fanfare.work.TraceContext;
import dev.fanfare.work.call.JavaStep;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The trace that a run was started with, where its steps find it. */
class TracesTest {

  private static final TraceContext TRACE =
      new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, "rojo=1");

  private static final String SHOW = "echo \"$TRACEPARENT [$TRACESTATE]\"";

  private static RunView run(
      Stage stage, EngineRoom room, Map<String, Object> context, String yaml) {
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(), file(yaml), Map.of(), Map.of(), context, Optional.empty());
    TriggerService.Started started =
        (TriggerService.Started) room.trigger().start(request).await().atMost(Stage.PATIENCE);
    return stage.end(started.run());
  }

  private static Graphs.File file(String yaml) {
    return new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "t.yaml", Optional.empty());
  }

  private static Map<String, Object> traced() {
    return Map.of("traceparent", TRACE.parent(), "tracestate", TRACE.state());
  }

  private static String parent(RunView run, String step, int attempt) {
    return TraceContext.ofRun(run.id(), run.context()).attempt(run.id(), step, attempt).parent();
  }

  private static Object output(RunView run, String step) {
    return String.valueOf(Stage.step(run, step).output());
  }

  private static Map<?, ?> headers(EchoServer server, int request) throws Json.JsonException {
    return (Map<?, ?>) ((Map<?, ?>) Json.parse(server.seen().get(request))).get("headers");
  }

  @Test
  void steps_of_all_kinds_hand_on_the_trace_of_the_run_each_with_its_span() throws Exception {
    try (Stage stage = new Stage();
        EchoServer server = new EchoServer()) {
      stage.bean(
          "bean",
          (JavaStep) (step, input) -> step.trace().parent() + " [" + step.trace().state() + "]");
      RunView run =
          run(
              stage,
              stage.engine(),
              traced(),
              """
              name: traced
              steps:
                script: { run: 'SHOW' }
                request: { http: { url: "BASE/echo" } }
                bean: { call: bean }
              """
                  .replace("SHOW", SHOW)
                  .replace("BASE", server.base()));
      assertEquals("succeeded", run.status());
      assertEquals(parent(run, "script", 1) + " [rojo=1]", output(run, "script"));
      assertEquals(parent(run, "bean", 1) + " [rojo=1]", output(run, "bean"));
      Map<?, ?> headers = headers(server, 0);
      assertEquals(List.of(parent(run, "request", 1)), headers.get("Traceparent"));
      assertEquals(List.of("rojo=1"), headers.get("Tracestate"));
      assertEquals(
          3,
          List.of("script", "request", "bean").stream()
              .map(step -> parent(run, step, 1))
              .distinct()
              .count());
    }
  }

  @Test
  void a_retry_is_another_span_of_the_same_trace() {
    try (Stage stage = new Stage()) {
      RunView run =
          run(
              stage,
              stage.engine(),
              traced(),
              """
              name: retried
              steps:
                flaky: { retry: { attempts: 2, delay: 1ms }, run: 'test "$FANFARE_ATTEMPT" = 2 && SHOW' }
              """
                  .replace("SHOW", SHOW));
      assertEquals(parent(run, "flaky", 2) + " [rojo=1]", output(run, "flaky"));
    }
  }

  @Test
  void a_step_that_is_delivered_twice_has_the_same_span() {
    try (Stage stage = new Stage()) {
      EngineRoom room =
          stage.engine(
              Stage.HASTY,
              inside ->
                  steps -> {
                    inside.invoke(steps);
                    inside.invoke(steps);
                  });
      RunView run = run(stage, room, traced(), "name: t\nsteps:\n  a: { run: '" + SHOW + "' }\n");
      assertEquals(parent(run, "a", 1) + " [rojo=1]", output(run, "a"));
    }
  }

  @Test
  void what_a_workflow_sets_itself_is_left_as_it_is() throws Exception {
    try (Stage stage = new Stage();
        EchoServer server = new EchoServer()) {
      RunView run =
          run(
              stage,
              stage.engine(),
              traced(),
              """
              name: own
              steps:
                script: { env: { TRACEPARENT: mine }, run: 'SHOW' }
                request: { http: { url: "BASE/echo", headers: { TraceParent: mine } } }
              """
                  .replace("SHOW", SHOW)
                  .replace("BASE", server.base()));
      assertEquals("mine []", output(run, "script"));
      assertEquals(List.of("mine"), headers(server, 0).get("Traceparent"));
      assertFalse(headers(server, 0).containsKey("Tracestate"));
    }
  }

  @Test
  void a_run_without_a_trace_or_with_a_malformed_one_is_a_trace_by_its_id() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String yaml = "name: t\nsteps:\n  a: { run: '" + SHOW + "' }\n";
      for (Map<String, Object> context :
          List.<Map<String, Object>>of(
              Map.of(), Map.of("traceparent", "00-nonsense", "tracestate", "rojo=1"))) {
        RunView run = run(stage, room, context, yaml);
        assertEquals(
            "00-" + run.id().toString().replace("-", ""),
            String.valueOf(output(run, "a")).substring(0, 35));
        assertEquals(parent(run, "a", 1) + " []", output(run, "a"));
      }
    }
  }

  @Test
  void what_is_called_or_published_starts_runs_in_the_trace_of_its_sender() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      String yaml =
          """
          name: listens
          triggers: [{ event: traced }, { webhook: { path: traced } }]
          steps:
            a: { run: 'SHOW' }
          """
              .replace("SHOW", SHOW);
      Graphs.File file = file(yaml);
      room.registrations()
          .register(file, Graphs.read(file).workflow().orElseThrow())
          .await()
          .atMost(Stage.PATIENCE);
      CalledTriggers.Answered published =
          room.called()
              .publish(
                  new EventService.Publication("traced", Optional.empty(), Map.of()),
                  Optional.of(TRACE));
      assertInTrace(stage, published);
      CalledTriggers.Call call =
          new CalledTriggers.Call(
              "traced",
              Map.of("content-type", "application/json"),
              "{}".getBytes(StandardCharsets.UTF_8),
              Optional.of(TRACE));
      assertInTrace(stage, (CalledTriggers.Answered) room.called().call(call));
    }
  }

  private static void assertInTrace(Stage stage, CalledTriggers.Answered answered) {
    RunView run = stage.end(answered.runs().getFirst().run());
    assertEquals(TRACE.attempt(run.id(), "a", 1).parent() + " [rojo=1]", output(run, "a"));
  }

  @Test
  void a_run_that_a_step_starts_is_below_the_span_of_that_step() {
    try (Stage stage = new Stage()) {
      EngineRoom room = stage.engine();
      stage.register("below", "name: below\nsteps:\n  a: { run: '" + SHOW + "' }\n");
      RunView run = run(stage, room, traced(), "name: top\nsteps:\n  go: { workflow: below }\n");
      RunView child = stage.end(UUID.fromString(Stage.step(run, "go").child().orElseThrow()));
      assertEquals(parent(run, "go", 1), child.context().get("traceparent"));
      assertEquals("rojo=1", child.context().get("tracestate"));
      assertEquals(TRACE.attempt(child.id(), "a", 1).parent() + " [rojo=1]", output(child, "a"));
    }
  }
}
