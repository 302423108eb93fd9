package dev.fanfare.engine;

import dev.fanfare.definition.Hooks.Moment;
import dev.fanfare.definition.StepStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step will end as once the hooks after it have ended, kept in its {@code detail} beside
 * what a structure remembers there: {@code ending}, with {@code status}, {@code reason}, what its
 * last attempt cost, and the {@code hook} at work; and {@code held}, how many stopped steps inside
 * have hooks yet to end. A step that was stopped has ended: it keeps the hook only.
 */
final class PendingEnd {
  private static final String KEY = "ending";
  private static final String HELD = "held";

  private PendingEnd() {}

  static void put(Cell cell, StepStatus status, @Nullable Reason reason, Event.Cost cost) {
    Map<String, Object> ending = new LinkedHashMap<>();
    ending.put("status", status.id());
    if (reason != null) {
      ending.put("reason", reason.toJson());
    }
    if (!cost.equals(Event.Cost.NONE)) {
      ending.put("ms", cost.millis());
      ending.put("memoryMb", (long) cost.memoryMb());
      ending.put("continuation", cost.continuation());
    }
    cell.remember(Map.of(KEY, ending));
  }

  private static Map<?, ?> of(Cell cell) {
    return cell.detail != null && cell.detail.get(KEY) instanceof Map<?, ?> ending
        ? ending
        : Map.of();
  }

  static void clear(Cell cell) {
    cell.forget(KEY, HELD);
  }

  static StepStatus status(Cell cell) {
    return StepStatus.of(String.valueOf(of(cell).get("status")))
        .orElseThrow(() -> new IllegalStateException("'" + cell.path + "' is not about to end"));
  }

  static @Nullable Reason reason(Cell cell) {
    if (!(of(cell).get("reason") instanceof Map<?, ?> json)) {
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    json.forEach((key, value) -> values.put(String.valueOf(key), value));
    return Reason.fromJson(values);
  }

  static Event.Cost cost(Cell cell) {
    Map<?, ?> ending = of(cell);
    return ending.get("ms") instanceof Number millis
            && ending.get("memoryMb") instanceof Number memory
        ? new Event.Cost(
            millis.longValue(), memory.intValue(), Boolean.TRUE.equals(ending.get("continuation")))
        : Event.Cost.NONE;
  }

  /** Says which hook is at work. */
  static void hook(Cell cell, Moment moment) {
    Map<String, Object> ending = new LinkedHashMap<>();
    of(cell).forEach((key, value) -> ending.put(String.valueOf(key), value));
    ending.put("hook", moment.id());
    cell.remember(Map.of(KEY, ending));
  }

  static boolean waitsFor(Cell cell, Moment moment) {
    return moment.id().equals(of(cell).get("hook"));
  }

  static void held(Cell cell, int left) {
    cell.remember(Map.of(HELD, (long) left));
  }

  /** One of those that hold a step no longer does; how many are left. */
  static int letGo(Cell cell) {
    long held =
        cell.detail != null && cell.detail.get(HELD) instanceof Number number
            ? number.longValue()
            : 0;
    held(cell, (int) Math.max(0, held - 1));
    return (int) Math.max(0, held - 1);
  }
}
