package dev.fanfare.function;

import dev.fanfare.store.TriggerStore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Triggers as JSON, with sentences for what they skipped. */
public final class TriggerJson {

  private TriggerJson() {}

  public static Map<String, @Nullable Object> of(TriggerStore.View trigger) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("workflow", trigger.workflow());
    json.put("kind", trigger.kind());
    json.putAll(trigger.spec());
    json.put("paused", trigger.pausedAt().isPresent());
    json.put("nextAt", trigger.pausedAt().isPresent() ? null : time(trigger.next()));
    json.put("lastAt", time(trigger.last()));
    json.put("lastRun", trigger.lastRun().map(Object::toString).orElse(null));
    json.put("skipped", trigger.skipped().map(TriggerJson::skipped).orElse(null));
    return json;
  }

  private static @Nullable Object time(Optional<Instant> at) {
    return at.map(RunJson::time).orElse(null);
  }

  private static Map<String, @Nullable Object> skipped(TriggerStore.Skipped skipped) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("at", RunJson.time(skipped.tick()));
    json.put("code", skipped.why().get("code"));
    json.put("reason", sentence(skipped.why()));
    return json;
  }

  private static String sentence(Map<String, Object> why) {
    return switch (String.valueOf(why.get("code"))) {
      case "missed" -> "nobody was there for it, and catchUp does not ask to make up for it";
      case "overlap" -> "the run " + why.get("run") + " of an earlier tick was still active";
      case "succeeded" -> "another run had succeeded since the tick before";
      case "refused" -> "its run was refused: " + why.get("message");
      default -> String.valueOf(why.get("code"));
    };
  }
}
