package dev.fanfare.testing;

import dev.fanfare.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An address of the application under test that says what has reached it, or answers as it is told:
 * {@code /test/echo} and anything below it.
 *
 * <p>A body {@code {status, headers: [[name, value], ..], body: base64}} under {@code /test/answer}
 * is sent back as that answer. {@code /test/silence} never answers.
 */
@Singleton
public class EchoRoute {

  void install(@Observes Router router) {
    router
        .route("/test/*")
        .handler(
            context -> {
              context.request().bodyHandler(body -> answer(context, body));
              context.request().resume();
            });
  }

  private static void answer(RoutingContext context, Buffer body) {
    if (context.request().path().equals("/test/answer")) {
      Map<?, ?> wanted = Json.parseOwnObject(body.toString());
      context.response().setStatusCode(((Long) wanted.get("status")).intValue());
      for (Object header : (List<?>) wanted.get("headers")) {
        List<?> pair = (List<?>) header;
        context.response().headers().add((String) pair.get(0), (String) pair.get(1));
      }
      context
          .response()
          .end(Buffer.buffer(Base64.getDecoder().decode((String) wanted.get("body"))));
      return;
    }
    if (context.request().path().equals("/test/silence")) {
      return;
    }
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("method", context.request().method().name());
    seen.put("uri", context.request().uri());
    seen.put("headers", headers(context.request().headers()));
    seen.put("body", Base64.getEncoder().encodeToString(body.getBytes()));
    context.response().putHeader("content-type", "application/json").end(Json.write(seen));
  }

  private static List<List<String>> headers(MultiMap headers) {
    List<List<String>> list = new ArrayList<>();
    headers.forEach(header -> list.add(List.of(header.getKey(), header.getValue())));
    return list;
  }
}
