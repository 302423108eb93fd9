package dev.fanfare.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Invoke operation over real HTTP: functions are Java here, and what they are called with
 * is kept. Messages to queues are taken as well. Credentials and a region are there for as long as
 * it is.
 */
public final class FunctionServer implements AutoCloseable {

  private static final Map<String, String> ACCOUNT =
      Map.of(
          "aws.accessKeyId", "test", "aws.secretAccessKey", "test", "aws.region", "eu-central-1");

  private final HttpServer server;
  private final Map<String, Function> functions = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private volatile Consumer<Message> queue = message -> {};

  /** What was sent to a queue, to be delivered after so many seconds. */
  public record Message(String queue, String body, int delaySeconds) {}

  /** A function: its payload in, JSON as Java out. */
  @FunctionalInterface
  public interface Function {
    Answer call(@Nullable Object payload) throws Exception;
  }

  /**
   * What a function, or the service in its place, answers.
   *
   * @param error what the service calls the error; empty for none
   * @param body JSON as Java
   */
  public record Answer(int status, String error, @Nullable Object body, String log) {

    public static Answer of(@Nullable Object body) {
      return new Answer(200, "", body, "");
    }

    /** What an exception in a function becomes. */
    public static Answer thrown(String type, String message) {
      return new Answer(200, "Unhandled", Map.of("errorType", type, "errorMessage", message), "");
    }

    /** The service refuses the call. */
    public static Answer refused(int status, String type, String message) {
      return new Answer(status, type, Map.of("Message", message), "");
    }
  }

  /**
   * A call that has come in.
   *
   * @param type {@code RequestResponse} or {@code Event}
   * @param context the client context, decoded
   */
  public record Call(
      String function, String type, @Nullable Object context, @Nullable Object payload) {}

  private FunctionServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/2015-03-31/functions/", this::invoke);
    server.createContext("/", this::send);
    server.start();
    ACCOUNT.forEach(System::setProperty);
  }

  public static FunctionServer start() {
    try {
      return new FunctionServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public FunctionServer function(String name, Function function) {
    functions.put(name, function);
    return this;
  }

  /** Is called with each message to a queue; what it throws refuses the message. */
  public FunctionServer queue(Consumer<Message> taker) {
    queue = taker;
    return this;
  }

  /** The messages so far, in order. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The calls so far, of every function, in order. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private void invoke(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().split("/")[3];
      String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
      String context = exchange.getRequestHeaders().getFirst("X-Amz-Client-Context");
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Object payload = parsed(body);
      calls.add(
          new Call(
              name,
              String.valueOf(type),
              context == null
                  ? null
                  : parsed(new String(Base64.getDecoder().decode(context), StandardCharsets.UTF_8)),
              payload));
      boolean authorized = exchange.getRequestHeaders().getFirst("Authorization") != null;
      Function function = functions.get(name);
      Answer answer =
          !authorized
              ? Answer.refused(403, "MissingAuthenticationTokenException", "who are you?")
              : function == null
                  ? Answer.refused(404, "ResourceNotFoundException", "Function not found: " + name)
                  : called(function, payload);
      answer(exchange, answer, "Event".equals(type));
    }
  }

  /** SQS's JSON protocol, as far as a sender needs it. */
  private void send(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      byte[] read = exchange.getRequestBody().readAllBytes();
      if (!"AmazonSQS.SendMessage".equals(target)) {
        answer(exchange, Answer.refused(400, "UnknownOperationException", "" + target), false);
        return;
      }
      Map<?, ?> request = (Map<?, ?>) parsed(new String(read, StandardCharsets.UTF_8));
      String body = String.valueOf(request.get("MessageBody"));
      Object delay = request.get("DelaySeconds");
      Message message =
          new Message(
              String.valueOf(request.get("QueueUrl")),
              body,
              delay instanceof Number number ? number.intValue() : 0);
      messages.add(message);
      try {
        queue.accept(message);
      } catch (RuntimeException e) {
        answer(exchange, Answer.refused(500, "InternalFailure", "" + e.getMessage()), false);
        return;
      }
      answer(
          exchange,
          Answer.of(Map.of("MessageId", "m" + messages.size(), "MD5OfMessageBody", md5(body))),
          false);
    }
  }

  private static String md5(String body) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer called(Function function, @Nullable Object payload) {
    try {
      return function.call(payload);
    } catch (Exception e) {
      return Answer.thrown(e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
    }
  }

  private static void answer(HttpExchange exchange, Answer answer, boolean left)
      throws IOException {
    boolean refused = answer.status() >= 400;
    if (refused) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.error());
    } else if (left) {
      exchange.sendResponseHeaders(202, -1);
      return;
    } else if (!answer.error().isEmpty()) {
      exchange.getResponseHeaders().set("X-Amz-Function-Error", answer.error());
    }
    if (!answer.log().isEmpty()) {
      byte[] log = answer.log().getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("X-Amz-Log-Result", Base64.getEncoder().encodeToString(log));
    }
    byte[] body = Json.write(answer.body()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static @Nullable Object parsed(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return text;
    }
  }

  @Override
  public void close() {
    ACCOUNT.keySet().forEach(System::clearProperty);
    server.stop(0);
  }
}
