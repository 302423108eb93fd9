package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Cron;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Trigger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code schedule} and the keys about it, as triggers. */
final class Schedules {

  private static final Pattern ZONED = Pattern.compile("(?:CRON_)?TZ=(\\S+)\\s+(.*)");

  private final Fields root;
  private final List<Trigger> triggers = new ArrayList<>();
  private boolean skipIfSucceeded;
  private Trigger.Overlap overlap = Trigger.Overlap.SKIP;
  private Trigger.CatchUp catchUp = Trigger.CatchUp.NONE;

  Schedules(Fields root) {
    this.root = root;
  }

  List<Trigger> read() {
    skipIfSucceeded = root.flag("skip_if_successful");
    boolean replays = root.text("catchup_window").isPresent();
    catchUp = replays ? Trigger.CatchUp.ALL : Trigger.CatchUp.NONE;
    root.text("overlap_policy").ifPresent(policy -> overlap(policy, replays));
    Optional<YamlNode> schedule = root.node("schedule");
    if (schedule.isPresent() && schedule.get() instanceof Mapping map && !map.has("kind")) {
      Fields fields = root.section("schedule", "schedule").orElseThrow();
      fields.node("start").ifPresent(node -> all(node, overlap));
      fields.node("restart").ifPresent(node -> all(node, Trigger.Overlap.CANCEL_OLDER));
      fields.close();
    } else {
      schedule.ifPresent(node -> all(node, overlap));
    }
    return triggers;
  }

  private void overlap(String policy, boolean replays) {
    switch (policy) {
      case "skip" -> overlap = Trigger.Overlap.SKIP;
      case "all" -> overlap = Trigger.Overlap.ALLOW;
      case "latest" -> {
        if (replays) {
          catchUp = Trigger.CatchUp.ONE;
        }
      }
      default ->
          root.badValue(
              root.keySpan("overlap_policy"),
              "'overlap_policy' is skip, all or latest, found '" + policy + "'",
              "");
    }
  }

  private void all(YamlNode node, Trigger.Overlap how) {
    for (YamlNode item : Section.oneOrMany(node)) {
      if (item instanceof Mapping map) {
        Fields entry = root.open(map, "schedule_entry");
        entry.text("kind");
        entry.text("expression").ifPresent(text -> trigger(text, item.span(), how));
        entry.close();
      } else {
        root.section().text(item, "'schedule'").ifPresent(text -> trigger(text, item.span(), how));
      }
    }
  }

  private void trigger(String written, SourceSpan span, Trigger.Overlap how) {
    Matcher zoned = ZONED.matcher(written.strip());
    String zone = zoned.matches() ? zoned.group(1) : "UTC";
    String cron = zoned.matches() ? zoned.group(2) : written.strip();
    Cron.Read read = Cron.read(cron);
    if (read.cron().isEmpty()) {
      root.badValue(span, "'" + cron + "' is no schedule: " + read.problem(), "");
      return;
    }
    if (!isZone(zone)) {
      root.badValue(span, "there is no time zone '" + zone + "'", "write one such as Asia/Tokyo");
      return;
    }
    triggers.add(new Trigger.Schedule(cron, zone, how, catchUp, skipIfSucceeded, Map.of(), span));
  }

  private static boolean isZone(String zone) {
    try {
      return !ZoneId.of(zone).getId().isEmpty();
    } catch (DateTimeException e) {
      return false;
    }
  }
}
