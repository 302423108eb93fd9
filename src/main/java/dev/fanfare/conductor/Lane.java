package dev.fanfare.conductor;

import dev.fanfare.invoke.Activity;
import dev.fanfare.secret.Vault;
import dev.fanfare.store.GraphStore;
import dev.fanfare.store.InboxStore;
import dev.fanfare.store.RunLedger;
import dev.fanfare.store.RunReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One thread that decides and commits for its share of the runs.
 *
 * <p>Takes all that has come in, decides run by run, commits everything in one statement, then
 * acts. While it waits for the commit the next batch gathers.
 */
final class Lane implements Runnable {

  private static final Logger LOG = System.getLogger(Lane.class.getName());
  private final InboxStore inbox;
  private final Memory memory;
  private final Decider decider;
  private final NewRuns newRuns;
  private final int maxBatch;
  private final Activity activity;
  private final BlockingQueue<LaneTask> queue = new LinkedBlockingQueue<>();

  /** Runs that other processes move too: events go to their inboxes at once. */
  private final Set<UUID> contended = new HashSet<>();

  private volatile boolean closed;
  private volatile boolean ended;

  Lane(
      RunLedger ledger,
      RunReader reader,
      InboxStore inbox,
      GraphStore graphStore,
      Graphs graphs,
      Vault vault,
      Values values,
      Effects effects,
      Settings settings,
      Activity activity) {
    this.activity = activity;
    this.inbox = inbox;
    this.memory = new Memory(reader, graphs, vault, values, settings.images());
    this.decider = new Decider(ledger, memory, values, effects);
    this.newRuns = new NewRuns(ledger, reader, graphStore, decider::follow);
    this.maxBatch = settings.batch();
  }

  void add(LaneTask task) {
    activity.enter();
    queue.add(task);
    if (ended) {
      failQueued();
    }
  }

  private void failQueued() {
    List<LaneTask> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(task -> task.fail(new ShutDownException()));
    late.forEach(task -> activity.leave());
  }

  void close() {
    closed = true;
  }

  @Override
  public void run() {
    try {
      loop();
    } finally {
      ended = true;
      failQueued();
    }
  }

  private void loop() {
    List<LaneTask> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        LaneTask first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, maxBatch);
        work(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        batch.forEach(task -> activity.leave());
        batch.clear();
      }
    }
  }

  private void work(List<LaneTask> batch) {
    List<LaneTask.Create> creates = new ArrayList<>();
    Map<UUID, List<LaneTask.Submit>> submits = new LinkedHashMap<>();
    Set<UUID> drained = new HashSet<>();
    for (LaneTask task : batch) {
      switch (task) {
        case LaneTask.Create create -> creates.add(create);
        case LaneTask.Submit submit ->
            submits.computeIfAbsent(submit.run(), ignored -> new ArrayList<>()).add(submit);
        case LaneTask.Drain drain -> {
          submits.computeIfAbsent(drain.run(), ignored -> new ArrayList<>());
          drained.add(drain.run());
        }
      }
    }
    try {
      newRuns.create(creates);
    } catch (RuntimeException | Error e) {
      creates.forEach(task -> task.fail(e));
    }
    try {
      new Batch(decider, memory, inbox, contended, submits, drained).commit();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.WARNING, "events could not be committed", e);
      submits.values().forEach(tasks -> tasks.forEach(task -> task.fail(e)));
      submits.keySet().forEach(memory::forget);
    }
  }
}
