package dev.fanfare.function.http;

import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The way from a function into the API of its own process: a port of the loopback address that is
 * chosen by the system, opened for the first event, and answers to tickets only.
 *
 * <p>Opened lazily: other functions never pay for it, and nothing listens in a snapshot that was
 * taken before the first event.
 */
@Singleton
public class Loopback {

  private static final System.Logger LOG = System.getLogger(Loopback.class.getName());
  private static final String HOST = "127.0.0.1";
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LARGEST_HEADERS = 128 * 1024;
  private static final int CONNECTIONS = 4;
  private static final int FORBIDDEN = 403;
  private static final int GATEWAY_FAILED = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  private final Vertx vertx;
  private final HttpCalls calls;
  private Optional<Open> open = Optional.empty();

  @Inject
  Loopback(Vertx vertx, HttpCalls calls) {
    this.vertx = vertx;
    this.calls = calls;
  }

  /** The port, and a client whose connections to it stay open. */
  private record Open(HttpServer server, HttpClient client) {}

  /**
   * Sends a request and waits for its answer.
   *
   * @param longest how long a request may wait for something to happen
   * @param patience after which nothing more is waited for
   */
  public HttpReply send(HttpEvent event, Duration longest, Duration patience)
      throws InterruptedException {
    String ticket = calls.ticket(new HttpCall(event.url(), event.iam(), longest));
    AtomicReference<Runnable> giveUp = new AtomicReference<>(() -> {});
    try {
      Open way = open(patience);
      return exchange(way, event, ticket, giveUp)
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      giveUp.get().run();
      return HttpReply.problem(
          GATEWAY_TIMEOUT,
          "Gateway Timeout",
          "the answer took longer than the function may; what was asked for may have happened");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TooLargeException) {
        return HttpReply.tooLarge();
      }
      LOG.log(Level.ERROR, "a request was not answered", e.getCause());
      return HttpReply.problem(
          GATEWAY_FAILED,
          "Bad Gateway",
          "the request was not answered; the log of the function says why");
    } finally {
      calls.take(ticket);
    }
  }

  private synchronized Open open(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (open.isEmpty()) {
      HttpServerOptions listen =
          new HttpServerOptions()
              .setHost(HOST)
              .setPort(0)
              .setTcpNoDelay(true)
              .setMaxInitialLineLength(LONGEST_LINE)
              .setMaxHeaderSize(LARGEST_HEADERS);
      HttpServer server =
          vertx
              .createHttpServer(listen)
              .requestHandler(this::admit)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      // A frozen function keeps its connections: neither side may close one because time went by.
      HttpClientOptions connect =
          new HttpClientOptions()
              .setDefaultHost(HOST)
              .setDefaultPort(server.actualPort())
              .setKeepAliveTimeout(0)
              .setMaxPoolSize(CONNECTIONS)
              .setTcpNoDelay(true)
              .setMaxHeaderSize(LARGEST_HEADERS);
      open = Optional.of(new Open(server, vertx.createHttpClient(connect)));
    }
    return open.get();
  }

  /** Whoever else reaches the port is sent away. */
  private void admit(HttpServerRequest request) {
    if (calls.knows(request.getHeader(HttpCalls.TICKET))) {
      VertxHttpRecorder.getRootHandler().handle(request);
    } else {
      request.response().setStatusCode(FORBIDDEN).putHeader("connection", "close").end();
    }
  }

  /**
   * @param giveUp gets what frees the connection while the answer is still to come
   */
  private static Future<HttpReply> exchange(
      Open way, HttpEvent event, String ticket, AtomicReference<Runnable> giveUp) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(event.method()))
            .setURI(event.target())
            .setFollowRedirects(false);
    for (Map.Entry<String, String> header : event.headers()) {
      options.addHeader(header.getKey(), header.getValue());
    }
    options.putHeader(HttpCalls.TICKET, ticket);
    if (!event.host().isEmpty()) {
      options.putHeader("host", event.host());
      options.putHeader("x-forwarded-host", event.host());
      options.putHeader("x-forwarded-proto", "https");
    }
    // What listens to the response is there before the request is sent: both happen on the event
    // loop of the connection.
    return way.client()
        .request(options)
        .compose(
            request -> {
              giveUp.set(request::reset);
              return write(request, event.body()).compose(Loopback::read);
            });
  }

  private static Future<HttpClientResponse> write(HttpClientRequest request, byte[] body) {
    return body.length == 0 ? request.send() : request.send(Buffer.buffer(body));
  }

  /** The whole response, as long as Lambda can take it. */
  private static Future<HttpReply> read(HttpClientResponse response) {
    Promise<HttpReply> reply = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() <= HttpReply.LARGEST) {
            body.appendBuffer(chunk);
          } else if (reply.tryFail(new TooLargeException())) {
            response.request().reset();
          }
        });
    response
        .end()
        .onSuccess(
            end ->
                reply.tryComplete(
                    HttpReply.of(
                        response.statusCode(), response.headers().entries(), body.getBytes())))
        .onFailure(reply::tryFail);
    return reply.future();
  }

  @PreDestroy
  void close() {
    open.ifPresent(
        way -> {
          way.client().close();
          way.server().close();
        });
  }

  /** The answer does not fit; it is not read to its end. */
  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super("the answer is too large", null, false, false);
    }
  }
}
