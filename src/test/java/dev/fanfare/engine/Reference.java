package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the language says a workflow does, computed naively and independently of the engine.
 *
 * <p>Time is a number. A step is a function of its start: it returns when and how it ends. Whatever
 * stops steps from outside (a won race, a timeout, an abort) is a {@link Cut}: to learn when it
 * falls, the steps are computed without it, forgotten, and computed again with it.
 */
final class Reference {
  private static final long NEVER = End.NEVER;

  record Row(StepStatus status, int attempts, @Nullable Object output, @Nullable Object winner) {}

  final Map<String, Row> rows = new HashMap<>();
  RunStatus status = RunStatus.QUEUED;
  final Map<String, Object> winners = new HashMap<>();

  /** What {@code last} is in a turn, and {@code item} in an instance, by their paths. */
  final Map<String, @Nullable Object> lasts = new HashMap<>();

  final Map<String, Object> items = new HashMap<>();

  /** How many instances of a {@code forEach} or turns of a loop there are of its last life. */
  final Map<String, Integer> made = new HashMap<>();

  /** Steps that were skipped only because their failure policy says so. */
  final Set<String> reported = new HashSet<>();

  private final Set<String> excused = new HashSet<>();

  /** Steps whose failure was tolerated, and fails the run all the same. */
  final Set<String> strictly = new HashSet<>();

  private final Map<String, End> ends = new HashMap<>();

  /** On a later attempt of the run, what becomes of what the one before has left. */
  private final Map<String, ReferenceReruns.Fate> fates = new HashMap<>();

  private final FlowSpec flow;
  private final Script script;
  boolean tolerated;

  /** A failure was tolerated, and fails the run all the same. */
  boolean strict;

  private long last;
  private long doomAt = NEVER;
  private String doom = "";
  final ReferenceGroups groups = new ReferenceGroups(this);

  Reference(FlowSpec flow, Script script) {
    this.flow = flow;
    this.script = script;
  }

  /** The next attempt of the run. */
  Reference again(Script next, Map<String, ReferenceReruns.Fate> kept) {
    Reference again = new Reference(flow, next);
    again.copy(this);
    again.fates.clear();
    again.fates.putAll(kept);
    kept.forEach(
        (path, fate) -> {
          boolean anew = fate == ReferenceReruns.Fate.ANEW;
          if (fate != ReferenceReruns.Fate.KEPT) {
            again.rows.keySet().removeIf(row -> row.equals(path) || anew && isIn(row, path));
          }
        });
    again.rows.replaceAll((path, row) -> new Row(row.status(), 0, row.output(), row.winner()));
    again.tolerated =
        excused.stream()
            .map(again.rows::get)
            .anyMatch(row -> row != null && isFailure(row.status()));
    again.strict = strictly.stream().anyMatch(again.rows::containsKey);
    return again;
  }

  private static boolean isIn(String path, String group) {
    return ReferenceReruns.isInside(path, group);
  }

  private static boolean isFailure(StepStatus status) {
    return status == StepStatus.FAILED
        || status == StepStatus.TIMED_OUT
        || status == StepStatus.DENIED;
  }

  ReferenceReruns.Fate fate(String path) {
    return fates.getOrDefault(path, ReferenceReruns.Fate.ANEW);
  }

  /** How a step has ended that is kept: before anything else happens. */
  End kept(String path, long start) {
    End end = ends.get(path);
    return new End(
        end.status(),
        start,
        end.output(),
        end.code(),
        false,
        end.tolerated(),
        end.forgiven(),
        end.running() == NEVER ? NEVER : start,
        end.waiting() == NEVER ? NEVER : start);
  }

  /** When the run ends; where it is not limited, since a slot may be long in coming. */
  long endedAt() {
    return last;
  }

  Reference fork() {
    Reference fork = new Reference(flow, script);
    fork.copy(this);
    return fork;
  }

  private void copy(Reference other) {
    rows.putAll(other.rows);
    lasts.putAll(other.lasts);
    items.putAll(other.items);
    made.putAll(other.made);
    reported.addAll(other.reported);
    excused.addAll(other.excused);
    strictly.addAll(other.strictly);
    ends.putAll(other.ends);
    winners.putAll(other.winners);
    fates.putAll(other.fates);
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
      excuse(flow.steps.get(i).name, ends.get(i).failed() && flow.steps.get(i).detached);
      failed |= ends.get(i).failed() && !flow.steps.get(i).detached;
      succeeded |= ends.get(i).succeeded();
    }
    failed |= cut.at() < NEVER || strict;
    status = failed ? RunStatus.FAILED : tolerated ? withTolerated(succeeded) : RunStatus.SUCCEEDED;
    return this;
  }

  private RunStatus withTolerated(boolean succeeded) {
    return switch (flow.tolerated) {
      case PARTIAL -> RunStatus.PARTIALLY_SUCCEEDED;
      case SUCCEEDED -> RunStatus.SUCCEEDED;
      case FAILED -> RunStatus.FAILED;
      case SOME_MUST_SUCCEED -> succeeded ? RunStatus.PARTIALLY_SUCCEEDED : RunStatus.FAILED;
    };
  }

  /** A failure that is not one of the run. */
  void excuse(String path, boolean excuses) {
    if (excuses) {
      tolerated = true;
      excused.add(path);
    }
  }

  private List<End> top(Cut cut) {
    return siblings(
        flow.steps, "", 0, flow.sequence, 0, child -> new Place(cut, NEVER, !child.detached));
  }

  interface Places {
    Place of(Spec child);
  }

  private static final class Sibling {
    int met;
    int decided;
    boolean blocked;
    boolean gone;
    boolean kept;
    @Nullable End end;
  }

  private record Moment(long at, int order, int child, StepStatus reached) {}

  /** Steps beside each other: each starts when its needs say so and its group has room. */
  List<End> siblings(
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
      String path = prefix + steps.get(i).name;
      if (fate(path) == ReferenceReruns.Fate.KEPT) {
        states.get(i).kept = true;
        states.get(i).end = kept(path, start);
      } else if (needs.get(i).isEmpty()) {
        moments.add(new Moment(start, order[0]++, i, StepStatus.READY));
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      if (states.get(i).kept) {
        reached(moments, order, i, states.get(i).end);
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
          state.end = End.of(StepStatus.SKIPPED, moment.at(), null, "");
        } else if (limit > 0 && busy[0] >= limit) {
          parked.add(moment.child());
          continue;
        } else {
          busy[0]++;
          state.end = step(step, path, moment.at(), place);
          state.gone = true;
        }
        reached(moments, order, moment.child(), state.end);
        continue;
      }
      End end = state.end;
      if (end == null || moment.at() == NEVER) {
        continue;
      }
      boolean over = moment.reached() == StepStatus.SUCCEEDED;
      if (over && !state.kept) {
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
                End.of(
                    other.blocked ? StepStatus.NOT_RUN : StepStatus.SKIPPED, moment.at(), null, "");
            moments.add(new Moment(moment.at(), order[0]++, i, StepStatus.SUCCEEDED));
          }
        }
      }
    }
    List<End> ends = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      End end = states.get(i).end;
      if (end == null) {
        end = End.cut(places.of(steps.get(i)).cut(), false);
        winners.remove(prefix + steps.get(i).name);
        note(prefix + steps.get(i).name, end);
      }
      ends.add(end);
    }
    return ends;
  }

  private static void reached(PriorityQueue<Moment> moments, int[] order, int child, End end) {
    moments.add(new Moment(end.running(), order[0]++, child, StepStatus.RUNNING));
    moments.add(new Moment(end.waiting(), order[0]++, child, StepStatus.WAITING));
    moments.add(new Moment(end.at(), order[0]++, child, StepStatus.SUCCEEDED));
  }

  private static boolean meets(Spec.Need need, End end, Spec step) {
    boolean success =
        end.succeeded() || end.tolerated() || end.status() == StepStatus.SKIPPED && step.satisfy;
    return need.on().contains(end.status())
        || need.on().contains(StepStatus.SUCCEEDED) && success
        || need.on().contains(StepStatus.FAILED)
            && (end.status() == StepStatus.TIMED_OUT || end.status() == StepStatus.DENIED);
  }

  boolean holds(Spec.@Nullable Condition when, String prefix) {
    if (when == null || when.step() == null) {
      return when == null || when.constant();
    }
    Row row = rows.get(prefix + when.step());
    return row != null && row.status() == when.status();
  }

  int attemptsOf(String path) {
    Row row = rows.get(path);
    return row == null ? 0 : row.attempts();
  }

  void note(String path, End end) {
    rows.put(path, new Row(end.status(), attemptsOf(path), end.output(), winners.get(path)));
    ends.put(path, end);
    last = Math.max(last, end.at());
  }

  void began(String path) {
    excused.remove(path);
    strictly.remove(path);
    reported.remove(path);
    rows.put(path, new Row(StepStatus.RUNNING, attemptsOf(path) + 1, null, null));
  }

  /** A step from its start to its end, its failure policy included. */
  private End step(Spec spec, String path, long start, Place place) {
    boolean fan = spec.fan != Spec.FanKind.NONE;
    boolean dooms = place.dooms() && spec.policy == null;
    Place inside = new Place(place.cut(), fan ? NEVER : place.decided(), dooms);
    End end = fan ? groups.fan(spec, path, start, inside) : tries(spec, path, start, inside);
    boolean sleeps = !fan && spec.isWaiting();
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
      if (policy.failsRun()) {
        strict = true;
        strictly.add(path);
      }
      if (as == StepStatus.SUCCEEDED || as == StepStatus.SKIPPED) {
        reported.add(path);
        return end.as(as, output);
      }
      excuse(path, true);
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
    if (place.dooms()) {
      doom(path, end);
    }
    return end;
  }

  End tries(Spec spec, String path, long start, Place place) {
    long t = start;
    long total =
        spec.totalTimeout == 0 || start + spec.totalTimeout < 0 ? NEVER : start + spec.totalTimeout;
    Cut cut = place.cut().or(path, total, StepStatus.ABORTED, StepStatus.NOT_RUN, "");
    Place inside = new Place(cut, place.decided(), place.dooms() && spec.attempts == 1);
    for (int failures = 1; ; failures++) {
      if (failures > 1) {
        fates.keySet().removeIf(known -> known.equals(path) || isIn(known, path));
      }
      began(path);
      End end =
          spec.isGroup() ? groups.group(spec, path, t, inside, place) : leaf(spec, path, t, inside);
      if (end.cut()) {
        return cut == place.cut() ? end : End.of(StepStatus.TIMED_OUT, total, null, "timed_out");
      }
      boolean covered =
          (spec.retryOn == null || spec.retryOn.equals(end.code()))
              && end.status() != StepStatus.DENIED;
      if (!end.failed() || failures >= spec.attempts || !covered || end.at() > place.decided()) {
        return end;
      }
      long delay =
          switch (spec.backoff) {
            case FIXED -> spec.delay;
            case LINEAR -> spec.delay * failures;
            case EXPONENTIAL -> spec.delay << (failures - 1);
            case POWER ->
                Math.round(1000 * Math.pow(spec.delay / 1000.0, Math.pow(2, failures - 1)));
          };
      t = end.at() + delay;
      if (cut.hits(path, t)) {
        return cut == place.cut()
            ? End.cut(cut, true)
            : End.of(StepStatus.TIMED_OUT, total, null, "timed_out");
      }
    }
  }

  /** A failure with which the run fails: the first one may end it. */
  void doom(String path, End end) {
    if (end.failed() && end.at() < doomAt) {
      doomAt = end.at();
      doom = path;
    }
  }

  private End leaf(Spec spec, String path, long start, Place place) {
    if (spec.kind == Spec.Kind.APPROVAL || spec.kind == Spec.Kind.WAIT) {
      return wait(spec, path, start, place);
    }
    Script.Attempt attempt =
        switch (spec.kind) {
          case PASS -> new Script.Attempt(0, "");
          case SLEEP -> new Script.Attempt(spec.sleep, "");
          default -> script.attempt(path, attemptsOf(path));
        };
    boolean late = spec.attemptTimeout > 0 && attempt.millis() >= spec.attemptTimeout;
    long at = start + (late ? spec.attemptTimeout : attempt.millis());
    if (place.cut().hits(path, at)) {
      return End.cut(place.cut(), true);
    }
    if (late) {
      return End.of(StepStatus.TIMED_OUT, at, null, "timed_out");
    }
    if (attempt.code().equals(Script.SKIPPED)) {
      return End.of(StepStatus.SKIPPED, at, null, "");
    }
    if (!attempt.code().isEmpty()) {
      return End.of(StepStatus.FAILED, at, null, attempt.code());
    }
    return End.success(at, spec.kind == Spec.Kind.CALL ? path : read(spec.reads, path));
  }

  /** A step that waits: what it waits for comes, or the first of its limits. */
  private End wait(Spec spec, String path, long start, Place place) {
    Script.Attempt scripted = script.attempt(path, attemptsOf(path));
    long own = spec.sleep == 0 ? NEVER : spec.sleep;
    long limit = spec.attemptTimeout == 0 ? NEVER : spec.attemptTimeout;
    boolean comes = scripted.millis() < Math.min(own, limit);
    long at = start + (comes ? scripted.millis() : Math.min(own, limit));
    if (place.cut().hits(path, at)) {
      return End.cut(place.cut(), true);
    }
    if (!comes && (limit < own || spec.kind == Spec.Kind.WAIT)) {
      return End.of(StepStatus.TIMED_OUT, at, null, "timed_out");
    }
    if (spec.kind == Spec.Kind.WAIT) {
      return scripted.code().isEmpty()
          ? End.success(at, path)
          : End.failure(at, null, scripted.code());
    }
    StepStatus status =
        comes
            ? scripted.code().isEmpty() ? StepStatus.APPROVED : StepStatus.DENIED
            : switch (spec.onTimeout) {
              case APPROVE -> StepStatus.APPROVED;
              case DENY -> StepStatus.DENIED;
              case CONTINUE -> StepStatus.SUCCEEDED;
            };
    Map<String, Object> output = new HashMap<>();
    output.put("decision", status == StepStatus.SUCCEEDED ? "timed_out" : status.id());
    output.put("by", comes ? "ann" : "timeout");
    output.put("at", "");
    output.put(
        "reason",
        comes ? "" : "nobody decided within " + Durations.text(Duration.ofMillis(spec.sleep)));
    output.put("form", null);
    return End.of(status, at, output, status == StepStatus.DENIED ? "denied" : "");
  }

  /** What a step without work yields: another step's output, or a name of what is around it. */
  private @Nullable Object read(@Nullable String name, String path) {
    if (name == null) {
      return null;
    }
    return switch (name) {
      case Spec.ITERATION -> Long.parseLong(nearest(path, lasts).replaceAll(".*\\[|\\]", ""));
      case Spec.LAST -> lasts.get(nearest(path, lasts));
      case Spec.ITEM -> items.get(nearest(path, items));
      default -> {
        Row row = rows.get(prefix(path) + name);
        yield row == null ? null : row.output();
      }
    };
  }

  /** Up to the name of the step itself. */
  static String prefix(String path) {
    return path.substring(0, path.lastIndexOf('.') + 1);
  }

  /** The innermost instance around a path that a map knows. */
  private static String nearest(String path, Map<String, ?> known) {
    for (int end = path.lastIndexOf(']'); end >= 0; end = path.lastIndexOf(']', end - 1)) {
      if (known.containsKey(path.substring(0, end + 1))) {
        return path.substring(0, end + 1);
      }
    }
    throw new IllegalStateException("nothing around " + path);
  }
}
