package dev.fanfare.engine;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What holds after every decision: each counter is what one can count. */
final class Invariants {

  private Invariants() {}

  static void same(Reply.Decided expected, Reply.Decided actual, String message) {
    if (!expected.equals(actual)) {
      throw new AssertionError(message + ":\n" + expected + "\n" + actual);
    }
  }

  /** A row as it is after it was stored. */
  static StepRow stored(StepRow row) {
    return Cell.of(row).row();
  }

  static void hold(Graph graph, RunState state, Map<String, StepRow> rows) {
    RunRow run = state.run();
    int active = 0;
    int waiting = 0;
    Map<String, List<StepRow>> children = new HashMap<>();
    for (StepRow row : rows.values()) {
      Node node = graph.node(row.node());
      if (!node.isHook()) {
        children.computeIfAbsent(row.parent(), ignored -> new ArrayList<>()).add(row);
      }
      boolean claimed =
          node.isLeaf()
              && (row.status() == StepStatus.DISPATCHED || row.status() == StepStatus.RUNNING);
      active += claimed ? 1 : 0;
      boolean paused = is(row, StepRow.Marks.PAUSED);
      check(
          !paused || row.status() == StepStatus.RUNNING && row.open() == 0,
          "pauses, but is not between turns",
          row);
      waiting +=
          paused || row.status() == StepStatus.WAITING || row.status() == StepStatus.RETRYING
              ? 1
              : 0;
      check(claimed == is(row, StepRow.Marks.CLAIMED), "claimed but not marked, or marked", row);
      check(
          !node.isHook() || !is(row, StepRow.Marks.HOLDS_SLOT),
          "a hook takes no slot of a group",
          row);
      check(
          run.status() == RunStatus.QUEUED
              || !run.status().isTerminal()
              || row.status().isTerminal()
              || isLeftOver(graph, row, rows),
          "not ended in a run that has",
          row);
    }
    check(run.active() == active, "active is " + active, run);
    check(run.waiting() == waiting, "waiting is " + waiting, run);
    check(run.limit() == 0 || active <= run.limit(), "more at work than the limit", run);
    if (run.status() != RunStatus.QUEUED) {
      int open = graph.top().size() - ended(children.getOrDefault("", List.of()));
      check(run.open() == open, "open is " + open, run);
    }
    rows.values().stream()
        .filter(row -> row.status() == StepStatus.RUNNING && !graph.node(row.node()).isLeaf())
        .forEach(row -> group(graph.node(row.node()), row, children));
  }

  /** What a rerun has put back: inside a structure that then did not come to it, or a hook. */
  private static boolean isLeftOver(Graph graph, StepRow row, Map<String, StepRow> rows) {
    StepRow parent = rows.get(row.parent());
    boolean around =
        parent != null && (parent.status().isTerminal() || isLeftOver(graph, parent, rows));
    return row.status() == StepStatus.PENDING && (around || graph.node(row.node()).isHook());
  }

  private static void group(Node node, StepRow row, Map<String, List<StepRow>> children) {
    List<StepRow> inside = children.getOrDefault(row.path(), List.of());
    if (row.limit() > 0) {
      long holding = inside.stream().filter(child -> is(child, StepRow.Marks.HOLDS_SLOT)).count();
      check(row.active() == holding, holding + " children hold a slot", row);
      check(holding <= row.limit(), "more children in progress than the limit", row);
    }
    if (node.shape() instanceof Shape.ForEach) {
      return;
    }
    if (node.shape() instanceof Shape.Loop) {
      loop(row, inside);
      return;
    }
    int open =
        is(row, StepRow.Marks.DECIDED)
            ? inside.size() - ended(inside)
            : node.children().size() - ended(inside);
    check(row.open() == open, "open children are " + open, row);
  }

  /** One turn is open, the newest, or the loop pauses. */
  private static void loop(StepRow row, List<StepRow> turns) {
    List<StepRow> open =
        turns.stream()
            .filter(turn -> !turn.status().isTerminal() && turn.ordinal() < row.cursor())
            .toList();
    check(row.open() == open.size(), "open turns are " + open.size(), row);
    check(open.size() == (is(row, StepRow.Marks.PAUSED) ? 0 : 1), "turns at work: " + open, row);
    check(
        open.isEmpty() || open.getFirst().ordinal() == row.cursor() - 1,
        "an old turn is open",
        row);
  }

  private static int ended(Collection<StepRow> rows) {
    return (int) rows.stream().filter(row -> row.status().isTerminal()).count();
  }

  private static boolean is(StepRow row, int mark) {
    return (row.marks() & mark) != 0;
  }

  private static void check(boolean holds, String message, Object what) {
    if (!holds) {
      throw new AssertionError(message + ": " + what);
    }
  }
}
