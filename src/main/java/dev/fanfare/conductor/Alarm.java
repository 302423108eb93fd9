package dev.fanfare.conductor;

import java.time.Duration;

/** Sees to it that somebody looks for due timers when the next one is due. */
interface Alarm {

  /** A timer was set that comes due after this long. Never blocks. */
  void wakeIn(Duration after);
}
