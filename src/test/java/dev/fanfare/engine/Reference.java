package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure.Race.Losers;
import dev.fanfare.definition.Structure.Race.Win;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the language says a workflow does, computed naively and independently of the engine.
 *
 * <p>Time is a number. A step is a function of its start: it returns when and how it ends. Whatever
 * stops steps from outside (a won race, a timeout, an abort) is a {@link Cut}: to learn when it
 * falls, the steps are computed without it, forgotten, and computed again with it.
 */
final class Reference {
  private static final long NEVER = Long.MAX_VALUE;

  /** From {@code at} on, everything but {@code spared} is over. */
  private record Cut(long at, StepStatus begun, StepStatus fresh, String spared) {
    boolean hits(String path, long time) {
      boolean inside =
          !spared.isEmpty()
              && (path.equals(spared)
                  || path.startsWith(spared + ".")
                  || path.startsWith(spared + "["));
      return time > at || time == at && !inside;
    }

    /** This cut, or the one that falls on a path before it does. */
    Cut or(String path, long time, StepStatus begunEnd, StepStatus freshEnd, String sparing) {
      return time < at || time == at && !hits(path, time)
          ? new Cut(time, begunEnd, freshEnd, sparing)
          : this;
    }
  }

  /**
   * Where a step is computed; {@code decided}: when its race was, {@code dooms}: the run with it.
   */
  private record Place(Cut cut, long decided, boolean dooms) {}

  record Row(StepStatus status, int attempts, @Nullable Object output, @Nullable Object winner) {}

  /** How a step ended; {@code cut}: by a cut; {@code lenient}: a failure that does not count. */
  private record End(
      StepStatus status,
      long at,
      @Nullable Object output,
      String code,
      boolean cut,
      boolean tolerated,
      boolean forgiven,
      long running,
      long waiting) {
    boolean failed() {
      return (status == StepStatus.FAILED || status == StepStatus.TIMED_OUT)
          && !tolerated
          && !forgiven;
    }

    End as(StepStatus other, @Nullable Object value) {
      return new End(other, at, value, code, cut, tolerated, forgiven, running, waiting);
    }
  }

  private static End end(StepStatus status, long at, @Nullable Object output, String code) {
    return new End(status, at, output, code, false, false, false, NEVER, NEVER);
  }

  private static End cut(Cut cut, boolean begun) {
    return new End(
        begun ? cut.begun() : cut.fresh(), cut.at(), null, "", true, false, false, NEVER, NEVER);
  }

  final Map<String, Row> rows = new HashMap<>();
  RunStatus status = RunStatus.QUEUED;
  private final Map<String, Object> winners = new HashMap<>();
  private final FlowSpec flow;
  private final Script script;
  private boolean tolerated;
  private long last;
  private long doomAt = NEVER;
  private String doom = "";

  Reference(FlowSpec flow, Script script) {
    this.flow = flow;
    this.script = script;
  }

  private Reference fork() {
    Reference fork = new Reference(flow, script);
    fork.rows.putAll(rows);
    return fork;
  }

  /** Computes the run: everything is in {@link #rows} and {@link #status} afterwards. */
  Reference run() {
    long stop =
        Math.min(
            flow.timeout == 0 ? NEVER : flow.timeout, flow.cancelAt == 0 ? NEVER : flow.cancelAt);
    boolean cancel = stop == flow.cancelAt;
    Cut none = new Cut(NEVER, StepStatus.ABORTED, StepStatus.NOT_RUN, "");
    Reference free = fork();
    free.top(none);
    Cut cut = none;
    if (flow.abort && free.doomAt < stop) {
      cut = none.or("", free.doomAt, StepStatus.ABORTED, StepStatus.NOT_RUN, free.doom);
    } else if (stop < free.last) {
      cut =
          none.or(
              "", stop, cancel ? StepStatus.CANCELLED : StepStatus.ABORTED, StepStatus.NOT_RUN, "");
    }
    List<End> ends = top(cut);
    if (cut.at() < NEVER && !(flow.abort && free.doomAt < stop)) {
      status = cancel ? RunStatus.CANCELLED : RunStatus.TIMED_OUT;
      return this;
    }
    boolean failed = false;
    boolean succeeded = false;
    for (int i = 0; i < ends.size(); i++) {
      tolerated |= ends.get(i).failed() && flow.steps.get(i).detached;
      failed |= ends.get(i).failed() && !flow.steps.get(i).detached;
      succeeded |= ends.get(i).status() == StepStatus.SUCCEEDED;
    }
    failed |= cut.at() < NEVER;
    status =
        failed || tolerated && !succeeded
            ? RunStatus.FAILED
            : tolerated ? RunStatus.PARTIALLY_SUCCEEDED : RunStatus.SUCCEEDED;
    return this;
  }

  private List<End> top(Cut cut) {
    return siblings(
        flow.steps, "", 0, flow.sequence, 0, child -> new Place(cut, NEVER, !child.detached));
  }

  private interface Places {
    Place of(Spec child);
  }

  private static final class Sibling {
    int met;
    int decided;
    boolean blocked;
    boolean gone;
    @Nullable End end;
  }

  private record Moment(long at, int order, int child, StepStatus reached) {}

  /** Steps beside each other: each starts when its needs say so and its group has room. */
  private List<End> siblings(
      List<Spec> steps, String prefix, long start, boolean ordered, int limit, Places places) {
    Map<String, Integer> index = new HashMap<>();
    List<Sibling> states = new ArrayList<>();
    List<List<Spec.Need>> needs = new ArrayList<>();
    for (Spec step : steps) {
      List<Spec.Need> all = new ArrayList<>(step.needs);
      if (ordered && !states.isEmpty()) {
        String before = steps.get(states.size() - 1).name;
        if (all.stream().noneMatch(need -> need.step().equals(before))) {
          all.add(
              new Spec.Need(before, java.util.Set.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED)));
        }
      }
      index.put(step.name, states.size());
      needs.add(all);
      states.add(new Sibling());
    }
    PriorityQueue<Moment> moments =
        new PriorityQueue<>(Comparator.comparingLong(Moment::at).thenComparingInt(Moment::order));
    int[] order = {0};
    int[] busy = {0};
    List<Integer> parked = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (needs.get(i).isEmpty()) {
        moments.add(new Moment(start, order[0]++, i, StepStatus.READY));
      }
    }
    while (!moments.isEmpty()) {
      Moment moment = moments.remove();
      Spec step = steps.get(moment.child());
      String path = prefix + step.name;
      Sibling state = states.get(moment.child());
      Place place = places.of(step);
      if (moment.reached() == StepStatus.READY) {
        if (state.end != null || place.cut().hits(path, moment.at())) {
          continue;
        }
        if (!holds(step.when, prefix)) {
          state.end = end(StepStatus.SKIPPED, moment.at(), null, "");
        } else if (limit > 0 && busy[0] >= limit) {
          parked.add(moment.child());
          continue;
        } else {
          busy[0]++;
          state.end = step(step, path, moment.at(), place);
          state.gone = true;
        }
        End end = state.end;
        moments.add(new Moment(end.running(), order[0]++, moment.child(), StepStatus.RUNNING));
        moments.add(new Moment(end.waiting(), order[0]++, moment.child(), StepStatus.WAITING));
        moments.add(new Moment(end.at(), order[0]++, moment.child(), StepStatus.SUCCEEDED));
        continue;
      }
      End end = state.end;
      if (end == null || moment.at() == NEVER) {
        continue;
      }
      boolean over = moment.reached() == StepStatus.SUCCEEDED;
      if (over) {
        if (!state.gone) {
          winners.remove(path);
        }
        note(path, end);
        if (end.cut()) {
          continue;
        }
        if (state.gone) {
          busy[0]--;
          if (!parked.isEmpty()) {
            moments.add(
                new Moment(moment.at(), order[0]++, parked.removeFirst(), StepStatus.READY));
          }
        }
      }
      for (int i = 0; i < steps.size(); i++) {
        Sibling other = states.get(i);
        for (Spec.Need need : needs.get(i)) {
          if (index.getOrDefault(need.step(), -1) != moment.child()) {
            continue;
          }
          boolean early =
              need.on().contains(StepStatus.RUNNING) && end.running() <= moment.at()
                  || need.on().contains(StepStatus.WAITING) && end.waiting() <= moment.at();
          if (over == early || !over && !need.on().contains(moment.reached())) {
            continue;
          }
          other.decided++;
          boolean met = !over || meets(need, end, step);
          other.met += met ? 1 : 0;
          other.blocked |= !met && end.status() != StepStatus.SKIPPED;
          if (other.end != null
              || places.of(steps.get(i)).cut().hits(prefix + steps.get(i).name, moment.at())) {
            continue;
          }
          boolean any = steps.get(i).joinAny;
          int all = needs.get(i).size();
          if (met && (any ? other.met == 1 : other.met == all)) {
            moments.add(new Moment(moment.at(), order[0]++, i, StepStatus.READY));
          } else if (other.blocked && !any || other.decided == all && other.met < (any ? 1 : all)) {
            other.end =
                end(other.blocked ? StepStatus.NOT_RUN : StepStatus.SKIPPED, moment.at(), null, "");
            moments.add(new Moment(moment.at(), order[0]++, i, StepStatus.SUCCEEDED));
          }
        }
      }
    }
    List<End> ends = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      End end = states.get(i).end;
      if (end == null) {
        end = cut(places.of(steps.get(i)).cut(), false);
        winners.remove(prefix + steps.get(i).name);
        note(prefix + steps.get(i).name, end);
      }
      ends.add(end);
    }
    return ends;
  }

  private static boolean meets(Spec.Need need, End end, Spec step) {
    boolean success =
        end.status() == StepStatus.SUCCEEDED
            || end.tolerated()
            || end.status() == StepStatus.SKIPPED && step.satisfy;
    return need.on().contains(end.status())
        || need.on().contains(StepStatus.SUCCEEDED) && success
        || need.on().contains(StepStatus.FAILED) && end.status() == StepStatus.TIMED_OUT;
  }

  private boolean holds(Spec.@Nullable Condition when, String prefix) {
    if (when == null || when.step() == null) {
      return when == null || when.constant();
    }
    Row row = rows.get(prefix + when.step());
    return row != null && row.status() == when.status();
  }

  private int attemptsOf(String path) {
    Row row = rows.get(path);
    return row == null ? 0 : row.attempts();
  }

  private void note(String path, End end) {
    rows.put(path, new Row(end.status(), attemptsOf(path), end.output(), winners.get(path)));
    last = Math.max(last, end.at());
  }

  private void began(String path) {
    rows.put(path, new Row(StepStatus.RUNNING, attemptsOf(path) + 1, null, null));
  }

  /** A step from its start to its end, its failure policy included. */
  private End step(Spec spec, String path, long start, Place place) {
    boolean fan = spec.fan != Spec.FanKind.NONE;
    boolean dooms = place.dooms() && spec.policy == null;
    Place inside = new Place(place.cut(), fan ? NEVER : place.decided(), dooms);
    End end = fan ? fan(spec, path, start, inside) : tries(spec, path, start, inside);
    boolean sleeps = !fan && spec.kind == Spec.Kind.SLEEP;
    end =
        new End(
            end.status(),
            end.at(),
            end.output(),
            end.code(),
            end.cut(),
            false,
            false,
            sleeps ? NEVER : start,
            sleeps ? start : NEVER);
    if (end.cut()) {
      return end;
    }
    if (end.at() > place.decided()) {
      return end.as(StepStatus.DISCARDED, null);
    }
    Spec.Policy policy = spec.policy;
    if (end.failed()
        && policy != null
        && (policy.onlyCode() == null || policy.onlyCode().equals(end.code()))) {
      Object output = policy.output() == null ? end.output() : policy.output();
      StepStatus as = policy.reported();
      if (as == StepStatus.SUCCEEDED || as == StepStatus.SKIPPED) {
        return end.as(as, output);
      }
      tolerated = true;
      return new End(
          end.status(),
          end.at(),
          output,
          end.code(),
          false,
          as == null,
          as != null,
          end.running(),
          end.waiting());
    }
    if (end.failed() && place.dooms() && end.at() < doomAt) {
      doomAt = end.at();
      doom = path;
    }
    return end;
  }

  private End tries(Spec spec, String path, long start, Place place) {
    long t = start;
    long total =
        spec.totalTimeout == 0 || start + spec.totalTimeout < 0 ? NEVER : start + spec.totalTimeout;
    Cut cut = place.cut().or(path, total, StepStatus.ABORTED, StepStatus.NOT_RUN, "");
    Place inside = new Place(cut, place.decided(), place.dooms() && spec.attempts == 1);
    for (int failures = 1; ; failures++) {
      began(path);
      End end = spec.isGroup() ? group(spec, path, t, inside, place) : leaf(spec, path, t, inside);
      if (end.cut()) {
        return cut == place.cut() ? end : end(StepStatus.TIMED_OUT, total, null, "timed_out");
      }
      boolean covered = spec.retryOn == null || spec.retryOn.equals(end.code());
      if (!end.failed() || failures >= spec.attempts || !covered || end.at() > place.decided()) {
        return end;
      }
      long delay =
          switch (spec.backoff) {
            case FIXED -> spec.delay;
            case LINEAR -> spec.delay * failures;
            case EXPONENTIAL -> spec.delay << (failures - 1);
          };
      t = end.at() + delay;
      if (cut.hits(path, t)) {
        return cut == place.cut()
            ? cut(cut, true)
            : end(StepStatus.TIMED_OUT, total, null, "timed_out");
      }
    }
  }

  private End leaf(Spec spec, String path, long start, Place place) {
    Script.Attempt attempt =
        switch (spec.kind) {
          case PASS -> new Script.Attempt(0, "");
          case SLEEP -> new Script.Attempt(spec.sleep, "");
          default -> script.attempt(path, attemptsOf(path));
        };
    boolean late = spec.attemptTimeout > 0 && attempt.millis() >= spec.attemptTimeout;
    long at = start + (late ? spec.attemptTimeout : attempt.millis());
    if (place.cut().hits(path, at)) {
      return cut(place.cut(), true);
    }
    if (late) {
      return end(StepStatus.TIMED_OUT, at, null, "timed_out");
    }
    if (!attempt.code().isEmpty()) {
      return end(StepStatus.FAILED, at, null, attempt.code());
    }
    String prefix = path.contains(".") ? path.substring(0, path.lastIndexOf('.') + 1) : "";
    Row read = spec.reads == null ? null : rows.get(prefix + spec.reads);
    Object output = spec.kind == Spec.Kind.CALL ? path : read == null ? null : read.output();
    return end(StepStatus.SUCCEEDED, at, output, "");
  }

  private End group(Spec spec, String path, long start, Place place, Place outer) {
    boolean race = spec.kind == Spec.Kind.RACE;
    winners.remove(path);
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
            : closed(spec, path, start, cut, place.dooms());
    if (!end.cut() || cut == place.cut()) {
      return end;
    }
    return race && spec.timeoutOutput != null
        ? end(StepStatus.SUCCEEDED, cut.at(), spec.timeoutOutput, "")
        : end(StepStatus.TIMED_OUT, cut.at(), null, "timed_out");
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
        siblings(
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
      tolerated |= ends.get(i).failed() && spec.children.get(i).detached;
      at = Math.max(at, ends.get(i).at());
      outputs.add(ends.get(i).output());
    }
    if (ends.stream().anyMatch(End::cut) || cut.hits(path, at)) {
      return cut(cut, true);
    }
    Object output = spec.kind == Spec.Kind.SEQUENCE ? outputs.getLast() : outputs;
    String code = spec.success == Spec.SuccessKind.NEVER ? "success_condition" : "children_failed";
    return end(failed ? StepStatus.FAILED : StepStatus.SUCCEEDED, at, output, failed ? code : "");
  }

  private End race(Spec spec, String path, long start, Place place, Place outer) {
    Reference trial = fork();
    List<End> tried = trial.branches(spec, path, start, place);
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
      boolean wins = end.status() == StepStatus.SUCCEEDED || end.tolerated() || end.forgiven();
      boolean settles = spec.win == Win.SETTLED && end.failed();
      if (wins || settles) {
        won.add(spec.children.get(i).name);
        outputs.add(end.output());
      }
      deciding = path + "." + spec.children.get(i).name;
      if (settles) {
        decision = end(StepStatus.FAILED, end.at(), null, end.code());
      } else if (won.size() >= spec.quorum) {
        decision =
            end(
                StepStatus.SUCCEEDED,
                end.at(),
                spec.win == Win.QUORUM ? outputs : outputs.getFirst(),
                "");
      } else if (won.size() + open < spec.quorum) {
        decision =
            end(
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
      return cut(place.cut(), true);
    }
    if (won.size() >= spec.quorum) {
      winners.put(path, spec.win == Win.QUORUM ? won : won.getFirst());
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
      return cut(cut, true);
    }
    return new End(
        decision.status(),
        over,
        decision.output(),
        decision.code(),
        false,
        false,
        false,
        NEVER,
        NEVER);
  }

  private List<End> branches(Spec spec, String path, long start, Place place) {
    return siblings(spec.children, path + ".", start, false, 0, child -> place);
  }

  /** The instances of a {@code forEach} or a matrix. */
  private End fan(Spec spec, String path, long start, Place place) {
    began(path);
    Reference trial = fork();
    List<End> ends = trial.instances(spec, path, start, place);
    Cut cut = place.cut();
    int first = -1;
    for (int i = 0; spec.failFast && i < ends.size(); i++) {
      if (!ends.get(i).cut()
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
      return cut(cut, true);
    }
    List<Object> outputs = new ArrayList<>();
    ends.forEach(end -> outputs.add(end.output()));
    boolean failed = ends.stream().anyMatch(End::failed);
    return end(
        failed ? StepStatus.FAILED : StepStatus.SUCCEEDED,
        outside ? over : at,
        outputs,
        failed ? "children_failed" : "");
  }

  private List<End> instances(Spec spec, String path, long start, Place place) {
    PriorityQueue<Long> slots = new PriorityQueue<>();
    Map<Integer, End> ends = new LinkedHashMap<>();
    for (int i = 0; i < spec.items; i++) {
      String instance = path + "[" + i + "]";
      long at = spec.fanLimit > 0 && slots.size() >= spec.fanLimit ? slots.remove() : start;
      End end;
      if (at == NEVER || place.cut().hits(instance, at)) {
        end = cut(place.cut(), false);
        winners.remove(instance);
        if (spec.fan == Spec.FanKind.MATRIX) {
          note(instance, end);
        }
        slots.add(NEVER);
      } else {
        end = tries(spec, instance, at, place);
        note(instance, end);
        if (end.failed() && !end.cut() && place.dooms() && end.at() < doomAt) {
          doomAt = end.at();
          doom = instance;
        }
        slots.add(end.cut() ? NEVER : end.at());
      }
      ends.put(i, end);
    }
    return new ArrayList<>(ends.values());
  }
}
