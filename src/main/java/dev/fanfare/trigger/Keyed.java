package dev.fanfare.trigger;

import dev.fanfare.definition.Trigger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trigger of a workflow and what it is known by.
 *
 * @param key says what comes when, and nothing of what is done then: a trigger whose key is in the
 *     next version of the file goes on where it is
 */
public record Keyed(String key, Trigger trigger) {

  /** The triggers of a workflow; equal ones are told apart by their order. */
  public static List<Keyed> of(List<Trigger> triggers) {
    List<Keyed> keyed = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Trigger trigger : triggers) {
      String key = key(trigger);
      int count = seen.merge(key, 1, Integer::sum);
      keyed.add(new Keyed(count == 1 ? key : key + " #" + count, trigger));
    }
    return keyed;
  }

  public static Optional<Trigger> find(List<Trigger> triggers, String key) {
    return of(triggers).stream()
        .filter(keyed -> keyed.key().equals(key))
        .map(Keyed::trigger)
        .findFirst();
  }

  private static String key(Trigger trigger) {
    return switch (trigger) {
      case Trigger.Schedule schedule ->
          "schedule " + schedule.cron().replaceAll("\\s+", " ") + " " + schedule.timezone();
      case Trigger.Interval interval -> "interval " + interval.every();
      case Trigger.Webhook webhook -> "webhook " + webhook.path();
      case Trigger.OnEvent event -> "event " + event.name();
    };
  }
}
