package dev.fanfare.testing.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** Queues, event sources and function URLs of the host, seen as programs see them. */
@NullUnmarked // answers are looked into without asking what is there
class SqsTest {

  private static LambdaHost host;
  private static SqsClient sqs;
  private static FunctionUrl url;
  private static FunctionUrl signedUrl;

  @BeforeAll
  static void start() {
    host = LambdaHost.start(new Pace(2_000, 100));
    Path folder = host.folder().resolve("sample");
    host.queue(QueueSettings.of("plain"))
        .queue(QueueSettings.of("dead"))
        .queue(QueueSettings.of("work").withRedrive("dead", 3))
        .deploy(SampleFunction.in(folder, "worker", host))
        .map("work", "worker", 5, 2);
    sqs =
        SqsClient.builder()
            .endpointOverride(host.endpoint())
            .region(Region.of(LambdaHost.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "test")))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(settings -> settings.retryStrategy(off -> off.maxAttempts(1)))
            .build();
    url = host.url("worker", FunctionUrl.Auth.NONE);
    signedUrl = host.url("worker", FunctionUrl.Auth.AWS_IAM);
  }

  @AfterAll
  static void stop() {
    System.out.println(host.report());
    sqs.close();
    url.close();
    signedUrl.close();
    host.close();
  }

  private static String queue(String name) {
    return host.queueUrl(name);
  }

  private static List<Message> receive(String queue, int seconds) {
    return sqs.receiveMessage(
            r -> r.queueUrl(queue(queue)).waitTimeSeconds(seconds).maxNumberOfMessages(10))
        .messages();
  }

  // --- queues

  @Test
  void a_message_is_received_hidden_and_deleted() {
    String id = sqs.sendMessage(r -> r.queueUrl(queue("plain")).messageBody("ä")).messageId();
    Message message = receive("plain", 5).getFirst();
    assertEquals(id, message.messageId());
    assertEquals("ä", message.body());
    assertEquals(List.of(), receive("plain", 0), "hidden");
    Message again = receive("plain", 5).getFirst();
    assertEquals(id, again.messageId(), "visible again after 30 s, here 0.3 s");
    sqs.deleteMessage(r -> r.queueUrl(queue("plain")).receiptHandle(again.receiptHandle()));
    assertEquals(List.of(), receive("plain", 1));
  }

  @Test
  void a_delay_holds_a_message_back() {
    long before = System.nanoTime();
    sqs.sendMessage(r -> r.queueUrl(queue("dead")).messageBody("late").delaySeconds(20));
    Message message = receive("dead", 5).getFirst();
    assertEquals("late", message.body());
    assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 190, "20 s, here 0.2 s");
    sqs.deleteMessage(r -> r.queueUrl(queue("dead")).receiptHandle(message.receiptHandle()));
  }

  @Test
  void errors_are_those_of_the_api_model() {
    QueueDoesNotExistException none =
        assertThrows(
            QueueDoesNotExistException.class,
            () -> sqs.sendMessage(r -> r.queueUrl(queue("nowhere")).messageBody("x")));
    assertEquals(400, none.statusCode());
    assertEquals("AWS.SimpleQueueService.NonExistentQueue", none.awsErrorDetails().errorCode());
    SqsException late =
        assertThrows(
            SqsException.class,
            () ->
                sqs.sendMessage(
                    r -> r.queueUrl(queue("plain")).messageBody("x").delaySeconds(901)));
    assertEquals("InvalidParameterValue", late.awsErrorDetails().errorCode());
    assertThrows(
        SqsException.class,
        () ->
            sqs.sendMessage(
                r -> r.queueUrl(queue("plain")).messageBody("x".repeat((1 << 20) + 1))));
    assertThrows(
        EmptyBatchRequestException.class,
        () -> sqs.sendMessageBatch(r -> r.queueUrl(queue("plain")).entries(List.of())));
    assertThrows(
        TooManyEntriesInBatchRequestException.class, () -> sqs.sendMessageBatch(batch(11, 0)));
    assertThrows(
        BatchEntryIdsNotDistinctException.class,
        () ->
            sqs.sendMessageBatch(
                r -> r.queueUrl(queue("plain")).entries(entry("a", 0), entry("a", 0))));
  }

  @Test
  void a_batch_says_which_of_its_messages_were_taken() {
    SendMessageBatchResponse answer =
        sqs.sendMessageBatch(
            r -> r.queueUrl(queue("work")).entries(entry("good", 1), entry("bad", 901)));
    assertEquals("good", answer.successful().getFirst().id());
    assertEquals("bad", answer.failed().getFirst().id());
    assertEquals("InvalidParameterValue", answer.failed().getFirst().code());
  }

  private static software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest batch(
      int size, int delay) {
    return software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest.builder()
        .queueUrl(queue("plain"))
        .entries(
            java.util.stream.IntStream.range(0, size).mapToObj(i -> entry("e" + i, delay)).toList())
        .build();
  }

  private static SendMessageBatchRequestEntry entry(String id, int delay) {
    return SendMessageBatchRequestEntry.builder()
        .id(id)
        .messageBody("{\"do\": \"echo\"}")
        .delaySeconds(delay)
        .build();
  }

  // --- event sources

  @Test
  void what_the_function_names_as_failed_comes_again_until_it_is_dead() {
    long before = host.counts().get("redriven", "work");
    for (String body : List.of("good", "bad", "good")) {
      sqs.sendMessage(r -> r.queueUrl(queue("work")).messageBody(body));
    }
    Message dead = receive("dead", 10).getFirst();
    sqs.deleteMessage(r -> r.queueUrl(queue("dead")).receiptHandle(dead.receiptHandle()));
    assertEquals("bad", dead.body());
    assertEquals(1, host.counts().get("redriven", "work") - before, "the good ones were deleted");
  }

  @Test
  void all_of_a_batch_comes_again_when_the_function_throws() {
    long before = host.counts().get("invocations", "worker");
    sqs.sendMessage(r -> r.queueUrl(queue("work")).messageBody("throw"));
    Message dead = receive("dead", 10).getFirst();
    sqs.deleteMessage(r -> r.queueUrl(queue("dead")).receiptHandle(dead.receiptHandle()));
    assertEquals("throw", dead.body());
    assertEquals(3, host.counts().get("invocations", "worker") - before);
  }

  // --- function URLs

  private static HttpResponse<String> http(HttpRequest.Builder request) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_request_becomes_an_event_of_format_2() throws Exception {
    URI uri = URI.create(url.uri() + "/a%20b/c?x=1&x=2&y=%26&z");
    HttpResponse<String> answer =
        http(
            HttpRequest.newBuilder(uri)
                .header("X-Twice", "one")
                .header("X-Twice", "two")
                .header("Cookie", "a=1; b=2")
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {0, (byte) 0xff})));
    assertEquals(200, answer.statusCode(), "what has no statusCode is the body of a good answer");
    Map<?, ?> event = (Map<?, ?>) ((Map<?, ?>) Json.parse(answer.body())).get("event");
    assertEquals("2.0", event.get("version"));
    assertEquals("/a%20b/c", event.get("rawPath"));
    assertEquals("x=1&x=2&y=%26&z", event.get("rawQueryString"));
    assertEquals(Map.of("x", "1,2", "y", "&", "z", ""), event.get("queryStringParameters"));
    assertEquals(List.of("a=1", "b=2"), event.get("cookies"));
    assertEquals("one,two", ((Map<?, ?>) event.get("headers")).get("x-twice"));
    assertEquals(true, event.get("isBase64Encoded"));
    assertEquals(
        Base64.getEncoder().encodeToString(new byte[] {0, (byte) 0xff}), event.get("body"));
    Map<?, ?> http = (Map<?, ?>) ((Map<?, ?>) event.get("requestContext")).get("http");
    assertEquals("POST", http.get("method"));
  }

  @Test
  void an_answer_of_format_2_becomes_a_response() throws Exception {
    Map<String, Object> answer =
        Map.of(
            "statusCode", 418,
            "headers", Map.of("X-Mine", "yes", "WWW-Authenticate", "Bearer"),
            "cookies", List.of("a=1", "b=2"),
            "isBase64Encoded", true,
            "body", Base64.getEncoder().encodeToString("tea".getBytes()));
    HttpResponse<String> response = http(raw(answer));
    assertEquals(418, response.statusCode());
    assertEquals("tea", response.body());
    assertEquals("yes", response.headers().firstValue("X-Mine").orElseThrow());
    assertEquals(List.of("a=1", "b=2"), response.headers().allValues("Set-Cookie"));
    assertEquals(
        "Bearer", response.headers().firstValue("x-amzn-remapped-www-authenticate").orElseThrow());
  }

  /** The sample function has no event of its own here, so the body says what to do. */
  private static HttpRequest.Builder raw(Map<String, Object> answer) {
    return HttpRequest.newBuilder(url.uri())
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(Json.write(Map.of("do", "raw", "answer", answer))));
  }

  @Test
  void a_function_that_throws_is_a_502_and_a_signature_is_asked_for() throws Exception {
    HttpResponse<String> thrown =
        http(
            HttpRequest.newBuilder(url.uri())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"do\": \"throw\"}")));
    assertEquals(502, thrown.statusCode());
    assertEquals(403, http(HttpRequest.newBuilder(signedUrl.uri())).statusCode());
    HttpResponse<String> signed =
        http(
            HttpRequest.newBuilder(signedUrl.uri())
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-central-1/lambda/aws4_request,"
                        + " SignedHeaders=host, Signature=00"));
    assertTrue(signed.body().contains("\"accessKey\":\"AKIA\""), signed.body());
  }
}
