package dev.fanfare.testing.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.RecursiveInvocationException;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.ServiceException;
import software.amazon.awssdk.services.lambda.model.ThrottleReason;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** The host behaves as Lambda does, seen through the SDK. */
@NullUnmarked // answers are looked into without asking what is there
class LambdaHostTest {

  private static final String ARN =
      "arn:aws:lambda:" + LambdaHost.REGION + ":" + LambdaHost.ACCOUNT + ":function:";

  private static LambdaHost host;
  private static LambdaClient lambda;

  @BeforeAll
  static void start() {
    host = LambdaHost.start(new Pace(2_000, 100));
    Path folder = host.folder().resolve("sample");
    host.queue(QueueSettings.of("failures")).queue(QueueSettings.of("dead"));
    FunctionSettings sample = SampleFunction.in(folder, "sample", host);
    host.deploy(sample.withTimeout(Duration.ofSeconds(2)));
    FunctionSettings.Async async =
        FunctionSettings.Async.DEFAULT.toQueue("failures").toDeadLetters("dead");
    host.deploy(SampleFunction.in(folder, "looping", host).with(async));
    host.deploy(SampleFunction.in(folder, "allowed", host).with(async).withRecursion(true));
    host.deploy(
        SampleFunction.in(folder, "broken", host)
            .withEnvironment(Map.of("BROKEN", "yes"))
            .with(async));
    lambda = client(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "test")));
  }

  private static LambdaClient client(AwsCredentialsProvider credentials) {
    return LambdaClient.builder()
        .endpointOverride(host.endpoint())
        .region(Region.of(LambdaHost.REGION))
        .credentialsProvider(credentials)
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(settings -> settings.retryStrategy(off -> off.maxAttempts(1)))
        .build();
  }

  @AfterAll
  static void stop() {
    System.out.println(host.report());
    lambda.close();
    host.close();
  }

  @BeforeEach
  void quiet() {
    host.settle();
    host.faults().clear();
    host.reserve("looping", OptionalInt.empty());
  }

  private static InvokeResponse invoke(String function, Map<String, ?> event) {
    return invoke(function, event, request -> {});
  }

  private static InvokeResponse invoke(
      String function, Map<String, ?> event, Consumer<InvokeRequest.Builder> more) {
    InvokeRequest.Builder request =
        InvokeRequest.builder().functionName(function).payload(payload(event));
    more.accept(request);
    return lambda.invoke(request.build());
  }

  private static SdkBytes payload(Object event) {
    return SdkBytes.fromUtf8String(Json.write(event));
  }

  private static Map<?, ?> object(SdkBytes payload) throws Json.JsonException {
    return (Map<?, ?>) Json.parse(payload.asUtf8String());
  }

  private static void send(String function, Map<String, ?> event) {
    InvokeResponse answer =
        invoke(function, event, request -> request.invocationType(InvocationType.EVENT));
    assertEquals(202, answer.statusCode());
    assertNull(answer.functionError());
  }

  // --- calls that wait

  @Test
  void a_function_runs_in_a_process_of_its_own_with_what_lambda_gives_it() throws Exception {
    String context =
        Base64.getEncoder()
            .encodeToString("{\"custom\":{\"run\":\"1\"}}".getBytes(StandardCharsets.UTF_8));
    InvokeResponse answer =
        invoke(
            "sample",
            Map.of("a", "ü"),
            request -> request.qualifier("live").logType(LogType.TAIL).clientContext(context));

    Map<?, ?> seen = object(answer.payload());
    assertEquals(200, answer.statusCode());
    assertEquals("1", answer.executedVersion());
    assertEquals(Map.of("a", "ü"), seen.get("event"));
    assertEquals(ARN + "sample:live", seen.get("arn"));
    assertEquals(Map.of("run", "1"), seen.get("custom"));
    assertTrue((Long) seen.get("remaining") <= 2_000);
    assertNotEquals(ProcessHandle.current().pid(), seen.get("pid"));
    Map<?, ?> environment = (Map<?, ?>) seen.get("environment");
    assertEquals("sample", environment.get("AWS_LAMBDA_FUNCTION_NAME"));
    assertEquals(seen.get("folder"), environment.get("LAMBDA_TASK_ROOT"));
    assertTrue(
        environment.get("HOME_OF_MINE").toString().startsWith(host.folder().toString()),
        "each environment has a /tmp of its own");
    assertFalse(environment.containsKey("JAVA_HOME"), "nothing of this process is handed on");
    assertTrue(
        new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8)
            .contains("got {a=ü}"));
  }

  @Test
  void a_function_is_named_in_all_of_awss_ways() {
    for (String name :
        List.of(
            "sample",
            "sample:live",
            LambdaHost.ACCOUNT + ":function:sample",
            ARN + "sample",
            ARN + "sample:live",
            ARN + "sample:1",
            "sample:$LATEST")) {
      assertEquals(200, invoke(name, Map.of()).statusCode(), name);
    }
    assertEquals(
        204,
        invoke("sample", Map.of(), r -> r.invocationType(InvocationType.DRY_RUN)).statusCode());
  }

  @Test
  void a_process_stands_still_between_invocations() throws Exception {
    long before = beats();
    CompletableFuture<Void> later = new CompletableFuture<>();
    later.completeOnTimeout(null, 300, java.util.concurrent.TimeUnit.MILLISECONDS).join();
    assertTrue(beats() - before < 150, "about as many as the invocations lasted");
  }

  private static long beats() throws Json.JsonException {
    return (Long) object(invoke("sample", Map.of()).payload()).get("beats");
  }

  @Test
  void what_a_function_throws_is_its_error_and_not_the_services() throws Exception {
    InvokeResponse answer = invoke("sample", Map.of("do", "throw"));
    assertEquals(200, answer.statusCode());
    assertEquals("Unhandled", answer.functionError());
    assertEquals("java.lang.IllegalArgumentException", object(answer.payload()).get("errorType"));
    assertEquals("as told", object(answer.payload()).get("errorMessage"));
  }

  @Test
  void a_function_that_is_too_slow_is_killed_and_the_next_has_a_new_process() throws Exception {
    Object pid = object(invoke("sample", Map.of()).payload()).get("pid");
    InvokeResponse answer = invoke("sample", Map.of("do", "hang"));
    assertEquals("Unhandled", answer.functionError());
    assertEquals("Sandbox.Timedout", object(answer.payload()).get("errorType"));
    assertTrue(
        object(answer.payload())
            .get("errorMessage")
            .toString()
            .endsWith("Error: Task timed out after 2.00 seconds"));
    assertNotEquals(pid, object(invoke("sample", Map.of()).payload()).get("pid"));
  }

  @Test
  void a_process_that_exits_fails_its_invocation() throws Exception {
    InvokeResponse answer = invoke("sample", Map.of("do", "exit"));
    assertEquals("Unhandled", answer.functionError());
    assertEquals("Runtime.ExitError", object(answer.payload()).get("errorType"));
    assertTrue(object(answer.payload()).get("errorMessage").toString().endsWith("exit status 3"));
  }

  @Test
  void a_function_that_cannot_start_fails_each_invocation() throws Exception {
    InvokeResponse answer = invoke("broken", Map.of());
    assertEquals("Unhandled", answer.functionError());
    assertEquals(
        "java.lang.ExceptionInInitializerError", object(answer.payload()).get("errorType"));
  }

  @Test
  void an_answer_of_more_than_6_mb_is_an_error() throws Exception {
    InvokeResponse answer = invoke("sample", Map.of("do", "large", "size", 6 << 20));
    assertEquals("Unhandled", answer.functionError());
    assertEquals("Function.ResponseSizeTooLarge", object(answer.payload()).get("errorType"));
  }

  // --- what the service refuses

  @Test
  void errors_are_those_of_the_api_model() {
    ResourceNotFoundException none =
        assertThrows(ResourceNotFoundException.class, () -> invoke("nobody", Map.of()));
    assertEquals(404, none.statusCode());
    assertEquals("Function not found: " + ARN + "nobody", none.awsErrorDetails().errorMessage());
    assertEquals("User", none.type());
    assertThrows(ResourceNotFoundException.class, () -> invoke("sample:next", Map.of()));
    InvalidRequestContentException unreadable =
        assertThrows(
            InvalidRequestContentException.class,
            () ->
                lambda.invoke(
                    r -> r.functionName("sample").payload(SdkBytes.fromUtf8String("{nothing"))));
    assertEquals(400, unreadable.statusCode());
    assertThrows(
        InvalidParameterValueException.class,
        () -> invoke("sample", Map.of(), r -> r.invocationType("Sometime")));
    LambdaException stranger =
        assertThrows(
            LambdaException.class,
            () ->
                client(AnonymousCredentialsProvider.create())
                    .invoke(r -> r.functionName("sample")));
    assertEquals(403, stranger.statusCode());
  }

  @Test
  void payloads_have_the_services_limits() {
    Map<String, ?> large = Map.of("text", "x".repeat(1 << 20));
    assertEquals(200, invoke("sample", large).statusCode());
    RequestTooLargeException tooLarge =
        assertThrows(
            RequestTooLargeException.class,
            () -> invoke("sample", large, r -> r.invocationType(InvocationType.EVENT)));
    assertEquals(413, tooLarge.statusCode());
    assertThrows(
        RequestTooLargeException.class,
        () -> invoke("sample", Map.of("text", "x".repeat(6 << 20))));
  }

  @Test
  void a_reserved_concurrency_throttles_who_waits_and_lets_events_wait() {
    host.reserve("looping", OptionalInt.of(0));
    TooManyRequestsException full =
        assertThrows(TooManyRequestsException.class, () -> invoke("looping", Map.of()));
    assertEquals(429, full.statusCode());
    assertEquals(
        ThrottleReason.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED, full.reason());
    host.reserve("looping", OptionalInt.of(1));
    long before = host.counts().get("invocations", "looping");
    for (int i = 0; i < 5; i++) {
      send("looping", Map.of("event", i));
    }
    host.settle();
    assertEquals(5, host.counts().get("invocations", "looping") - before, "in the end all run");
  }

  @Test
  void the_invoke_operation_itself_can_fail() {
    host.faults().next(1, event -> event.function().equals("sample"), new Faults.Refused());
    assertThrows(TooManyRequestsException.class, () -> invoke("sample", Map.of()));
    host.faults().next(1, Faults.Event::async, new Faults.Broken());
    assertThrows(
        ServiceException.class,
        () -> invoke("sample", Map.of(), r -> r.invocationType(InvocationType.EVENT)));
    assertEquals(200, invoke("sample", Map.of()).statusCode());
  }

  // --- asynchronous events

  @Test
  void a_failed_event_is_tried_three_times_and_then_told_of() throws Exception {
    long before = host.counts().get("invocations", "looping");
    send("looping", Map.of("do", "throw"));
    host.settle();

    assertEquals(3, host.counts().get("invocations", "looping") - before);
    Map<?, ?> record = (Map<?, ?>) Json.parse(host.messages("failures").getLast());
    Map<?, ?> context = (Map<?, ?>) record.get("requestContext");
    assertEquals("1.0", record.get("version"));
    assertEquals("RetriesExhausted", context.get("condition"));
    assertEquals(3L, context.get("approximateInvokeCount"));
    assertEquals(ARN + "looping", context.get("functionArn"));
    assertEquals(Map.of("do", "throw"), record.get("requestPayload"));
    assertEquals("Unhandled", ((Map<?, ?>) record.get("responseContext")).get("functionError"));
    assertEquals("as told", ((Map<?, ?>) record.get("responsePayload")).get("errorMessage"));
    assertEquals(Json.write(Map.of("do", "throw")), host.messages("dead").getLast());
  }

  @Test
  void events_are_dropped_doubled_and_late_as_the_test_says() {
    long before = host.counts().get("invocations", "allowed");
    host.faults()
        .next(1, Faults.Event::async, new Faults.Dropped())
        .next(1, Faults.Event::async, new Faults.Doubled(Duration.ofMillis(5)))
        .next(1, Faults.Event::async, new Faults.Late(Duration.ofMillis(50)));
    for (int i = 0; i < 4; i++) {
      send("allowed", Map.of("event", i));
    }
    host.settle();
    assertEquals(4, host.counts().get("invocations", "allowed") - before, "one lost, one twice");
  }

  @Test
  void a_process_that_is_killed_in_its_work_fails_the_attempt() {
    long before = host.counts().get("invocations", "allowed");
    host.faults().next(1, Faults.Event::async, new Faults.Killed(Duration.ofMillis(1)));
    send("allowed", Map.of("do", "hang"));
    host.faults().next(2, Faults.Event::async, new Faults.Dropped());
    while (host.counts().get("killed", "allowed") == 0) {
      Thread.onSpinWait();
    }
    while (host.counts().get("invocations", "allowed") - before < 2) {
      Thread.onSpinWait();
    }
    assertTrue(host.kill("allowed"), "the second attempt hangs as the first did");
    while (host.counts().get("invocations", "allowed") - before < 3) {
      Thread.onSpinWait();
    }
    assertTrue(host.kill("allowed"));
    host.settle();
    assertTrue(host.messages("failures").getLast().contains("Runtime.ExitError"));
  }

  @Test
  void the_seventeenth_of_its_function_in_a_chain_is_not_run() throws Exception {
    long before = host.counts().get("invocations", "looping");
    send("looping", Map.of("do", "chain", "left", 60));
    host.settle();
    assertEquals(16, host.counts().get("invocations", "looping") - before);
    Map<?, ?> record = (Map<?, ?>) Json.parse(host.messages("failures").getLast());
    assertEquals(Map.of("do", "chain", "left", 44L), record.get("requestPayload"));
    assertThrows(
        RecursiveInvocationException.class,
        () -> {
          String trace = "Root=1-0-0";
          Lineage lineage = Lineage.of(trace);
          for (int i = 0; i < 16; i++) {
            lineage = lineage.and(ARN + "looping");
          }
          String header = lineage.header();
          invoke(
              "looping",
              Map.of(),
              r -> r.overrideConfiguration(c -> c.putHeader("X-Amzn-Trace-Id", header)));
        });
  }

  @Test
  void a_chain_that_is_allowed_goes_on_to_its_end() {
    long before = host.counts().get("invocations", "allowed");
    send("allowed", Map.of("do", "chain", "left", 60));
    host.settle();
    assertEquals(61, host.counts().get("invocations", "allowed") - before);
  }
}
