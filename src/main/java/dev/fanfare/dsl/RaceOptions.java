package dev.fanfare.dsl;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a race is won. */
public final class RaceOptions {

  private final Map<String, Object> written = new LinkedHashMap<>();

  RaceOptions() {}

  /** The first to finish wins, also with a failure, which is the race's then. */
  public RaceOptions settled() {
    written.put("win", "settled");
    return this;
  }

  /** Lets losers finish; else they are stopped. */
  public RaceOptions finishLosers() {
    written.put("losers", "finish");
    return this;
  }

  /** After which the race has failed. */
  public RaceOptions timeout(Duration timeout) {
    written.put("timeout", Durations.text(timeout));
    return this;
  }

  public RaceOptions timeout(String timeout) {
    return timeout(Durations.of(timeout, "the timeout of a race"));
  }

  Map<String, Object> written() {
    return written;
  }
}
