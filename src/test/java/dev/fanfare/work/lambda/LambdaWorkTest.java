package dev.fanfare.work.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.secret.Masker;
import dev.fanfare.testing.FunctionServer;
import dev.fanfare.testing.FunctionServer.Answer;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.LambdaInput;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.log.LogSink;
import dev.fanfare.work.log.LogStream;
import io.smallrye.mutiny.subscription.Cancellable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LambdaWorkTest {

  private static final UUID RUN = new UUID(7, 1);
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private Masker masker = Masker.NONE;
  private FunctionServer server;
  private LambdaService service;

  @BeforeEach
  void start() {
    server = FunctionServer.start();
    service = new LambdaService(Optional.of(server.uri()));
  }

  @AfterEach
  void stop() {
    service.close();
    server.close();
  }

  private Assignment assignment(String key) {
    LogSink log =
        new LogSink() {
          @Override
          public void line(LogStream stream, String text) {
            lines.add(masker.mask(text));
          }

          @Override
          public Masker masker() {
            return masker;
          }
        };
    return new Assignment(
        RUN,
        "w",
        "deploy[2]",
        3,
        key,
        Path.of("."),
        log,
        new Pulse(),
        Optional.empty(),
        Assignments.TRACE);
  }

  private Outcome call(String function, Object payload, boolean await) {
    return new LambdaWork(service)
        .work(assignment("key-1"), new LambdaInput(function, payload, await))
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private ErrorInfo error(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome).error();
  }

  @Test
  void a_function_gets_its_payload_and_yields_what_it_returns() {
    server.function("add", payload -> Answer.of(Map.of("sum", 5L, "of", List.of(payload))));
    Outcome outcome = call("add", Map.of("a", 2L, "b", 3L), true);
    assertEquals(
        Outcome.Succeeded.of(Map.of("sum", 5L, "of", List.of(Map.of("a", 2L, "b", 3L)))), outcome);
    FunctionServer.Call call = server.calls().getFirst();
    assertEquals("RequestResponse", call.type());
    assertEquals(Map.of("a", 2L, "b", 3L), call.payload());
  }

  @Test
  void a_function_learns_who_calls_and_whether_it_was_called_before() {
    server.function("f", payload -> Answer.of(null));
    assertEquals(Outcome.Succeeded.of(null), call("f", Map.of(), true));
    assertEquals(
        Map.of(
            "custom",
            Map.of(
                "run",
                RUN.toString(),
                "step",
                "deploy[2]",
                "attempt",
                "3",
                "idempotencyKey",
                "key-1",
                "traceparent",
                Assignments.TRACE.parent())),
        server.calls().getFirst().context());
  }

  @Test
  void a_long_key_takes_the_room_of_the_trace() {
    server.function("f", payload -> Answer.of(null));
    String key = "k".repeat(2_550);
    Outcome outcome =
        new LambdaWork(service)
            .work(assignment(key), new LambdaInput("f", Map.of(), true))
            .await()
            .atMost(Duration.ofSeconds(30));
    assertEquals(Outcome.Succeeded.of(null), outcome);
    String context = String.valueOf(server.calls().getFirst().context());
    assertTrue(context.contains(key));
    assertFalse(context.contains("traceparent"));
  }

  @Test
  void a_function_that_nobody_waits_for_is_left_to_the_service() {
    server.function("f", payload -> Answer.thrown("Boom", "nobody sees it"));
    assertEquals(Outcome.Succeeded.of(null), call("f", List.of(1L), false));
    assertEquals("Event", server.calls().getFirst().type());
  }

  @Test
  void what_a_function_throws_fails_the_attempt_and_is_kept() {
    server.function("f", payload -> Answer.thrown("IllegalState", "no stock"));
    Outcome outcome = call("f", Map.of(), true);
    ErrorInfo error = error(outcome);
    assertEquals("lambda_failed", error.code());
    assertEquals("the function 'f' failed with IllegalState: no stock", error.message());
    assertEquals("IllegalState", error.details().get("errorType"));
    assertEquals(
        Map.of("errorType", "IllegalState", "errorMessage", "no stock"),
        ((Outcome.Failed) outcome).output());
    assertEquals(1, server.calls().size(), "the step's retry is the only one");
  }

  @Test
  void the_end_of_a_functions_log_is_the_log_of_the_step() {
    server.function("f", payload -> new Answer(200, "", 1L, "START\nhello\nEND"));
    assertEquals(Outcome.Succeeded.of(1L), call("f", Map.of(), true));
    assertEquals(List.of("START", "hello", "END"), lines);
  }

  @Test
  void a_log_whose_beginning_is_cut_off_shows_no_part_of_a_secret() {
    String tail = "ter2 is the token\n" + "x".repeat(4_096 - 36) + "\nwith hunter2 i";
    server.function("f", payload -> new Answer(200, "", 1L, tail + "n it"));
    masker = Masker.of(List.of("hunter2"));
    call("f", Map.of(), true);
    assertEquals(List.of("x".repeat(4_096 - 36), "with *** in it"), lines);
    masker = Masker.NONE;
    lines.clear();
    call("f", Map.of(), true);
    assertEquals("ter2 is the token", lines.getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "429, TooManyRequestsException, lambda_throttled",
    "403, AccessDeniedException, lambda_denied",
    "404, ResourceNotFoundException, lambda_not_found",
    "413, RequestTooLargeException, lambda_payload_too_large",
    "400, InvalidRequestContentException, lambda_rejected",
    "500, ServiceException, lambda_unavailable",
    "502, EC2UnexpectedException, lambda_unavailable"
  })
  void what_the_service_refuses_has_a_code_and_its_status(int status, String type, String code) {
    server.function("f", payload -> Answer.refused(status, type, "said so"));
    ErrorInfo error = error(call("f", Map.of(), true));
    assertEquals(code, error.code());
    assertEquals((long) status, error.details().get("status"));
    assertTrue(error.message().contains("'f'") && error.message().contains("said so"));
    assertEquals(1, server.calls().size(), "the step's retry is the only one");
  }

  @Test
  void an_unknown_function_is_named() {
    ErrorInfo error = error(call("nobody", Map.of(), false));
    assertEquals("lambda_not_found", error.code());
    assertTrue(error.message().startsWith("Lambda has no function 'nobody' here"));
  }

  @Test
  void a_service_that_cannot_be_reached_is_unavailable() {
    server.close();
    ErrorInfo error = error(call("f", Map.of(), true));
    assertEquals("lambda_unavailable", error.code());
  }

  @Test
  void without_credentials_the_message_says_so() {
    System.clearProperty("aws.accessKeyId");
    System.setProperty("aws.accessKeyId", "");
    try {
      ErrorInfo error = error(call("f", Map.of(), true));
      assertEquals("lambda_unavailable", error.code());
      assertTrue(error.message().contains("credentials"), error.message());
    } finally {
      System.clearProperty("aws.accessKeyId");
    }
  }

  @Test
  void a_payload_above_the_limit_is_not_sent() {
    server.function("f", payload -> Answer.of(payload == null ? 0L : 1L));
    String small = "x".repeat((1 << 20) - 2);
    assertEquals(Outcome.Succeeded.of(null), call("f", small, false));
    ErrorInfo left = error(call("f", small + "x", false));
    assertEquals("lambda_payload_too_large", left.code());
    assertTrue(left.message().contains("1048576 (1 MiB) where the step does not wait"));
    assertEquals(Outcome.Succeeded.of(1L), call("f", small + "x", true));
    ErrorInfo awaited = error(call("f", "x".repeat(6 << 20), true));
    assertEquals((long) (6 << 20), awaited.details().get("limit"));
    assertEquals(2, server.calls().size());
  }

  @Test
  void a_key_that_no_context_holds_is_refused() {
    Outcome outcome =
        new LambdaWork(service)
            .work(assignment("k".repeat(4_000)), new LambdaInput("f", Map.of(), true))
            .await()
            .atMost(Duration.ofSeconds(30));
    assertEquals("lambda_rejected", error(outcome).code());
    assertEquals(List.of(), server.calls());
  }

  @Test
  void what_is_too_large_for_an_output_fails_with_advice() {
    server.function("f", payload -> Answer.of("x".repeat(300_000)));
    ErrorInfo error = error(call("f", Map.of(), true));
    assertEquals("output_too_large", error.code());
    assertTrue(error.message().contains("Let the function store it"));
  }

  @Test
  void a_cancel_ends_the_waiting_and_not_the_function() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    server.function(
        "slow",
        payload -> {
          called.countDown();
          release.await();
          return Answer.of(1L);
        });
    Thread waits =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    service.invoke(new LambdaService.Call("slow", new byte[0], "", true));
                  } catch (RuntimeException e) {
                    lines.add("interrupted");
                  }
                });
    assertTrue(called.await(20, TimeUnit.SECONDS));
    waits.interrupt();
    assertTrue(waits.join(Duration.ofSeconds(20)));
    assertEquals(List.of("interrupted"), lines);
    List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    Cancellable waiting =
        new LambdaWork(service)
            .work(assignment("k"), new LambdaInput("slow", Map.of(), true))
            .subscribe()
            .with(outcomes::add);
    waiting.cancel();
    release.countDown();
    assertEquals(List.of(), outcomes);
  }
}
