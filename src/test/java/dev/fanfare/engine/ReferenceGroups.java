package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure.Race.Losers;
import dev.fanfare.definition.Structure.Race.Win;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What the language says a structure does: the other half of the {@link Reference}. */
final class ReferenceGroups {
  private static final long NEVER = End.NEVER;
  private static final long HOUR = 3_600_000;

  private final Reference whole;

  ReferenceGroups(Reference whole) {
    this.whole = whole;
  }

  /** One attempt of a structure. */
  End group(Spec spec, String path, long start, Place place, Place outer) {
    boolean race = spec.kind == Spec.Kind.RACE;
    whole.winners.remove(path);
    long limit =
        spec.kind != Spec.Kind.SEQUENCE && spec.groupTimeout > 0
            ? spec.groupTimeout
            : spec.attemptTimeout;
    Cut cut =
        limit == 0
            ? place.cut()
            : place
                .cut()
                .or(
                    path,
                    start + limit,
                    race ? StepStatus.DISCARDED : StepStatus.ABORTED,
                    race ? StepStatus.SKIPPED : StepStatus.NOT_RUN,
                    "");
    End end =
        race
            ? race(spec, path, start, new Place(cut, NEVER, false), outer)
            : switch (spec.kind) {
              case LOOP -> loop(spec, path, start, cut, place.dooms());
              case SWITCH -> choice(spec, path, start, cut, place.dooms());
              default -> closed(spec, path, start, cut, place.dooms());
            };
    if (!end.cut() || cut == place.cut()) {
      return end;
    }
    return race && spec.timeoutOutput != null
        ? End.of(StepStatus.SUCCEEDED, cut.at(), spec.timeoutOutput, "")
        : End.of(StepStatus.TIMED_OUT, cut.at(), null, "timed_out");
  }

  private static boolean counts(Spec group, Spec child) {
    return !child.detached
        && switch (group.success) {
          case ALL -> true;
          case ONLY -> group.successNames.contains(child.name);
          case IGNORE -> !group.successNames.contains(child.name);
          case NEVER, ALWAYS -> false;
        };
  }

  private End closed(Spec spec, String path, long start, Cut cut, boolean dooms) {
    List<End> ends =
        whole.siblings(
            spec.children,
            path + ".",
            start,
            spec.kind == Spec.Kind.SEQUENCE,
            spec.limit,
            child -> new Place(cut, NEVER, dooms && counts(spec, child)));
    List<Object> outputs = new ArrayList<>();
    boolean failed = spec.success == Spec.SuccessKind.NEVER;
    long at = start;
    for (int i = 0; i < ends.size(); i++) {
      failed |= ends.get(i).failed() && counts(spec, spec.children.get(i));
      whole.excuse(
          path + "." + spec.children.get(i).name,
          ends.get(i).failed() && spec.children.get(i).detached);
      at = Math.max(at, ends.get(i).at());
      outputs.add(ends.get(i).output());
    }
    if (ends.stream().anyMatch(End::cut) || cut.hits(path, at)) {
      return End.cut(cut, true);
    }
    Object output = spec.kind == Spec.Kind.SEQUENCE ? outputs.getLast() : outputs;
    String code = spec.success == Spec.SuccessKind.NEVER ? "success_condition" : "children_failed";
    return End.of(
        failed ? StepStatus.FAILED : StepStatus.SUCCEEDED, at, output, failed ? code : "");
  }

  /** Turns one after another, each a sequence, until the condition or the limit ends them. */
  private End loop(Spec spec, String path, long start, Cut cut, boolean dooms) {
    Spec turn = new Spec();
    turn.kind = Spec.Kind.SEQUENCE;
    turn.children = spec.children;
    Spec.Loop rules = spec.loop;
    @Nullable Object last = null;
    long at = start;
    int first = resumed(path) ? whole.made.get(path) - 1 : 0;
    for (int number = first; ; number++) {
      String instance = path + "[" + number + "]";
      boolean goesOn = number == first && resumed(path);
      if (goesOn && whole.fate(instance) == ReferenceReruns.Fate.KEPT) {
        last = whole.kept(instance, start).output();
        if (rules.isUntil()
            && !rules.goesOn(number + 1, watched(rules, number + 1, instance + "."))) {
          return End.success(at, turns(number + 1, last));
        }
        continue;
      }
      String before = path + "[" + (number - 1) + "].";
      if (!goesOn && !rules.isUntil() && !rules.goesOn(number, watched(rules, number, before))) {
        return End.success(at, turns(number, last));
      }
      if (!goesOn && number >= rules.limit()) {
        return End.failure(at, turns(number, last), "loop_limit");
      }
      at += number == 0 || goesOn ? 0 : pause(rules, number);
      if (cut.hits(instance, at)) {
        return End.cut(cut, true);
      }
      if (!goesOn) {
        whole.lasts.put(instance, last);
        whole.made.put(path, number + 1);
      }
      whole.began(instance);
      End end = closed(turn, instance, at, cut, dooms);
      whole.note(instance, end);
      if (end.cut()) {
        return end;
      }
      at = end.at();
      last = end.output();
      if (end.failed()) {
        return End.failure(at, turns(number + 1, last), end.code());
      }
      if (rules.isUntil()
          && !rules.goesOn(number + 1, watched(rules, number + 1, instance + "."))) {
        return End.success(at, turns(number + 1, last));
      }
    }
  }

  private boolean resumed(String path) {
    return whole.fate(path) == ReferenceReruns.Fate.RESUMED;
  }

  private boolean watched(Spec.Loop rules, int turns, String prefix) {
    Reference.Row row = turns == 0 ? null : whole.rows.get(prefix + rules.watches());
    return row != null && row.status() == StepStatus.SUCCEEDED;
  }

  private static long pause(Spec.Loop rules, int turns) {
    long grown =
        switch (rules.backoff()) {
          case FIXED -> rules.delay();
          case LINEAR -> rules.delay() * turns;
          case EXPONENTIAL -> rules.delay() << (turns - 1);
          case POWER -> Math.round(1000 * Math.pow(rules.delay() / 1000.0, Math.pow(2, turns - 1)));
        };
    return Math.min(grown, Math.max(rules.delay(), HOUR));
  }

  private static Map<String, @Nullable Object> turns(int turns, @Nullable Object last) {
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("iterations", (long) turns);
    output.put("last", last);
    return output;
  }

  /** The first case that matches or all that do, and else where none does. */
  private End choice(Spec spec, String path, long start, Cut cut, boolean dooms) {
    List<Spec> taken = new ArrayList<>();
    boolean resumed = resumed(path) && whole.attemptsOf(path) == 1;
    for (Spec each : spec.children) {
      String name = path + "." + each.name;
      boolean matches =
          resumed
              ? whole.kept(name, start).status() != StepStatus.SKIPPED
              : each.when == null
                  ? taken.isEmpty()
                  : whole.holds(each.when, Reference.prefix(path));
      if (matches && (spec.all || taken.isEmpty())) {
        Spec plain = each.copy();
        plain.when = null;
        taken.add(plain);
      } else {
        whole.note(path + "." + each.name, End.of(StepStatus.SKIPPED, start, null, ""));
      }
    }
    Spec group = new Spec();
    group.kind = Spec.Kind.PARALLEL;
    group.children = taken;
    End end = closed(group, path, start, cut, dooms);
    List<?> outputs = end.output() instanceof List<?> list ? list : List.of();
    return end.cut() || spec.all
        ? end
        : end.as(end.status(), outputs.isEmpty() ? null : outputs.getFirst());
  }

  private End race(Spec spec, String path, long start, Place place, Place outer) {
    Reference trial = whole.fork();
    List<End> tried = trial.groups.branches(spec, path, start, place);
    List<Integer> byEnd = new ArrayList<>();
    for (int i = 0; i < tried.size(); i++) {
      if (!tried.get(i).cut()) {
        byEnd.add(i);
      }
    }
    byEnd.sort(Comparator.comparingLong(i -> tried.get(i).at()));
    List<Object> won = new ArrayList<>();
    List<Object> outputs = new ArrayList<>();
    int open = tried.size();
    boolean allSkipped = true;
    End decision = null;
    String deciding = "";
    for (int i : byEnd) {
      End end = tried.get(i);
      open--;
      allSkipped &= end.status() == StepStatus.SKIPPED;
      boolean wins = end.succeeded() || end.tolerated() || end.forgiven();
      boolean settles = spec.win == Win.SETTLED && end.failed();
      if (wins || settles) {
        won.add(spec.children.get(i).name);
        outputs.add(end.output());
      }
      deciding = path + "." + spec.children.get(i).name;
      if (settles) {
        decision = End.of(StepStatus.FAILED, end.at(), null, end.code());
      } else if (won.size() >= spec.quorum) {
        decision =
            End.of(
                StepStatus.SUCCEEDED,
                end.at(),
                spec.win == Win.QUORUM ? outputs : outputs.getFirst(),
                "");
      } else if (won.size() + open < spec.quorum) {
        decision =
            End.of(
                allSkipped && open == 0 ? StepStatus.SKIPPED : StepStatus.FAILED,
                end.at(),
                null,
                "race_all_failed");
      }
      if (decision != null) {
        break;
      }
    }
    if (decision == null || place.cut().hits(path, decision.at())) {
      branches(spec, path, start, place);
      return End.cut(place.cut(), true);
    }
    if (won.size() >= spec.quorum) {
      whole.winners.put(path, spec.win == Win.QUORUM ? won : won.getFirst());
    }
    if (spec.losers == Losers.CANCEL) {
      branches(
          spec,
          path,
          start,
          new Place(
              place
                  .cut()
                  .or(path, decision.at(), StepStatus.DISCARDED, StepStatus.SKIPPED, deciding),
              NEVER,
              false));
      return decision;
    }
    Cut cut = spec.losers == Losers.FINISH ? outer.cut() : place.cut();
    List<End> ends = branches(spec, path, start, new Place(cut, decision.at(), false));
    long over = ends.stream().mapToLong(End::at).max().orElse(start);
    if (spec.losers == Losers.FINISH || decision.at() == over) {
      return decision;
    }
    if (ends.stream().anyMatch(End::cut) && cut == outer.cut()) {
      return End.cut(cut, true);
    }
    return decision.at(over);
  }

  List<End> branches(Spec spec, String path, long start, Place place) {
    return whole.siblings(spec.children, path + ".", start, false, 0, child -> place);
  }

  /** The instances of a {@code forEach} or a matrix. */
  End fan(Spec spec, String path, long start, Place place) {
    whole.began(path);
    Reference trial = whole.fork();
    List<End> ends = trial.groups.instances(spec, path, start, place);
    Cut cut = place.cut();
    int first = -1;
    for (int i = 0; spec.failFast && i < ends.size(); i++) {
      if (whole.fate(path + "[" + i + "]") != ReferenceReruns.Fate.KEPT
          && !ends.get(i).cut()
          && ends.get(i).failed()
          && (first < 0 || ends.get(i).at() < ends.get(first).at())) {
        first = i;
      }
    }
    long at = first < 0 ? NEVER : ends.get(first).at();
    if (first >= 0) {
      cut = cut.or(path, at, StepStatus.ABORTED, StepStatus.NOT_RUN, path + "[" + first + "]");
    }
    ends = instances(spec, path, start, new Place(cut, NEVER, place.dooms()));
    long over = ends.stream().mapToLong(End::at).max().orElse(start);
    boolean outside = cut == place.cut();
    if (outside && (ends.stream().anyMatch(End::cut) || cut.hits(path, over))) {
      return End.cut(cut, true);
    }
    List<Object> outputs = new ArrayList<>();
    ends.forEach(end -> outputs.add(end.output()));
    boolean failed = ends.stream().anyMatch(End::failed);
    return End.of(
        failed ? StepStatus.FAILED : StepStatus.SUCCEEDED,
        outside ? over : at,
        outputs,
        failed ? "children_failed" : "");
  }

  List<End> instances(Spec spec, String path, long start, Place place) {
    PriorityQueue<Long> slots = new PriorityQueue<>();
    if (!resumed(path)) {
      whole.made.put(path, spec.fan == Spec.FanKind.MATRIX ? spec.items : 0);
    }
    Map<Integer, End> ends = new LinkedHashMap<>();
    for (int i = 0; i < spec.instances(); i++) {
      String instance = path + "[" + i + "]";
      if (whole.fate(instance) == ReferenceReruns.Fate.KEPT) {
        ends.put(i, whole.kept(instance, start));
        continue;
      }
      long at = spec.fanLimit > 0 && slots.size() >= spec.fanLimit ? slots.remove() : start;
      End end;
      if (at == NEVER || place.cut().hits(instance, at)) {
        end = End.cut(place.cut(), false);
        whole.winners.remove(instance);
        if (spec.fan == Spec.FanKind.MATRIX) {
          whole.note(instance, end);
        }
        slots.add(NEVER);
      } else {
        if (spec.fan == Spec.FanKind.FOR_EACH) {
          whole.items.put(instance, spec.item(i));
          whole.made.merge(path, i + 1, Math::max);
        }
        end = whole.tries(spec, instance, at, place);
        whole.note(instance, end);
        if (place.dooms() && !end.cut()) {
          whole.doom(instance, end);
        }
        slots.add(end.cut() ? NEVER : end.at());
      }
      ends.put(i, end);
    }
    return new ArrayList<>(ends.values());
  }
}
