package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Structure.Race.Losers;
import dev.fanfare.definition.Structure.Race.Win;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of a race.
 *
 * <p>The decision that lets a branch win also closes the race, so whatever is committed first has
 * won: another branch, the race's timeout or a cancel that come later find it decided.
 */
final class Races {
  private final Flow flow;
  private final Draft draft;

  Races(Flow flow) {
    this.flow = flow;
    this.draft = flow.draft;
  }

  void branchEnded(Cell race, Cell branch) {
    Structure.Race rules = ((Shape.Race) draft.node(race).shape()).definition();
    if (race.is(StepRow.Marks.DECIDED)) {
      if (race.open == 0) {
        conclude(race);
      }
      return;
    }
    boolean failed = Groups.failedForGood(branch);
    boolean succeeded = branch.status.isSuccess() || (Groups.isFailure(branch) && !failed);
    if (succeeded) {
      race.cursor++;
      remember(race, "winners", draft.node(branch).step().name());
      if (rules.win() == Win.SETTLED || race.cursor >= rules.quorum()) {
        decide(race, rules);
        return;
      }
    } else if (failed) {
      race.failed++;
      if (rules.win() == Win.SETTLED) {
        remember(race, "winners", draft.node(branch).step().name());
        race.error = Causes.of(branch);
        decide(race, rules);
        return;
      }
    }
    if (race.cursor + race.open < rules.quorum()) {
      // Not at once: whether every branch is skipped shows when all of them have been asked.
      draft.later(() -> lose(draft.edit(race.path), rules));
    }
  }

  private static void remember(Cell race, String key, Object value) {
    Map<String, Object> detail =
        race.detail == null ? new LinkedHashMap<>() : new LinkedHashMap<>(race.detail);
    List<Object> list = new ArrayList<>();
    if (detail.get(key) instanceof List<?> known) {
      list.addAll(known);
    }
    list.add(value);
    detail.put(key, list);
    race.detail = detail;
  }

  static List<?> winners(Cell race) {
    return race.detail != null && race.detail.get("winners") instanceof List<?> list
        ? list
        : List.of();
  }

  private void decide(Cell race, Structure.Race rules) {
    List<?> winners = winners(race);
    Object winner = rules.win() == Win.QUORUM ? winners : winners.getFirst();
    Map<String, Object> detail = new LinkedHashMap<>(Gates.kept(race.detail));
    detail.put("winners", winners);
    detail.put("winner", winner);
    race.detail = detail;
    race.mark(StepRow.Marks.DECIDED);
    draft.note("race.won", "step", race.path, "winner", winner);
    stopLosers(race, rules, Reason.of("race_lost", "race", race.path, "winner", winner));
    if (rules.losers() != Losers.AWAIT || race.open == 0) {
      conclude(race);
    }
  }

  /** No branch may start any more; running ones are stopped or left, as the race says. */
  private void stopLosers(Cell race, Structure.Race rules, Reason reason) {
    int running = 0;
    for (Cell branch : branches(race)) {
      if (branch.status.isTerminal()) {
        continue;
      }
      boolean begun =
          switch (branch.status) {
            case WAITING -> !Gates.isBefore(branch);
            case RUNNING, RETRYING -> true;
            case PENDING, READY, DISPATCHED -> branch.is(StepRow.Marks.BEFORE_DONE);
            case SUCCEEDED,
                FAILED,
                TIMED_OUT,
                SKIPPED,
                NOT_RUN,
                CANCELLED,
                ABORTED,
                DISCARDED,
                APPROVED,
                DENIED ->
                false;
          };
      if (begun && rules.losers() != Losers.CANCEL) {
        running++;
      } else {
        flow.stops.stop(branch, Stops.Manner.raceLost(reason));
      }
    }
    race.open = running;
  }

  private List<Cell> branches(Cell race) {
    Node node = draft.node(race);
    List<Cell> branches = new ArrayList<>();
    for (int index : node.children()) {
      branches.add(draft.edit(Graph.pathOf(draft.graph.node(index), race.path)));
    }
    return branches;
  }

  /** The race ends with what its winners brought. */
  private void conclude(Cell race) {
    if (race.error != null) {
      flow.endings.attemptFailed(race, StepStatus.FAILED, race.error, null);
      return;
    }
    Structure.Race rules = ((Shape.Race) draft.node(race).shape()).definition();
    List<Object> outputs = new ArrayList<>();
    for (Object winner : winners(race)) {
      Cell branch = draft.find(race.path + "." + winner);
      outputs.add(branch == null ? null : branch.output);
    }
    race.output = rules.win() == Win.QUORUM ? outputs : outputs.getFirst();
    flow.endings.end(race, StepStatus.SUCCEEDED, null);
  }

  /** Too few branches are left to win. */
  private void lose(Cell race, Structure.Race rules) {
    if (race.status != StepStatus.RUNNING || race.is(StepRow.Marks.DECIDED)) {
      return;
    }
    boolean allSkipped = race.open == 0 && race.failed == 0 && race.cursor == 0;
    race.mark(StepRow.Marks.DECIDED);
    stopLosers(race, rules, Reason.of("race_lost", "race", race.path));
    List<Cell> failed = branches(race).stream().filter(Groups::failedForGood).toList();
    if (allSkipped) {
      flow.endings.end(race, StepStatus.SKIPPED, Reason.of("no_branch_started"));
      return;
    }
    ErrorInfo error =
        ErrorInfo.of(
                "race_all_failed",
                race.cursor == 0
                    ? "every branch of the race failed"
                    : race.cursor + " of the " + rules.quorum() + " branches it takes succeeded")
            .causedBy(failed.stream().map(Causes::of).toList());
    race.error = error;
    if (rules.losers() != Losers.AWAIT || race.open == 0) {
      conclude(race);
    }
  }

  /** The race's time is up. A race that is decided already only stops waiting for its losers. */
  void timedOut(Cell race, Structure.Race rules) {
    Reason reason = Reason.of("race_timed_out", "race", race.path);
    boolean decided = race.is(StepRow.Marks.DECIDED);
    race.mark(StepRow.Marks.DECIDED);
    for (Cell branch : branches(race)) {
      flow.stops.stop(branch, Stops.Manner.raceLost(reason));
    }
    race.open = 0;
    if (decided) {
      conclude(race);
      return;
    }
    if (rules.timeoutOutput().isEmpty()) {
      flow.endings.attemptFailed(
          race,
          StepStatus.TIMED_OUT,
          ErrorInfo.of("timed_out", "no branch of the race won in time"),
          null);
      return;
    }
    try {
      race.output =
          Expressions.evaluate(rules.timeoutOutput().get(), RunScope.of(draft, race, Map.of()));
      flow.endings.end(race, StepStatus.SUCCEEDED, reason);
    } catch (ExpressionException e) {
      flow.endings.attemptFailed(race, StepStatus.FAILED, e.error(), null);
    }
  }
}
