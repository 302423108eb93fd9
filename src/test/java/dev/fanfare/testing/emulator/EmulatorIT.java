package dev.fanfare.testing.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import dev.fanfare.testing.lambda.Faults;
import dev.fanfare.testing.lambda.LambdaHost;
import dev.fanfare.testing.lambda.SampleFunction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Environment;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.RecursiveLoop;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The emulator does what Fanfare relies on, and the processes behind it are as on Lambda. */
@NullUnmarked // answers are looked into without asking what is there
class EmulatorIT {

  private static final String QUEUE_ARN =
      "arn:aws:sqs:" + LambdaHost.REGION + ":" + LambdaHost.ACCOUNT + ":";

  private static Emulator emulator;
  private static LambdaClient lambda;
  private static SqsClient sqs;
  private static String failures;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    emulator = Emulator.start("sample", false, function -> 1);
    lambda = emulator.lambda();
    sqs = emulator.client(SqsClient.builder()).build();
    failures = sqs.createQueue(request -> request.queueName("failures")).queueUrl();
    SdkBytes zip = zip(SampleFunction.laidOut(folder));
    for (String function : List.of("sample", "looping", "allowed")) {
      deploy(function, zip);
    }
    lambda.putFunctionRecursionConfig(
        request -> request.functionName("allowed").recursiveLoop(RecursiveLoop.ALLOW));
  }

  private static void deploy(String function, SdkBytes zip) {
    lambda.createFunction(
        request ->
            request
                .functionName(function)
                .runtime(Runtime.JAVA21)
                .handler(SampleFunction.HANDLER)
                .role("arn:aws:iam::" + LambdaHost.ACCOUNT + ":role/sample")
                .timeout(2)
                .memorySize(256)
                .environment(
                    Environment.builder()
                        .variables(Map.of("ENDPOINT", emulator.endpoint().toString()))
                        .build())
                .code(code -> code.zipFile(zip))
                .publish(true));
    lambda.createAlias(request -> request.functionName(function).name("live").functionVersion("1"));
    lambda.putFunctionEventInvokeConfig(
        request ->
            request
                .functionName(function)
                .qualifier("live")
                .maximumRetryAttempts(0)
                .maximumEventAgeInSeconds(60)
                .destinationConfig(
                    to -> to.onFailure(on -> on.destination(QUEUE_ARN + "failures"))));
  }

  private static SdkBytes zip(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return SdkBytes.fromByteArray(bytes.toByteArray());
  }

  @AfterAll
  static void stop() {
    if (emulator != null) {
      System.out.println("emulator, sample functions: " + emulator.host().report());
      emulator.close();
    }
  }

  @BeforeEach
  void quiet() {
    emulator.host().faults().clear();
    emulator.host().settle();
    sqs.purgeQueue(request -> request.queueUrl(failures));
  }

  private static InvokeResponse invoke(String function, Map<String, ?> event) {
    return lambda.invoke(
        request ->
            request
                .functionName(function)
                .qualifier("live")
                .payload(SdkBytes.fromUtf8String(Json.write(event))));
  }

  private static void send(String function, Map<String, ?> event) {
    InvokeResponse answer =
        lambda.invoke(
            request ->
                request
                    .functionName(function)
                    .qualifier("live")
                    .invocationType(InvocationType.EVENT)
                    .payload(SdkBytes.fromUtf8String(Json.write(event))));
    assertEquals(202, answer.statusCode());
  }

  private static long ran(String function) {
    return emulator.host().counts().get("invocations", function);
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, () -> what + " does not happen");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** The next message that says why an event was given up. */
  private static Map<?, ?> failure() throws Json.JsonException {
    List<Message> messages =
        sqs.receiveMessage(request -> request.queueUrl(failures).waitTimeSeconds(20)).messages();
    return (Map<?, ?>) Json.parse(messages.getFirst().body());
  }

  @Test
  void a_function_runs_in_a_process_of_its_own_from_the_zip_that_was_deployed() throws Exception {
    Map<?, ?> seen =
        (Map<?, ?>) Json.parse(invoke("sample", Map.of("a", "ü")).payload().asUtf8String());
    assertEquals(Map.of("a", "ü"), seen.get("event"));
    assertEquals(
        "arn:aws:lambda:%s:%s:function:sample:live"
            .formatted(LambdaHost.REGION, LambdaHost.ACCOUNT),
        seen.get("arn"));
    assertTrue(seen.get("folder").toString().contains("/code-"), seen.toString());
  }

  @Test
  void an_exception_a_timeout_and_a_death_are_function_errors_of_lambda() {
    InvokeResponse thrown = invoke("sample", Map.of("do", "throw"));
    assertEquals("Unhandled", thrown.functionError());
    assertTrue(thrown.payload().asUtf8String().contains("as told"), thrown.payload()::asUtf8String);
    InvokeResponse late = invoke("sample", Map.of("do", "hang"));
    assertTrue(late.payload().asUtf8String().contains("Task timed out after 2.00 seconds"));
    InvokeResponse dead = invoke("sample", Map.of("do", "exit"));
    assertTrue(dead.payload().asUtf8String().contains("Runtime.ExitError"));
  }

  @Test
  void an_event_that_fails_is_tried_as_often_as_its_alias_says_and_then_told_of() throws Exception {
    long before = ran("allowed");
    send("allowed", Map.of("do", "throw"));
    Map<?, ?> failure = failure();
    assertEquals(1, ran("allowed") - before);
    assertEquals(Map.of("do", "throw"), failure.get("requestPayload"));
    assertEquals("RetriesExhausted", ((Map<?, ?>) failure.get("requestContext")).get("condition"));
    assertEquals("as told", ((Map<?, ?>) failure.get("responsePayload")).get("errorMessage"));
  }

  @Test
  void the_seventeenth_of_its_function_in_a_chain_is_dropped() throws Exception {
    long before = ran("looping");
    send("looping", Map.of("do", "chain", "left", 60));
    assertEquals(Map.of("do", "chain", "left", 44L), failure().get("requestPayload"));
    assertEquals(16, ran("looping") - before);
  }

  @Test
  void a_chain_that_is_allowed_goes_on_to_its_end() {
    long before = ran("allowed");
    send("allowed", Map.of("do", "chain", "left", 60));
    until("the end of the chain", () -> ran("allowed") - before == 61);
  }

  @Test
  void events_are_dropped_and_doubled_as_the_test_says() {
    long before = ran("allowed");
    emulator
        .host()
        .faults()
        .next(1, Faults.Event::async, new Faults.Dropped())
        .next(1, Faults.Event::async, new Faults.Doubled(Duration.ofMillis(5)));
    for (int i = 0; i < 4; i++) {
      send("allowed", Map.of("event", i));
    }
    until("four runs", () -> ran("allowed") - before == 4);
    assertEquals(1, emulator.host().counts().get("dropped", "allowed"));
    assertEquals(1, emulator.host().counts().get("doubled", "allowed"));
  }

  @Test
  void messages_come_after_their_delay_and_go_where_they_were_bad_too_often() {
    String dead = sqs.createQueue(request -> request.queueName("dead")).queueUrl();
    String queue =
        sqs.createQueue(
                request ->
                    request
                        .queueName("work")
                        .attributes(
                            Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                "1",
                                QueueAttributeName.REDRIVE_POLICY,
                                Json.write(
                                    Map.of(
                                        "deadLetterTargetArn",
                                        QUEUE_ARN + "dead",
                                        "maxReceiveCount",
                                        2L)))))
            .queueUrl();
    lambda.createEventSourceMapping(
        request ->
            request
                .functionName("sample:live")
                .eventSourceArn(QUEUE_ARN + "work")
                .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES));
    invoke("sample", Map.of());
    long before = ran("sample");
    long began = System.nanoTime();
    sqs.sendMessage(request -> request.queueUrl(queue).messageBody("late").delaySeconds(2));
    until("the message", () -> ran("sample") - before == 1);
    long seconds = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertTrue(seconds >= 1_900 && seconds < 5_000, "after " + seconds + " ms");

    sqs.sendMessage(request -> request.queueUrl(queue).messageBody("bad"));
    until(
        "the bad one in the queue of the dead",
        () ->
            sqs.receiveMessage(request -> request.queueUrl(dead)).messages().stream()
                .anyMatch(message -> message.body().equals("bad")));
    assertEquals(3, ran("sample") - before, "the late one once, the bad one twice");
  }
}
