package dev.fanfare.engine;

import dev.fanfare.definition.StepStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the language says runs again when a run that has ended goes on, computed from how the
 * reference says that it ended.
 */
final class ReferenceReruns {
  enum Fate {
    KEPT,
    /** A structure goes on with what is kept in it. */
    RESUMED,
    ANEW
  }

  private final Map<String, Fate> fates = new HashMap<>();
  private final Reference before;
  private final Event.From from;

  private ReferenceReruns(Reference before, Event.From from) {
    this.before = before;
    this.from = from;
  }

  /** What becomes of each step; nothing about what is inside one that is kept or begins anew. */
  static Map<String, Fate> of(FlowSpec flow, Reference before, Event.From from) {
    ReferenceReruns reruns = new ReferenceReruns(before, from);
    reruns.siblings(flow.steps, "", flow.sequence);
    return reruns.fates;
  }

  static boolean isInside(String path, String group) {
    return path.startsWith(group + ".") || path.startsWith(group + "[");
  }

  static Predicate<String> inside(String group) {
    return path -> isInside(path, group);
  }

  /** Whether some of them run again: those that must, and whoever needs one that does. */
  private boolean siblings(List<Spec> steps, String prefix, boolean ordered) {
    Set<String> again = new HashSet<>();
    boolean grows = true;
    for (Spec step : steps) {
      if (decide(step, prefix + step.name, true) != Fate.KEPT) {
        again.add(step.name);
      }
    }
    while (grows) {
      grows = false;
      for (int i = 0; i < steps.size(); i++) {
        Spec step = steps.get(i);
        String path = prefix + step.name;
        boolean downstream =
            step.needs.stream().anyMatch(need -> again.contains(need.step()))
                || ordered && i > 0 && again.contains(steps.get(i - 1).name);
        if (downstream && fates.get(path) != Fate.ANEW) {
          put(path, Fate.ANEW);
          again.add(step.name);
          grows = true;
        }
      }
    }
    return !again.isEmpty();
  }

  private Fate put(String path, Fate fate) {
    if (fate != Fate.RESUMED) {
      fates.keySet().removeIf(inside(path));
    }
    fates.put(path, fate);
    return fate;
  }

  private Fate decide(Spec spec, String path, boolean whole) {
    return put(path, fate(spec, path, whole && spec.fan != Spec.FanKind.NONE));
  }

  private Fate fate(Spec spec, String path, boolean fan) {
    Reference.Row row = before.rows.get(path);
    boolean contains = false;
    if (from instanceof Event.From.Start || row == null) {
      return Fate.ANEW;
    }
    boolean failed =
        row.status() == StepStatus.FAILED
            || row.status() == StepStatus.TIMED_OUT
            || row.status() == StepStatus.DENIED;
    boolean well =
        row.status() == StepStatus.SUCCEEDED
            || row.status() == StepStatus.APPROVED
            || row.status() == StepStatus.SKIPPED;
    if (from instanceof Event.From.Of of) {
      if (of.step().equals(path)) {
        return Fate.ANEW;
      }
      contains = isInside(of.step(), path);
      well |= failed;
    }
    boolean strictly = from instanceof Event.From.Failed && before.strictly.contains(path);
    if (well && !contains && !strictly) {
      return Fate.KEPT;
    }
    // One that was to go on and was not come to still goes on with what is kept in it.
    boolean begun =
        before.fate(path) == Fate.RESUMED
            || row.status() != StepStatus.NOT_RUN
                && (row.status() != StepStatus.SKIPPED || before.reported.contains(path));
    boolean closed = !fan && (!spec.isGroup() || spec.kind == Spec.Kind.RACE);
    if (!begun || closed) {
      return Fate.ANEW;
    }
    if (fan) {
      return fan(spec, path);
    }
    return switch (spec.kind) {
      case LOOP -> loop(spec, path, row.status(), contains);
      case SWITCH -> choice(spec, path);
      default -> in(siblings(spec.children, path + ".", spec.kind == Spec.Kind.SEQUENCE));
    };
  }

  private static Fate in(boolean again) {
    return again ? Fate.RESUMED : Fate.ANEW;
  }

  private Fate fan(Spec spec, String path) {
    int made = before.made.getOrDefault(path, 0);
    boolean again = made > 0 && made < spec.instances();
    for (int i = 0; i < made; i++) {
      again |= decide(spec, path + "[" + i + "]", false) != Fate.KEPT;
    }
    return in(again);
  }

  private Fate loop(Spec spec, String path, StepStatus status, boolean contains) {
    int turns = before.made.getOrDefault(path, 0);
    String newest = path + "[" + (turns - 1) + "]";
    String step = from instanceof Event.From.Of of ? of.step() : "";
    boolean older = contains && !step.equals(newest) && !isInside(step, newest);
    if (turns == 0 || older) {
      return Fate.ANEW;
    }
    Spec turn = new Spec();
    turn.kind = Spec.Kind.SEQUENCE;
    turn.children = spec.children;
    boolean again = decide(turn, newest, false) != Fate.KEPT;
    boolean stopped = status != StepStatus.FAILED && status != StepStatus.SUCCEEDED;
    return in(again || stopped);
  }

  private Fate choice(Spec spec, String path) {
    boolean again = false;
    for (Spec each : new ArrayList<>(spec.children)) {
      again |= decide(each, path + "." + each.name, false) != Fate.KEPT;
    }
    return in(again);
  }
}
