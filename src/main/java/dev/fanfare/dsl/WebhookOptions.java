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

  Map<String, Object> written() {
    return written;
  }
}
