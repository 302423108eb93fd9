package dev.fanfare.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a run comes from that a step of another run has started; kept as {@code parent} in its
 * context.
 *
 * @param run the run whose step started it
 * @param step path of that step
 * @param attempt of that step
 * @param waits whether the step waits for this run's end
 * @param callers workflows of all the runs above this one, the outermost first
 */
public record Origin(UUID run, String step, int attempt, boolean waits, List<String> callers) {

  /** The name in the context of a run. */
  public static final String KEY = "parent";

  public Origin {
    callers = List.copyOf(callers);
  }

  /** Where a run with this context comes from; empty if no other run has started it. */
  public static Optional<Origin> of(Map<String, Object> context) {
    if (!(context.get(KEY) instanceof Map<?, ?> parent)
        || !(parent.get("run") instanceof String run)
        || !(parent.get("step") instanceof String step)
        || !(parent.get("attempt") instanceof Number attempt)) {
      return Optional.empty();
    }
    List<String> callers =
        parent.get("callers") instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of();
    boolean waits = Boolean.TRUE.equals(parent.get("waits"));
    return Optional.of(new Origin(UUID.fromString(run), step, attempt.intValue(), waits, callers));
  }

  /** What a context keeps. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run.toString());
    json.put("step", step);
    json.put("attempt", (long) attempt);
    json.put("waits", waits);
    json.put("callers", callers);
    return json;
  }

  /**
   * The id of the run that a step starts: UUID version 8 (RFC 9562) of a digest, so that whoever
   * repeats a lost claim finds the run that the lost one has started.
   *
   * @param attempt the attempt that first had this work, {@link StepRow#origin()}
   */
  public static UUID childOf(UUID run, String step, int attempt) {
    byte[] digest;
    try {
      digest =
          MessageDigest.getInstance("SHA-256")
              .digest((run + "\n" + attempt + "\n" + step).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    long high = (bytes.getLong() & 0xFFFFFFFFFFFF0FFFL) | 0x8000L;
    long low = (bytes.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
