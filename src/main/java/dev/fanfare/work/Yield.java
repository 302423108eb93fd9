package dev.fanfare.work;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What work yields, checked and cleaned before anybody keeps it. */
public final class Yield {

  /** Most bytes of one output: UTF-8 of a text, compact JSON of anything else (language.md). */
  public static final int LIMIT_BYTES = 256 << 10;

  /** Most lists and objects inside each other; structures around the step add their own. */
  public static final int LIMIT_DEPTH = 100;

  private static final char REPLACEMENT = '\uFFFD';

  private Yield() {}

  /** Success with this value, or failure {@code output_too_large} or {@code output_too_deep}. */
  public static Outcome of(@Nullable Object value, Optional<Integer> exitCode, String advice) {
    if (isDeeper(value, LIMIT_DEPTH)) {
      return Outcome.Failed.of(
          ErrorInfo.of(
                  "output_too_deep",
                  "The output has more than %d lists or objects inside each other. %s"
                      .formatted(LIMIT_DEPTH, advice))
              .with("limit", (long) LIMIT_DEPTH));
    }
    Object clean = clean(value);
    int bytes = sizeOf(clean);
    if (bytes > LIMIT_BYTES) {
      return Outcome.Failed.of(tooLarge(bytes, advice));
    }
    return new Outcome.Succeeded(clean, exitCode);
  }

  /** The value where it fits, null where it is too large: for what failed work leaves behind. */
  public static @Nullable Object orNothing(@Nullable Object value) {
    if (isDeeper(value, LIMIT_DEPTH)) {
      return null;
    }
    Object clean = clean(value);
    return sizeOf(clean) > LIMIT_BYTES ? null : clean;
  }

  /** Whether a value may be an output. */
  public static boolean fits(@Nullable Object value) {
    return !isDeeper(value, LIMIT_DEPTH) && sizeOf(clean(value)) <= LIMIT_BYTES;
  }

  private static boolean isDeeper(@Nullable Object value, int depth) {
    return switch (value) {
      case Map<?, ?> map ->
          depth == 0 || map.values().stream().anyMatch(each -> isDeeper(each, depth - 1));
      case List<?> list -> depth == 0 || list.stream().anyMatch(each -> isDeeper(each, depth - 1));
      case null, default -> false;
    };
  }

  /** The failure of a value that is too large. */
  public static ErrorInfo tooLarge(long bytes, String advice) {
    return ErrorInfo.of(
            "output_too_large",
            "The output has %d bytes, the limit is %d (256 KiB). %s"
                .formatted(bytes, LIMIT_BYTES, advice))
        .with("bytes", bytes)
        .with("limit", (long) LIMIT_BYTES);
  }

  private static int sizeOf(@Nullable Object value) {
    String text = value instanceof String string ? string : Json.write(value);
    return text.length() > LIMIT_BYTES
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static @Nullable Object clean(@Nullable Object value) {
    return cleanStrings(Json.plain(value));
  }

  private static @Nullable Object cleanStrings(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> cleanText(text);
      case Double number when !Double.isFinite(number) -> String.valueOf(number);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> clean = new LinkedHashMap<>();
        map.forEach((key, entry) -> clean.put(cleanText(String.valueOf(key)), cleanStrings(entry)));
        yield clean;
      }
      case List<?> list -> {
        List<@Nullable Object> clean = new ArrayList<>(list.size());
        for (Object element : list) {
          clean.add(cleanStrings(element));
        }
        yield clean;
      }
      default -> value;
    };
  }

  /** A text without NUL and without half surrogates, neither of which PostgreSQL can keep. */
  public static String cleanText(String text) {
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        clean = clean == null ? new StringBuilder(text) : clean;
        clean.setCharAt(i, REPLACEMENT);
      }
    }
    return clean == null ? text : clean.toString();
  }
}
