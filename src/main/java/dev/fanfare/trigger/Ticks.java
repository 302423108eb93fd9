package dev.fanfare.trigger;

import dev.fanfare.definition.Cron;
import dev.fanfare.definition.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a cron schedule comes in its time zone.
 *
 * <p>Where a clock is put forward, a time that does not exist comes at the first moment after the
 * gap. Where it is put back, a time that exists twice comes the first time. A schedule that comes
 * in every hour is a frequency and not a time: it goes by the time that passes, so it comes in both
 * of two equal hours, and not for an hour that is missing. This is the rule of Vixie's cron, except
 * that only the hours decide what is a frequency.
 */
public final class Ticks {

  private final Cron cron;
  private final ZoneId zone;
  private final ZoneRules rules;

  public Ticks(Cron cron, ZoneId zone) {
    this.cron = cron;
    this.zone = zone;
    this.rules = zone.getRules();
  }

  /**
   * The times of a schedule.
   *
   * @throws IllegalStateException if the schedule is none; files with such a one are refused
   */
  public static Ticks of(Trigger.Schedule schedule) {
    Cron.Read read = Cron.read(schedule.cron());
    return new Ticks(
        read.cron().orElseThrow(() -> new IllegalStateException(read.problem())),
        ZoneId.of(schedule.timezone()));
  }

  public ZoneId zone() {
    return zone;
  }

  /** The first tick after a moment. */
  public Instant next(Instant after) {
    return cron.isHourly() ? nextByDuration(after) : nextByClock(after);
  }

  /**
   * The time line is cut at the changes of the clock; in a piece, local time is real time shifted.
   */
  private Instant nextByDuration(Instant after) {
    Instant from = after.plusNanos(1);
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      Instant found = next(LocalDateTime.ofInstant(from, offset)).toInstant(offset);
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (change == null || found.isBefore(change.getInstant())) {
        return found;
      }
      from = change.getInstant();
    }
  }

  /** Local times in order are moments in order, though several of a gap are the same moment. */
  private Instant nextByClock(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, rules.getOffset(after));
    while (true) {
      local = next(local.plusNanos(1));
      Instant found = moment(local);
      if (found.isAfter(after)) {
        return found;
      }
    }
  }

  private Instant moment(LocalDateTime local) {
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change != null && change.isGap()) {
      return change.getInstant();
    }
    return local.toInstant(change == null ? rules.getOffset(local) : change.getOffsetBefore());
  }

  private LocalDateTime next(LocalDateTime from) {
    @Nullable LocalDateTime next = cron.next(from);
    if (next == null) {
      throw new IllegalStateException("the schedule never comes after " + from);
    }
    return next;
  }

  /** The last tick before a moment; empty where there was none in fifty years. */
  public Optional<Instant> previous(Instant before) {
    Duration back = Duration.ofMinutes(2);
    while (!next(before.minus(back)).isBefore(before)) {
      if (back.toDays() > 50 * 365) {
        return Optional.empty();
      }
      back = back.multipliedBy(2);
    }
    Instant last = next(before.minus(back));
    for (Instant tick = last; tick.isBefore(before); tick = next(tick)) {
      last = tick;
    }
    return Optional.of(last);
  }
}
