package dev.fanfare.testing.lambda.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;

/** {@code {"do": "echo" | "throw" | "hang" | "exit" | "large" | "chain" | "count", ..}}. */
@NullUnmarked // events are taken as they come
public final class Obedient implements RequestStreamHandler {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Goes on between invocations, unless the process is stopped. */
  private static final AtomicLong BEATS = new AtomicLong();

  private static LambdaClient client;

  static {
    System.out.println("loaded");
    Thread beat =
        new Thread(
            () -> {
              while (true) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                BEATS.incrementAndGet();
              }
            });
    beat.setDaemon(true);
    beat.start();
    if ("yes".equals(System.getenv("BROKEN"))) {
      throw new IllegalStateException("cannot start");
    }
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    Map<?, ?> sent = JSON.readValue(in, Map.class);
    System.out.println("got " + sent);
    if (sent.containsKey("Records")) {
      records(sent, out);
      return;
    }
    // Behind a function URL the body says what to do, if it is JSON.
    boolean http = sent.get("body") instanceof String body && body.startsWith("{");
    Map<?, ?> event = http ? JSON.readValue((String) sent.get("body"), Map.class) : sent;
    switch (String.valueOf(event.get("do"))) {
      case "throw" -> throw new IllegalArgumentException("as told");
      case "hang" -> hang();
      case "exit" -> Runtime.getRuntime().halt(3);
      case "large" -> out.write(("\"" + "x".repeat((Integer) event.get("size")) + "\"").getBytes());
      case "chain" -> chain(event, out);
      case "raw" -> JSON.writeValue(out, event.get("answer"));
      default -> JSON.writeValue(out, seen(event, context));
    }
  }

  /** Messages that say "bad" are named as failed; one that says "throw" fails all. */
  private static void records(Map<?, ?> event, OutputStream out) throws IOException {
    List<Map<String, Object>> failed = new ArrayList<>();
    for (Object each : (List<?>) event.get("Records")) {
      Map<?, ?> message = (Map<?, ?>) each;
      if ("throw".equals(message.get("body"))) {
        throw new IllegalArgumentException("as told");
      }
      if ("bad".equals(message.get("body"))) {
        failed.add(Map.of("itemIdentifier", message.get("messageId")));
      }
    }
    JSON.writeValue(out, Map.of("batchItemFailures", failed));
  }

  private static Map<String, Object> seen(Map<?, ?> event, Context context) {
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("event", event);
    seen.put("beats", BEATS.get());
    seen.put("pid", ManagementFactory.getRuntimeMXBean().getPid());
    seen.put("requestId", context.getAwsRequestId());
    seen.put("arn", context.getInvokedFunctionArn());
    seen.put("remaining", context.getRemainingTimeInMillis());
    seen.put(
        "custom",
        context.getClientContext() == null ? null : context.getClientContext().getCustom());
    seen.put("folder", System.getProperty("user.dir"));
    seen.put("environment", System.getenv());
    return seen;
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends itself the next link, as a workflow engine does. */
  private static synchronized void chain(Map<?, ?> event, OutputStream out) throws IOException {
    int left = (Integer) event.get("left");
    if (left > 0) {
      if (client == null) {
        client =
            LambdaClient.builder()
                .endpointOverride(URI.create(System.getenv("ENDPOINT")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
      }
      Map<String, Object> next = Map.of("do", "chain", "left", left - 1);
      client.invoke(
          request ->
              request
                  .functionName(System.getenv("AWS_LAMBDA_FUNCTION_NAME"))
                  .qualifier("live")
                  .invocationType(InvocationType.EVENT)
                  .payload(SdkBytes.fromByteArray(bytes(next))));
    }
    JSON.writeValue(out, Map.of("left", left));
  }

  private static byte[] bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
