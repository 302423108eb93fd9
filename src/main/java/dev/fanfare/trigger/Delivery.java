package dev.fanfare.trigger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who sends a webhook, what happened there, and what tells one delivery from another.
 *
 * @param source {@code github}, {@code gitlab}, {@code bitbucket}, {@code circleci}, or {@code
 *     other}
 * @param event the sender's name for what happened; empty where it gives none
 * @param id the same for every try of one delivery; empty where the sender gives none
 */
public record Delivery(String source, String event, Optional<String> id) {

  /** Longer ids, and such with other characters, go by their digest. */
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,120}");

  /**
   * The delivery that a request is.
   *
   * @param headers by their names in lower case
   * @param event the parsed body: CircleCI has its id there
   */
  public static Delivery of(Map<String, String> headers, Map<String, Object> event) {
    if (headers.containsKey("x-github-event")) {
      return new Delivery(
          "github", text(headers, "x-github-event"), first(headers, "x-github-delivery"));
    }
    if (headers.containsKey("x-gitlab-event")) {
      // An event has the same id in every hook that it calls, and goes to this address once only.
      return new Delivery(
          "gitlab",
          text(headers, "x-gitlab-event"),
          first(headers, "idempotency-key", "webhook-id", "x-gitlab-event-uuid"));
    }
    if (headers.containsKey("x-event-key")) {
      return new Delivery(
          "bitbucket",
          text(headers, "x-event-key"),
          first(headers, "x-request-uuid", "x-request-id"));
    }
    if (headers.containsKey("circleci-event-type") || headers.containsKey("circleci-signature")) {
      Optional<String> id =
          Optional.ofNullable(event.get("id"))
              .filter(String.class::isInstance)
              .map(Object::toString);
      return new Delivery("circleci", text(headers, "circleci-event-type"), id);
    }
    return new Delivery("other", "", first(headers, "idempotency-key", "webhook-id"));
  }

  private static String text(Map<String, String> headers, String name) {
    return headers.getOrDefault(name, "");
  }

  private static Optional<String> first(Map<String, String> headers, String... names) {
    return Stream.of(names)
        .map(name -> text(headers, name).strip())
        .filter(Predicate.not(String::isEmpty))
        .findFirst();
  }

  /**
   * What at most one run of a workflow is started for; empty where every delivery is a new one.
   *
   * <p>A signed body without an id goes by itself, so that whoever overhears it cannot send it
   * again. Without signature and id nothing tells a repetition from a second event.
   *
   * @param trigger the key of the trigger that it is for
   * @param signed whether the sender has proved to know the secret
   */
  public Optional<String> idempotencyKey(String trigger, byte[] body, boolean signed) {
    Optional<String> own =
        id.map(
            text ->
                PLAIN.matcher(text).matches()
                    ? text
                    : digest(text.getBytes(StandardCharsets.UTF_8)));
    return own.or(() -> signed ? Optional.of(digest(body)) : Optional.empty())
        .map(text -> trigger + " " + text);
  }

  private static String digest(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What a run knows of it, as {@code run.delivery}. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", source);
    json.put("event", event);
    id.ifPresent(text -> json.put("id", text));
    return json;
  }
}
