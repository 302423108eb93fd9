package dev.fanfare.dsl;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which calls of a webhook start runs. */
public final class WebhookOptions {

  private final Map<String, Object> written = new LinkedHashMap<>();

  WebhookOptions(String path) {
    written.put("path", path);
  }

  /** The name of the secret that calls are signed with; without it anybody may call. */
  public WebhookOptions secret(String name) {
    written.put("secret", name);
    return this;
  }

  /**
   * A condition on the call, in the expression language: {@code event.amount > 100}. It is asked
   * wherever the call comes in, so it is no function.
   */
  public WebhookOptions condition(String expression) {
    written.put("when", Emitter.expression(expression));
    return this;
  }

  /**
   * What tells a call from its repetition, in the expression language: {@code event.orderId}. Calls
   * with the same key start one run. Without it a call goes by the id that its sender gave it.
   */
  public WebhookOptions idempotencyKey(String expression) {
    written.put("idempotencyKey", Emitter.expression(expression));
    return this;
  }

  /** A JSON Schema of the payload; a call that brings anything else is refused. */
  public WebhookOptions schema(Map<String, ?> jsonSchema) {
    written.put("schema", jsonSchema);
    return this;
  }

  Map<String, Object> written() {
    return written;
  }
}
