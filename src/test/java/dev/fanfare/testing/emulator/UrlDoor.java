package dev.fanfare.testing.emulator;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * An address of this machine for a function URL: the emulator tells function URLs from each other
 * by the name that they are called by, and that name leads nowhere here.
 */
public final class UrlDoor implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final URI emulator;
  private final String name;
  private final HttpServer server;

  private UrlDoor(URI emulator, String name) {
    this.emulator = emulator;
    this.name = name;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::forward)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public static UrlDoor to(URI emulator, String functionUrl) {
    return new UrlDoor(emulator, URI.create(functionUrl).getHost());
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private void forward(HttpServerRequest request) {
    request.pause();
    client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setHost(emulator.getHost())
                .setPort(emulator.getPort())
                .setURI(request.uri()))
        .compose(
            out -> {
              out.headers().setAll(request.headers()).set("Host", name);
              return out.send(request);
            })
        .compose(
            in -> {
              request.response().setStatusCode(in.statusCode()).headers().setAll(in.headers());
              return request.response().send(in);
            })
        .onFailure(failure -> request.response().setStatusCode(502).end(failure.toString()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
