package dev.fanfare.dsl;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a schedule is, and what it does about ticks that cannot be. */
public final class ScheduleOptions {

  private final Map<String, Object> written = new LinkedHashMap<>();

  ScheduleOptions(String cron) {
    written.put("cron", cron);
  }

  /** UTC unless it is said. */
  public ScheduleOptions timezone(ZoneId zone) {
    written.put("timezone", zone.getId());
    return this;
  }

  /** Starts a run although that of the last tick is at work; else the tick is skipped. */
  public ScheduleOptions allowOverlap() {
    written.put("overlap", "allow");
    return this;
  }

  /** Starts no run for ticks while no server was there; else one for all of them. */
  public ScheduleOptions withoutCatchUp() {
    written.put("catchUp", "none");
    return this;
  }

  Map<String, Object> written() {
    return written;
  }
}
