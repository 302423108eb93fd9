package dev.fanfare.conductor;

import dev.fanfare.engine.Reply;
import dev.fanfare.engine.Verdict;
import dev.fanfare.store.InboxStore.Letter;
import dev.fanfare.store.RunLedger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Events of one run that were decided together and wait for their commit.
 *
 * @param tasks ours, decided first
 * @param others letters of other processes, decided after them
 * @param own ids of those of our tasks that lie in the inbox
 */
record Pending(
    UUID run,
    Known known,
    List<LaneTask.Submit> tasks,
    List<Letter> others,
    Set<UUID> own,
    Reply.Decided decided) {
  RunLedger.Advance advance(Values values) {
    return new RunLedger.Advance(run, values.stored(run, decided), verdicts(), own);
  }

  /** Those on the letters of others, which were decided after our tasks. */
  Map<UUID, Verdict> verdicts() {
    Map<UUID, Verdict> verdicts = new HashMap<>();
    for (int i = 0; i < others.size(); i++) {
      verdicts.put(others.get(i).id(), decided.verdicts().get(tasks.size() + i));
    }
    return verdicts;
  }

  boolean changesNothing() {
    return decided.notes().isEmpty() && decided.steps().isEmpty() && decided.decisions().isEmpty();
  }
}
