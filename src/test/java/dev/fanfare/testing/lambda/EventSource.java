package dev.fanfare.testing.lambda;

import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An event source mapping: hands the messages of a queue to a function, batch by batch, and deletes
 * those of which the function says nothing bad ({@code ReportBatchItemFailures}).
 */
final class EventSource {

  private static final Duration AFTER_THROTTLE = Duration.ofSeconds(1);

  private final Queue queue;
  private final Fleet fleet;
  private final int batch;
  private final int most;
  private int running;

  /**
   * @param batch most messages in one invocation
   * @param most invocations at once
   */
  EventSource(Queue queue, Fleet fleet, int batch, int most) {
    this.queue = queue;
    this.fleet = fleet;
    this.batch = batch;
    this.most = most;
    queue.listen(this::pump);
    pump();
  }

  private void pump() {
    while (true) {
      List<Queue.Message> messages;
      synchronized (this) {
        if (running == most) {
          return;
        }
        messages = queue.receive(batch, queue.settings().visibility());
        if (messages.isEmpty()) {
          return;
        }
        running++;
      }
      FunctionSettings settings = fleet.settings();
      Lineage lineage =
          Lineage.of(messages.stream().map(message -> message.trace).toList()).and(settings.arn());
      Request request =
          Request.of(
              settings.arn() + ":" + LambdaHost.ALIAS, event(messages), lineage, Optional.empty());
      request.result().thenAccept(result -> ended(messages, result));
      fleet.submit(request);
    }
  }

  private void ended(List<Queue.Message> messages, Request.Result result) {
    switch (result) {
      case Request.Returned returned -> {
        Set<String> failed = failures(returned.payload());
        messages.stream()
            .filter(message -> !failed.contains(message.id))
            .forEach(message -> queue.delete(message.receipt));
      }
      case Request.Throttled throttled ->
          messages.forEach(message -> queue.hide(message.receipt, AFTER_THROTTLE));
      case Request.Failed failed -> {}
      case Request.Recursive recursive -> {}
    }
    synchronized (this) {
      running--;
    }
    pump();
  }

  /** The ids that the answer names; all is well where it is empty or says nothing. */
  private static Set<String> failures(byte[] answer) {
    Set<String> failed = new HashSet<>();
    try {
      if (Json.parse(new String(answer, StandardCharsets.UTF_8)) instanceof Map<?, ?> map
          && map.get("batchItemFailures") instanceof List<?> items) {
        items.forEach(item -> failed.add(String.valueOf(((Map<?, ?>) item).get("itemIdentifier"))));
      }
    } catch (Json.JsonException e) {
      return failed;
    }
    return failed;
  }

  private byte[] event(List<Queue.Message> messages) {
    List<Object> records = new ArrayList<>();
    for (Queue.Message message : messages) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put("ApproximateReceiveCount", String.valueOf(message.receives));
      attributes.put("AWSTraceHeader", message.trace);
      attributes.put("SentTimestamp", String.valueOf(message.sent));
      attributes.put("SenderId", LambdaHost.ACCOUNT);
      attributes.put("ApproximateFirstReceiveTimestamp", String.valueOf(message.firstReceived));
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("messageId", message.id);
      record.put("receiptHandle", message.receipt);
      record.put("body", message.body);
      record.put("attributes", attributes);
      record.put("messageAttributes", Map.of());
      record.put("md5OfBody", SqsApi.md5(message.body));
      record.put("eventSource", "aws:sqs");
      record.put("eventSourceARN", queue.settings().arn());
      record.put("awsRegion", LambdaHost.REGION);
      records.add(record);
    }
    return Json.write(Map.of("Records", records)).getBytes(StandardCharsets.UTF_8);
  }

  /** Invocations that have not ended. */
  synchronized int running() {
    return running;
  }
}
