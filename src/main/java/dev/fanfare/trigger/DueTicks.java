package dev.fanfare.trigger;

import dev.fanfare.definition.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about the ticks of a trigger that have come.
 *
 * @param start the ticks that start a run, in order
 * @param missed the last of those that do not, because nobody was there for them
 * @param tooMany whether some are missed only because there are too many
 * @param next when to look again
 */
public record DueTicks(
    List<Instant> start, Optional<Instant> missed, boolean tooMany, Instant next) {

  /** How late a tick may be looked at and still be on time. */
  public static final Duration LATE = Duration.ofMinutes(5);

  /** Most ticks that are caught up with at once; older ones are left. */
  public static final int MOST = 1_000;

  public DueTicks {
    start = List.copyOf(start);
  }

  /**
   * Ticks of a schedule. A tick that a later one has overtaken was missed, and so was one that is
   * more than {@link #LATE} late.
   *
   * @param promised the tick that was waited for; not after {@code now}
   */
  public static DueTicks of(Ticks ticks, Trigger.CatchUp catchUp, Instant promised, Instant now) {
    Instant next = ticks.next(now);
    Instant last = before(ticks, promised, next);
    return switch (catchUp) {
      case ALL -> all(ticks, promised, next);
      case ONE -> one(ticks, promised, last, next);
      case NONE ->
          last.isBefore(now.minus(LATE))
              ? new DueTicks(List.of(), Optional.of(last), false, next)
              : one(ticks, promised, last, next);
    };
  }

  private static DueTicks one(Ticks ticks, Instant promised, Instant last, Instant next) {
    Optional<Instant> missed =
        last.equals(promised) ? Optional.empty() : Optional.of(before(ticks, promised, last));
    return new DueTicks(List.of(last), missed, false, next);
  }

  private static DueTicks all(Ticks ticks, Instant promised, Instant next) {
    Deque<Instant> all = new ArrayDeque<>();
    Instant at = next;
    while (at.isAfter(promised) && all.size() < MOST) {
      at = before(ticks, promised, at);
      all.addFirst(at);
    }
    boolean tooMany = at.isAfter(promised);
    Optional<Instant> missed =
        tooMany ? Optional.of(before(ticks, promised, at)) : Optional.empty();
    return new DueTicks(List.copyOf(all), missed, tooMany, next);
  }

  /** The tick before a moment; none is before the one that was promised. */
  private static Instant before(Ticks ticks, Instant promised, Instant at) {
    return ticks.previous(at).filter(tick -> tick.isAfter(promised)).orElse(promised);
  }

  /** A tick of an interval: the distance is kept, and a start that is late does not shorten it. */
  public static DueTicks of(Trigger.Interval interval, Instant promised, Instant now) {
    Instant regular = promised.plus(interval.every());
    Instant next = regular.isAfter(now) ? regular : now.plus(interval.every());
    return new DueTicks(List.of(promised), Optional.empty(), false, next);
  }
}
