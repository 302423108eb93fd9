package dev.fanfare.api;

import dev.fanfare.function.ReasonText;
import dev.fanfare.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers as lines, for shells that have no JSON: {@code docs/api.md} says how they look. What
 * others have written never ends a line and never begins one.
 */
final class PlainText {

  private static final int LONGEST_SENTENCE = 1_000;
  private static final String STEP = "step.";

  private PlainText() {}

  /**
   * An object as lines {@code key: value}, that of an object in it as {@code outer.inner: value}. A
   * text stands as it is, but for outputs, where it is JSON as every other value.
   *
   * @param without keys that are left out
   */
  static String object(Map<?, ?> object, String without) {
    StringBuilder text = new StringBuilder();
    object.forEach(
        (key, value) -> {
          if (!without.equals(key)) {
            add(text, clean(String.valueOf(key)), value, false);
          }
        });
    return text.toString();
  }

  private static void add(StringBuilder text, String key, @Nullable Object value, boolean asJson) {
    boolean outputs = key.equals("outputs");
    if (value instanceof Map<?, ?> map && !asJson) {
      map.forEach(
          (inner, each) -> add(text, key + "." + clean(String.valueOf(inner)), each, outputs));
    } else if (value != null) {
      boolean plain = value instanceof String && !asJson;
      String shown = plain ? clean(value.toString()) : escaped(Json.write(value));
      text.append(key).append(": ").append(shown).append('\n');
    }
  }

  /**
   * Events as lines {@code SEQ, AT, TYPE, SENTENCE} with tabs between them. The last line says that
   * the answer is whole: {@code next, SEQ} or, where no more will come, {@code over, SEQ, STATUS}.
   */
  static String events(List<Map<String, Object>> events, long last, String status, boolean over) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> event : events) {
      text.append(event.get("seq"))
          .append('\t')
          .append(event.get("at"))
          .append('\t')
          .append(clean(of(event, "type")))
          .append('\t')
          .append(cut(clean(sentence(event))))
          .append('\n');
    }
    text.append(over ? "over\t" : "next\t").append(last);
    if (over) {
      text.append('\t').append(status);
    }
    return text.append('\n').toString();
  }

  /** A problem as its sentence, and a line for each finding. */
  static String problem(Problem problem) {
    StringBuilder text = new StringBuilder(clean(problem.detail())).append('\n');
    for (Problem.Finding finding : problem.errors()) {
      if (finding.line() > 0) {
        text.append(finding.line()).append(':').append(finding.column()).append(": ");
      }
      text.append(finding.severity()).append(": ").append(clean(finding.message()));
      if (!finding.hint().isEmpty()) {
        text.append(" (").append(clean(finding.hint())).append(')');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String sentence(Map<String, Object> event) {
    String type = of(event, "type");
    String why = why(event);
    return switch (type) {
      case "run.queued" -> of(event, "workflow") + " is queued" + why;
      case "run.started" -> of(event, "workflow") + " started" + attempt(event);
      case "run.running" -> "the run is at work again";
      case "run.waiting" -> "everything that is left waits";
      case "run.failing" -> "the run is failing: '" + of(event, "step") + "' failed";
      case "run.retrying" -> "the run has failed and goes on" + why;
      case "run.rerun" ->
          "the run goes on from " + of(event, "from") + attempt(event) + ", by " + of(event, "by");
      case "run.ending" -> "the run will end " + of(event, "status") + why;
      case "run.output_failed" -> "the output '" + of(event, "output") + "' has no value" + why;
      case "run.finished" -> "the run ended: " + of(event, "status") + why;
      case "race.won" -> of(event, "step") + ": " + of(event, "winner") + " won";
      case "group.expanded" -> of(event, "step") + " has " + of(event, "items") + " items";
      case "loop.paused" -> of(event, "step") + " pauses" + why;
      default ->
          type.startsWith(STEP)
              ? of(event, "step")
                  + " "
                  + type.substring(STEP.length()).replace('_', ' ')
                  + attempt(event)
                  + took(event)
                  + why
              : type;
    };
  }

  private static String attempt(Map<String, Object> event) {
    return event.get("attempt") instanceof Number attempt && attempt.longValue() > 1
        ? " (attempt " + attempt + ")"
        : "";
  }

  private static String took(Map<String, Object> event) {
    return event.get("ms") instanceof Number ms
        ? String.format(Locale.ROOT, " in %.3f s", ms.longValue() / 1000.0)
        : "";
  }

  private static String why(Map<String, Object> event) {
    Object why = event.get("reason") == null ? event.get("error") : event.get("reason");
    String sentence =
        switch (why) {
          case null -> "";
          case Map<?, ?> record -> ReasonText.of(record);
          default -> why.toString();
        };
    return sentence.isBlank() ? "" : ": " + sentence;
  }

  private static String of(Map<String, Object> event, String key) {
    Object value = event.get(key);
    return value == null ? "" : value.toString();
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_SENTENCE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_SENTENCE - 1)) + "…";
  }

  /** Text on one line, harmless to a terminal. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().map(c -> isHarmless(c) ? c : ' ').forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** JSON that says the same, without anything that ends a line or hides. */
  private static String escaped(String json) {
    StringBuilder escaped = new StringBuilder(json.length());
    json.chars()
        .forEach(
            unit -> {
              if (Character.isSurrogate((char) unit) || isHarmless(unit)) {
                escaped.append((char) unit);
              } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", unit));
              }
            });
    return escaped.toString();
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
