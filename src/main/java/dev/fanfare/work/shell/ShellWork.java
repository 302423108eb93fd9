package dev.fanfare.work.shell;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.Worker;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs shell commands in the run's workspace. */
public final class ShellWork implements Worker<ShellInput>, AutoCloseable {

  static final String LARGE_OUTPUT_ADVICE =
      "Write it to a file in the workspace and yield the path with `outputs: {name: {file:"
          + " path}}`.";

  private static final Duration ORPHAN_GRACE = Duration.ofSeconds(1);

  private final ShellSettings settings;
  private final Map<Key, ShellAttempt> running = new ConcurrentHashMap<>();

  // Threads of the platform: reading a pipe and waiting for a process pin a virtual one on Java 21.
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("shell-", 1).daemon().factory());

  private record Key(UUID run, String step, int attempt) {
    static Key of(Assignment assignment) {
      return new Key(assignment.run(), assignment.step(), assignment.attempt());
    }
  }

  public ShellWork(ShellSettings settings) {
    this.settings = settings;
  }

  @Override
  public Uni<Outcome> work(Assignment assignment, ShellInput input) {
    return Uni.createFrom().emitter(emitter -> start(assignment, input, emitter));
  }

  private void start(Assignment assignment, ShellInput input, UniEmitter<? super Outcome> emitter) {
    ShellAttempt attempt = new ShellAttempt(settings, threads, assignment, input);
    Key key = Key.of(assignment);
    running.put(key, attempt);
    emitter.onTermination(
        () -> {
          if (!attempt.ended().isDone()) {
            threads.execute(attempt::cancel); // it may have to wait for a start under way
          }
        });
    threads.execute(
        () -> {
          Outcome outcome = attempt.run();
          running.remove(key, attempt);
          emitter.complete(outcome);
        });
  }

  @Override
  public Uni<Void> stopped(Assignment assignment) {
    ShellAttempt attempt = running.get(Key.of(assignment));
    return attempt == null
        ? Uni.createFrom().voidItem()
        : Uni.createFrom().completionStage(attempt.ended());
  }

  /**
   * Stops the scripts that an engine left behind when it was killed, and removes their scratch
   * folders. Scripts of an engine that is alive are not touched, nor is a process that only happens
   * to have an old id.
   *
   * @param scratch the folder of {@link ShellSettings#scratch()}
   * @return how many were still running
   * @throws IOException when the folder cannot be read or cleaned
   */
  public static int killOrphans(Path scratch) throws IOException {
    return new Orphans(scratch, ORPHAN_GRACE).stop();
  }

  /** Stops every script and waits for it, at most the grace and three seconds. */
  @Override
  public void close() {
    List<ShellAttempt> attempts = List.copyOf(running.values());
    attempts.forEach(ShellAttempt::cancel);
    CompletableFuture.allOf(
            attempts.stream().map(ShellAttempt::ended).toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, settings.grace().toMillis() + 3000, TimeUnit.MILLISECONDS)
        .join();
    threads.shutdown();
  }
}
