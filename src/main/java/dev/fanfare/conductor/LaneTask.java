package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.RunRow;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Something a lane is to do about a run. */
sealed interface LaneTask {

  UUID run();

  /** Fails whoever waits for the answer. */
  void fail(Throwable cause);

  /** Store a new run and start it; answers with the id of the run that has the key. */
  record Create(
      RunRow.Facts facts,
      Graphs.Stored graph,
      Optional<String> key,
      CompletableFuture<Conductor.Started> answer)
      implements LaneTask {
    @Override
    public UUID run() {
      return facts.id();
    }

    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  /** Decide what dead processes have left in the run's inbox. */
  record Drain(UUID run) implements LaneTask {
    @Override
    public void fail(Throwable cause) {
      // The next sweep finds it again.
    }
  }

  /** Decide about an event. */
  record Submit(UUID run, Event event, CompletableFuture<Reaction> answer) implements LaneTask {
    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }
}
