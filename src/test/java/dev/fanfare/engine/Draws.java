package dev.fanfare.engine;

import dev.fanfare.definition.Retry;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure.Race.Losers;
import dev.fanfare.definition.Structure.Race.Win;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Draws workflows.
 *
 * <p>What two steps do at the very same instant depends on the order in which they were written,
 * which the reference does not model. So branches of a race take time, children of a limited group
 * do not need each other, and a run with a limit has nothing that depends on when things happen.
 */
final class Draws {
  private static final long LONG = 1_000_000_000L;
  private final Random random;
  private int left;
  private int names;

  /** Whether when things happen may decide what happens: races, timeouts, abort. */
  private boolean timed;

  private boolean abort;

  Draws(long seed) {
    random = new Random(seed);
  }

  FlowSpec flow() {
    FlowSpec flow = new FlowSpec();
    left = 1 + random.nextInt(60);
    timed = random.nextInt(6) > 0;
    flow.sequence = one(8);
    if (timed) {
      abort = one(4);
      flow.abort = abort;
      flow.timeout = one(8) ? time(3 * LONG) : 0;
      flow.cancelAt = one(10) ? time(3 * LONG) : 0;
    } else {
      flow.maxParallel = 1 + random.nextInt(5);
    }
    while (left > 0) {
      flow.steps.add(step(flow.steps, 0, false, true));
    }
    flow.tolerated = Workflow.Tolerated.values()[random.nextInt(4)];
    return flow;
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private long time(long bound) {
    return 1 + random.nextLong(bound);
  }

  /**
   * One step.
   *
   * @param before siblings it may need
   * @param slow whether it must take time and start for certain
   * @param free whether it may have needs
   */
  private Spec step(List<Spec> before, int depth, boolean slow, boolean free) {
    Spec spec = new Spec();
    spec.name = "s" + names++;
    left--;
    kind(spec, depth, slow);
    if (free) {
      needs(spec, before);
    }
    if (spec.kind == Spec.Kind.SWITCH && !spec.needs.isEmpty() && !spec.joinAny && one(2)) {
      readInCases(spec);
    }
    if (!slow && one(8)) {
      spec.when = new Spec.Condition(random.nextBoolean(), null, null);
    }
    boolean works = spec.kind == Spec.Kind.CALL || spec.kind == Spec.Kind.APPROVAL;
    if ((works || spec.kind == Spec.Kind.WAIT) && one(5) || spec.isGroup() && one(12)) {
      fan(spec);
    }
    spec.satisfy = one(4);
    attempts(spec);
    if (spec.fan != Spec.FanKind.NONE && (spec.failFast || abort)) {
      untie(spec);
    }
    if (one(6)) {
      spec.policy =
          new Spec.Policy(
              one(3) ? "boom" : null,
              one(2) ? "fallback" : null,
              one(2)
                  ? null
                  : List.of(StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.SKIPPED)
                      .get(random.nextInt(3)),
              one(8));
    }
    spec.detached = one(12);
    return spec;
  }

  private void kind(Spec spec, int depth, boolean slow) {
    int luck = random.nextInt(20);
    if (luck < 7 - depth && left > 1) {
      group(spec, depth, slow);
    } else if (luck < 9) {
      spec.kind = Spec.Kind.SLEEP;
      spec.sleep = time(LONG);
    } else if (luck < 12 && !slow) {
      spec.kind = Spec.Kind.PASS;
    } else if (luck < 14) {
      spec.kind = one(2) ? Spec.Kind.APPROVAL : Spec.Kind.WAIT;
      spec.sleep = one(2) ? time(LONG) : 0;
      spec.onTimeout = Work.Approval.OnTimeout.values()[random.nextInt(3)];
      spec.callback = spec.kind == Spec.Kind.WAIT && one(2);
    } else {
      spec.kind = Spec.Kind.CALL;
    }
  }

  private void group(Spec spec, int depth, boolean slow) {
    int luck = random.nextInt(timed ? 8 : 6);
    int size = 1 + random.nextInt(Math.min(5, left));
    if (luck == 4) {
      loop(spec, depth, Math.min(size, 3), slow);
    } else if (luck == 5) {
      choice(spec, depth, Math.min(size, 3), slow);
    } else if (luck < 2) {
      spec.kind = Spec.Kind.PARALLEL;
      spec.limit = one(3) ? 1 + random.nextInt(3) : 0;
      for (int i = 0; i < size; i++) {
        spec.children.add(step(spec.children, depth + 1, i == 0, spec.limit == 0 && i > 0));
      }
      success(spec);
    } else if (luck < 4) {
      spec.kind = Spec.Kind.SEQUENCE;
      inOrder(spec, depth, size, true);
    } else {
      race(spec, depth, size);
    }
    boolean limits = spec.kind == Spec.Kind.PARALLEL || spec.kind == Spec.Kind.RACE;
    if (timed && limits && one(4)) {
      spec.groupTimeout = time(LONG);
    }
  }

  private void inOrder(Spec spec, int depth, int size, boolean slow) {
    for (int i = 0; i < size; i++) {
      spec.children.add(step(spec.children, depth + 1, slow && i == 0, i > 0 && one(4)));
    }
  }

  /** Turns take time, or else the loop is over in an instant in which nothing may go wrong. */
  private void loop(Spec spec, int depth, int size, boolean slow) {
    spec.kind = Spec.Kind.LOOP;
    boolean instant = !slow && !abort && one(4);
    inOrder(spec, depth, size, !instant);
    // Else few loops would come to a third turn: of three attempts one fails.
    spec.children.stream()
        .filter(child -> child.policy == null && one(2))
        .forEach(child -> child.policy = new Spec.Policy(null, null, null, false));
    boolean until = random.nextBoolean();
    int turns = random.nextInt(5);
    int limit = one(3) ? 1 + random.nextInt(3) : 4;
    spec.loop =
        new Spec.Loop(
            until,
            until || slow ? Math.max(1, turns) : turns,
            one(3) ? spec.children.get(random.nextInt(spec.children.size())).name : null,
            limit,
            one(2) ? 0 : time(one(2) ? LONG / 2 : LONG / 500),
            Retry.Backoff.values()[random.nextInt(3)]);
    name(spec, Spec.ITERATION);
    name(spec, Spec.LAST);
  }

  private void choice(Spec spec, int depth, int size, boolean slow) {
    spec.kind = Spec.Kind.SWITCH;
    spec.all = one(3);
    boolean other = slow || one(2);
    for (int i = 0; i < size; i++) {
      Spec each = new Spec();
      each.kind = Spec.Kind.SEQUENCE;
      boolean last = other && i == size - 1;
      each.when = last ? null : new Spec.Condition(random.nextBoolean(), null, null);
      inOrder(each, depth, 1 + random.nextInt(2), true);
      spec.children.add(each);
    }
    spec.nameCases();
  }

  /** Makes a case depend on how something has ended that the switch needs. */
  private void readInCases(Spec spec) {
    Spec.Need read = new Spec.Need(spec.needs.getFirst().step(), ends());
    spec.needs.set(0, read);
    StepStatus[] all = {StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.SKIPPED};
    for (Spec each : spec.children) {
      if (each.when != null) {
        each.when = new Spec.Condition(true, read.step(), all[random.nextInt(3)]);
      }
    }
  }

  /** Lets some steps without work yield a name that what is around them gives. */
  private void name(Spec spec, String name) {
    if (spec.kind == Spec.Kind.PASS && spec.reads == null && one(2)) {
      spec.reads = name;
    }
    spec.children.forEach(child -> name(child, name));
  }

  private void success(Spec spec) {
    if (one(3)) {
      spec.success = Spec.SuccessKind.values()[random.nextInt(5)];
      if (spec.success == Spec.SuccessKind.ONLY || spec.success == Spec.SuccessKind.IGNORE) {
        spec.children.stream()
            .filter(ignored -> random.nextBoolean())
            .forEach(child -> spec.successNames.add(child.name));
      }
    }
  }

  private void race(Spec spec, int depth, int size) {
    spec.kind = Spec.Kind.RACE;
    spec.win = Win.values()[random.nextInt(3)];
    spec.quorum = spec.win == Win.QUORUM ? 1 + random.nextInt(size) : 1;
    spec.losers = one(2) ? Losers.CANCEL : one(2) || depth > 0 ? Losers.AWAIT : Losers.FINISH;
    spec.timeoutOutput = one(2) ? "late" : null;
    for (int i = 0; i < size; i++) {
      Spec branch = step(spec.children, depth + 1, true, false);
      if (i > 0 && spec.quorum == 1 && one(6)) {
        branch.when = new Spec.Condition(random.nextBoolean(), null, null);
      }
      spec.children.add(branch);
    }
  }

  private void needs(Spec spec, List<Spec> before) {
    List<Spec> open = new ArrayList<>(before);
    int count = Math.min(open.size(), random.nextInt(4));
    spec.joinAny = count > 0 && one(4);
    for (int i = 0; i < count; i++) {
      Spec need = open.remove(random.nextInt(open.size()));
      spec.needs.add(new Spec.Need(need.name, statuses()));
    }
    if (count > 0 && !spec.joinAny && one(4)) {
      Spec.Need read = new Spec.Need(spec.needs.getFirst().step(), ends());
      spec.needs.set(0, read);
      StepStatus[] all = {StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.SKIPPED};
      spec.when = new Spec.Condition(true, read.step(), all[random.nextInt(3)]);
    }
    if (spec.kind == Spec.Kind.PASS && count > 0 && !spec.joinAny && one(2)) {
      Spec.Need read = spec.needs.getFirst();
      spec.needs.set(0, new Spec.Need(read.step(), ends()));
      spec.reads = read.step();
    }
  }

  private static Set<StepStatus> ends() {
    return EnumSet.copyOf(StepStatus.terminal());
  }

  private Set<StepStatus> statuses() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> EnumSet.of(StepStatus.SUCCEEDED);
      case 4 -> EnumSet.of(StepStatus.FAILED);
      case 5 -> EnumSet.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED);
      case 6 -> EnumSet.of(StepStatus.RUNNING, StepStatus.WAITING);
      case 7 -> EnumSet.of(StepStatus.RUNNING, StepStatus.FAILED);
      case 8 -> EnumSet.of(StepStatus.SKIPPED, StepStatus.NOT_RUN, StepStatus.TIMED_OUT);
      default -> ends();
    };
  }

  private void fan(Spec spec) {
    spec.fan = random.nextBoolean() ? Spec.FanKind.FOR_EACH : Spec.FanKind.MATRIX;
    spec.items = 1 + random.nextInt(4);
    if (spec.fan == Spec.FanKind.FOR_EACH) {
      spec.batch = one(3) ? 1 + random.nextInt(3) : 0;
      name(spec, Spec.ITEM);
    }
    spec.failFast = timed && one(3);
    spec.fanLimit = one(3) ? 1 + random.nextInt(3) : 0;
  }

  /** Keeps instances from ending at the same instant: fixed times are the same for all of them. */
  private static void untie(Spec spec) {
    spec.groupTimeout = 0;
    spec.attemptTimeout = 0;
    spec.totalTimeout = 0;
    spec.sleep = spec.kind == Spec.Kind.SLEEP ? spec.sleep : 0;
    spec.kind = spec.kind == Spec.Kind.SLEEP ? Spec.Kind.CALL : spec.kind;
    spec.children.forEach(Draws::untie);
  }

  private void attempts(Spec spec) {
    if (spec.kind == Spec.Kind.SLEEP || spec.kind == Spec.Kind.PASS) {
      return;
    }
    boolean finish = spec.kind == Spec.Kind.RACE && spec.losers == Losers.FINISH;
    if (finish && spec.fan != Spec.FanKind.NONE) {
      spec.losers = Losers.CANCEL;
    }
    if (one(3) && spec.losers != Losers.FINISH) {
      spec.attempts = 2 + random.nextInt(2);
      spec.delay = one(4) ? 0 : time(LONG / 2);
      spec.backoff = Retry.Backoff.values()[random.nextInt(3)];
      spec.retryOn =
          one(3) ? List.of("boom", "timed_out", "children_failed").get(random.nextInt(3)) : null;
    }
    if (timed && one(5)) {
      spec.attemptTimeout = time(LONG);
    }
    if (timed && one(6) && spec.losers != Losers.AWAIT) {
      spec.totalTimeout = time(2 * LONG);
    }
  }
}
