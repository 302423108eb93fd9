package dev.fanfare.engine;

import dev.fanfare.graph.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** All rows of a run, for states that hold only what they have asked for. */
final class Database {
  private static final int MOST_ROUNDS = 500;
  private final Map<String, StepRow> rows = new HashMap<>();
  private final Map<String, TreeMap<Long, String>> backlogs = new HashMap<>();

  /** Attempts that wait for something from outside, by step. */
  private final Map<String, Integer> awaited = new HashMap<>();

  Map<String, StepRow> rows() {
    return rows;
  }

  void apply(Reply.Decided decided) {
    decided.steps().forEach(row -> rows.put(row.path(), row));
    for (Decision decision : decided.decisions()) {
      if (decision instanceof Decision.Await await) {
        awaited.put(await.step(), await.attempt());
      } else if (decision instanceof Decision.Unawait unawait) {
        awaited.remove(unawait.step());
      } else if (decision instanceof Decision.Enqueue entry) {
        backlogs
            .computeIfAbsent(entry.scope(), ignored -> new TreeMap<>())
            .put(entry.position(), entry.step());
      } else if (decision instanceof Decision.Dequeue entry) {
        Objects.requireNonNull(backlogs.get(entry.scope())).remove(entry.position());
      }
    }
    Map<String, Integer> waiting = new HashMap<>();
    rows.values().stream()
        .filter(row -> (row.marks() & StepRow.Marks.AWAITS) != 0)
        .forEach(row -> waiting.put(row.path(), row.attempt()));
    if (!waiting.equals(awaited)) {
      throw new AssertionError("steps that wait: " + waiting + ", subscriptions: " + awaited);
    }
  }

  /** Takes the decision again on a state that starts empty, and on one that is complete. */
  void check(
      Graph graph, RunState whole, List<Event> events, Context context, Reply.Decided expected) {
    for (StepRow row : rows.values()) {
      StepRow held = whole.step(row.path()).orElseThrow();
      if (!held.equals(Invariants.stored(row))) {
        throw new AssertionError("the engine changed its input: " + held + " was " + row);
      }
    }
    RunState partial = RunState.load(whole.run(), List.of(), false);
    backlogs.forEach(
        (scope, entries) -> entries.forEach((at, step) -> partial.addBacklog(scope, at, step)));
    Set<String> asked = new HashSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Reply reply = Engine.decide(graph, partial, events, context);
      switch (reply) {
        case Reply.Decided decided -> {
          Invariants.same(expected, decided, "a state that loads rows on demand decides otherwise");
          return;
        }
        case Reply.Needs needs -> {
          List<StepRow> found = new ArrayList<>();
          for (String path : needs.paths()) {
            if (!asked.add(path)) {
              throw new AssertionError("asked twice for '" + path + "'");
            }
            if (rows.containsKey(path)) {
              found.add(rows.get(path));
            }
          }
          partial.add(needs.paths(), found);
        }
        case Reply.NeedsAll ignored -> partial.addAll(rows.values());
      }
    }
    throw new AssertionError("the engine asked for rows " + MOST_ROUNDS + " times");
  }
}
