package dev.fanfare.work;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which trace something belongs to, as <a href="https://www.w3.org/TR/trace-context-1/">W3C Trace
 * Context</a> hands it on. Fanfare passes traces on and sends none anywhere.
 *
 * <p>What is malformed is as good as not there: a caller's tracing never keeps a run from starting.
 * All ids of Fanfare's own follow from what they stand for, so that every process, and whoever
 * delivers a step twice, gives the same.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all zero
 * @param spanId of the caller, 16 hexadecimal digits in lower case, not all zero
 * @param sampled whether the caller may have recorded it
 * @param state the header {@code tracestate}, not looked into; empty if there is none
 */
public record TraceContext(String traceId, String spanId, boolean sampled, String state) {

  /** Name of the header, and of the entry in the context of a run. */
  public static final String PARENT = "traceparent";

  /** Name of the header, and of the entry in the context of a run. */
  public static final String STATE = "tracestate";

  /** Characters of {@code tracestate} that are carried; the standard asks for no more. */
  static final int LONGEST_STATE = 512;

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final int SAMPLED = 1;

  /**
   * Reads the two headers.
   *
   * <p>A version after 00 is read as far as 00 goes, if a hyphen follows what it has more; ff is no
   * version. Flags other than {@code sampled} are not handed on, as the standard has it.
   *
   * @param state nothing without a {@code parent}; members that pass the limit are left out
   */
  public static Optional<TraceContext> of(@Nullable String parent, @Nullable String state) {
    if (parent == null) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(parent);
    if (!form.matches()) {
      return Optional.empty();
    }
    String version = form.group(1);
    boolean longer = form.group(5) != null;
    if (version.equals("ff")
        || (version.equals("00") && longer)
        || isZero(form.group(2))
        || isZero(form.group(3))) {
      return Optional.empty();
    }
    int flags = Integer.parseInt(form.group(4), 16);
    return Optional.of(
        new TraceContext(form.group(2), form.group(3), (flags & SAMPLED) != 0, bounded(state)));
  }

  /** What a run was started with; its context may hold it. */
  public static Optional<TraceContext> in(Map<String, ?> context) {
    return of(text(context.get(PARENT)), text(context.get(STATE)));
  }

  /**
   * The trace of a run: the one that it was started with. A run that came without one is a trace of
   * its own, whose id is the run's without hyphens; it counts as sampled, so that what its steps
   * call decides as it would without a caller.
   */
  public static TraceContext ofRun(UUID run, Map<String, ?> context) {
    return in(context)
        .orElseGet(
            () -> new TraceContext(run.toString().replace("-", ""), span("run " + run), true, ""));
  }

  /**
   * The same trace with the span of an attempt of a step of a run: the first eight bytes of the
   * SHA-256 of {@code RUN STEP ATTEMPT}, in UTF-8 with a space between.
   */
  public TraceContext attempt(UUID run, String step, int attempt) {
    return new TraceContext(traceId, span(run + " " + step + " " + attempt), sampled, state);
  }

  /** Writes what a run is started with into its context. */
  public void into(Map<String, Object> context) {
    context.put(PARENT, parent());
    if (!state.isEmpty()) {
      context.put(STATE, state);
    }
  }

  /** The header {@code traceparent}, version 00. */
  public String parent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }

  private static String span(String of) {
    byte[] digest = sha256(of);
    // All zero is no id. Once in 2^64 the next bytes are as good.
    int from = ByteBuffer.wrap(digest).getLong() == 0 ? Long.BYTES : 0;
    return HexFormat.of().formatHex(digest, from, from + Long.BYTES);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  /** As many members from the left as there is room for: the last to have written is the first. */
  private static String bounded(@Nullable String state) {
    String text = state == null ? "" : state.strip();
    // It becomes a header and an environment variable.
    if (!text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t')) {
      return "";
    }
    while (text.length() > LONGEST_STATE) {
      text = text.substring(0, Math.max(0, text.lastIndexOf(','))).stripTrailing();
    }
    return text;
  }
}
