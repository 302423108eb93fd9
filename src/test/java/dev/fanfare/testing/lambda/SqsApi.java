package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** SQS's operations in the JSON protocol that the SDK speaks. */
final class SqsApi {

  static final String TARGET = "AmazonSQS.";

  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_DELAY = 900;
  private static final int MOST_IN_BATCH = 10;

  private final Queues queues;
  private final Vertx vertx;
  private final Counts counts;

  SqsApi(Queues queues, Vertx vertx, Counts counts) {
    this.queues = queues;
    this.vertx = vertx;
    this.counts = counts;
  }

  /** An error of the service. */
  private static final class SqsError extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String type;
    final String code;

    SqsError(String type, String code, String message) {
      super(message);
      this.type = type;
      this.code = code;
    }

    static SqsError value(String message) {
      return new SqsError("InvalidParameterValue", "InvalidParameterValue", message);
    }
  }

  void handle(HttpServerRequest request, byte[] body) {
    String operation = request.getHeader("X-Amz-Target").substring(TARGET.length());
    counts.add("sdk-calls", operation);
    try {
      if (request.getHeader("Authorization") == null) {
        throw new SqsError(
            "MissingAuthenticationToken",
            "MissingAuthenticationToken",
            "Request is missing Authentication Token");
      }
      Map<String, Object> input = Json.parseOwnObject(new String(body, StandardCharsets.UTF_8));
      if (operation.equals("ReceiveMessage")) {
        receive(request, queue(input), input);
      } else {
        answer(request, 200, run(request, operation, input));
      }
    } catch (SqsError e) {
      request.response().putHeader("x-amzn-query-error", e.code + ";Sender");
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("__type", "com.amazonaws.sqs#" + e.type);
      error.put("message", String.valueOf(e.getMessage()));
      answer(request, 400, error);
    }
  }

  private Map<String, Object> run(
      HttpServerRequest request, String operation, Map<String, Object> input) {
    String trace = Optional.ofNullable(request.getHeader("X-Amzn-Trace-Id")).orElse("");
    return switch (operation) {
      case "CreateQueue" -> {
        Queue queue = queues.create(QueueSettings.of(String.valueOf(input.get("QueueName"))));
        yield Map.of("QueueUrl", url(request, queue.settings().name()));
      }
      case "GetQueueUrl" ->
          Map.of(
              "QueueUrl",
              url(request, named(String.valueOf(input.get("QueueName"))).settings().name()));
      case "GetQueueAttributes" -> attributes(queue(input));
      case "PurgeQueue" -> {
        queue(input).purge();
        yield Map.of();
      }
      case "SendMessage" -> {
        Queue.Message sent = send(queue(input), input, trace);
        yield Map.of("MessageId", sent.id, "MD5OfMessageBody", md5(sent.body));
      }
      case "SendMessageBatch" -> sendBatch(queue(input), input, trace);
      case "DeleteMessage" -> {
        queue(input).delete(String.valueOf(input.get("ReceiptHandle")));
        yield Map.of();
      }
      case "DeleteMessageBatch" -> {
        List<Object> done = new ArrayList<>();
        for (Map<?, ?> entry : entries(input)) {
          queue(input).delete(String.valueOf(entry.get("ReceiptHandle")));
          done.add(Map.of("Id", entry.get("Id")));
        }
        yield Map.of("Successful", done);
      }
      case "ChangeMessageVisibility" -> {
        queue(input)
            .hide(
                String.valueOf(input.get("ReceiptHandle")),
                Duration.ofSeconds(number(input, "VisibilityTimeout", 0)));
        yield Map.of();
      }
      default ->
          throw new SqsError(
              "UnsupportedOperation", "UnsupportedOperation", "not here: " + operation);
    };
  }

  private Queue.Message send(Queue queue, Map<?, ?> input, String trace) {
    String body = String.valueOf(input.get("MessageBody"));
    long delay = number(input, "DelaySeconds", 0);
    if (delay < 0 || delay > LONGEST_DELAY) {
      throw SqsError.value(
          "Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= %d."
              .formatted(delay, LONGEST_DELAY));
    }
    if (body.isEmpty()) {
      throw new SqsError(
          "MissingRequiredParameterException",
          "MissingParameter",
          "The request must contain the parameter MessageBody.");
    }
    if (size(body) > LARGEST) {
      throw SqsError.value(
          "One or more parameters are invalid. Reason: Message must be shorter than %d bytes."
              .formatted(LARGEST));
    }
    return queue.send(body, trace, attributes(input), Duration.ofSeconds(delay));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> attributes(Map<?, ?> input) {
    return input.get("MessageAttributes") instanceof Map<?, ?> map
        ? (Map<String, Object>) map
        : Map.of();
  }

  private Map<String, Object> sendBatch(Queue queue, Map<String, Object> input, String trace) {
    List<Map<?, ?>> entries = entries(input);
    Set<Object> ids = new HashSet<>();
    int size = 0;
    for (Map<?, ?> entry : entries) {
      ids.add(Objects.requireNonNull(entry.get("Id")));
      size += size(String.valueOf(entry.get("MessageBody")));
    }
    if (ids.size() < entries.size()) {
      throw new SqsError(
          "BatchEntryIdsNotDistinct",
          "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
          "Two or more batch entries in the request have the same Id.");
    }
    if (size > LARGEST) {
      throw new SqsError(
          "BatchRequestTooLong",
          "AWS.SimpleQueueService.BatchRequestTooLong",
          "Batch requests cannot be longer than %d bytes. You have sent %d bytes."
              .formatted(LARGEST, size));
    }
    List<Object> good = new ArrayList<>();
    List<Object> bad = new ArrayList<>();
    for (Map<?, ?> entry : entries) {
      String id = String.valueOf(entry.get("Id"));
      try {
        Queue.Message sent = send(queue, entry, trace);
        good.add(Map.of("Id", id, "MessageId", sent.id, "MD5OfMessageBody", md5(sent.body)));
      } catch (SqsError e) {
        bad.add(
            Map.of(
                "Id",
                id,
                "Code",
                e.code,
                "SenderFault",
                true,
                "Message",
                String.valueOf(e.getMessage())));
      }
    }
    return Map.of("Successful", good, "Failed", bad);
  }

  private static List<Map<?, ?>> entries(Map<String, Object> input) {
    List<Map<?, ?>> entries = new ArrayList<>();
    if (input.get("Entries") instanceof List<?> list) {
      list.forEach(entry -> entries.add((Map<?, ?>) entry));
    }
    if (entries.isEmpty()) {
      throw new SqsError(
          "EmptyBatchRequest",
          "AWS.SimpleQueueService.EmptyBatchRequest",
          "There should be at least one entry in the request.");
    }
    if (entries.size() > MOST_IN_BATCH) {
      throw new SqsError(
          "TooManyEntriesInBatchRequest",
          "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
          "Maximum number of entries per request are 10. You have sent " + entries.size() + ".");
    }
    return entries;
  }

  /** Answers at once where there is a message, and else when one comes or the wait is over. */
  private void receive(HttpServerRequest request, Queue queue, Map<String, Object> input) {
    int most = (int) number(input, "MaxNumberOfMessages", 1);
    Duration visibility =
        Duration.ofSeconds(
            number(input, "VisibilityTimeout", queue.settings().visibility().toSeconds()));
    long wait = number(input, "WaitTimeSeconds", 0);
    if (most < 1 || most > MOST_IN_BATCH) {
      throw SqsError.value(
          "Value %d for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
              .formatted(most));
    }
    AtomicReference<@Nullable Runnable> once = new AtomicReference<>();
    Runnable attempt =
        () -> {
          Runnable self = once.get();
          if (self == null || queue.visible() == 0 || !once.compareAndSet(self, null)) {
            return;
          }
          queue.forget(self);
          answer(request, 200, Map.of("Messages", messages(queue.receive(most, visibility))));
        };
    once.set(attempt);
    queue.listen(attempt);
    attempt.run();
    vertx.setTimer(
        Math.max(1, wait * 1000),
        timer -> {
          if (once.compareAndSet(attempt, null)) {
            queue.forget(attempt);
            answer(request, 200, Map.of());
          }
        });
  }

  private static List<Object> messages(List<Queue.Message> received) {
    List<Object> messages = new ArrayList<>();
    for (Queue.Message message : received) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("MessageId", message.id);
      json.put("ReceiptHandle", message.receipt);
      json.put("MD5OfBody", md5(message.body));
      json.put("Body", message.body);
      json.put(
          "Attributes",
          Map.of(
              "ApproximateReceiveCount", String.valueOf(message.receives),
              "SentTimestamp", String.valueOf(message.sent)));
      messages.add(json);
    }
    return messages;
  }

  private Map<String, Object> attributes(Queue queue) {
    return Map.of(
        "Attributes",
        Map.of(
            "QueueArn", queue.settings().arn(),
            "ApproximateNumberOfMessages", String.valueOf(queue.visible()),
            "ApproximateNumberOfMessagesNotVisible", String.valueOf(queue.inFlight()),
            "ApproximateNumberOfMessagesDelayed", String.valueOf(queue.delayed()),
            "VisibilityTimeout", String.valueOf(queue.settings().visibility().toSeconds())));
  }

  private Queue queue(Map<String, Object> input) {
    String url = String.valueOf(input.get("QueueUrl"));
    return named(url.substring(url.lastIndexOf('/') + 1));
  }

  private Queue named(String name) {
    if (!queues.has(name)) {
      throw new SqsError(
          "QueueDoesNotExist",
          "AWS.SimpleQueueService.NonExistentQueue",
          "The specified queue does not exist.");
    }
    return queues.get(name);
  }

  private static String url(HttpServerRequest request, String name) {
    return "http://" + request.getHeader("Host") + "/" + LambdaHost.ACCOUNT + "/" + name;
  }

  private static long number(Map<?, ?> input, String key, long otherwise) {
    return input.get(key) instanceof Number number ? number.longValue() : otherwise;
  }

  private static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(HttpServerRequest request, int status, Map<String, Object> body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/x-amz-json-1.0")
        .end(Json.write(body));
  }
}
