package dev.fanfare.conductor;

import dev.fanfare.engine.Event;
import dev.fanfare.engine.RunRow;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

  /** Decide about an event. One whose answer somebody else waits for is another task. */
  record Submit(UUID run, Event event, CompletableFuture<Reaction> answer) implements LaneTask {
    @Override
    public void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }

    /** Tasks are looked up by the thousand, and an event holds all that a step has brought. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Submit that && answer == that.answer;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(answer);
    }
  }
}
