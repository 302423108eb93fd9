package dev.fanfare.function;

import dev.fanfare.store.RunViews;
import dev.fanfare.work.Trees;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Removes the workspaces of runs that ended long ago: soon after the start, and now and then as
 * long as the process lives. A folder that belongs to no run of this database is left alone.
 */
final class WorkspaceSweep implements AutoCloseable {

  private static final Logger LOG = System.getLogger(WorkspaceSweep.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofHours(6);
  private static final int ID_LENGTH = 36;
  private static final int BATCH = 500;

  private final List<Path> roots;
  private final Duration keep;
  private final RunViews views;
  private @Nullable Thread thread;

  /**
   * @param roots where the folders of all runs are
   * @param keep from the end of a run
   */
  WorkspaceSweep(List<Path> roots, Duration keep, RunViews views) {
    this.roots = List.copyOf(roots);
    this.keep = keep;
    this.views = views;
  }

  synchronized void open() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("fanfare-workspaces").start(this::run);
    }
  }

  private void run() {
    try {
      while (true) {
        try {
          sweep();
        } catch (IOException | RuntimeException e) {
          LOG.log(Level.DEBUG, "old workspaces could not be looked for", e);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks through all folders once; says how many it has removed. */
  int sweep() throws IOException {
    Map<UUID, List<Path>> folders = new HashMap<>();
    for (Path root : roots) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(root)) {
        for (Path folder : found) {
          run(folder)
              .ifPresent(
                  run -> folders.computeIfAbsent(run, ignored -> new ArrayList<>()).add(folder));
        }
      }
    }
    int removed = 0;
    List<UUID> runs = new ArrayList<>(folders.keySet());
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<UUID> batch = runs.subList(from, Math.min(runs.size(), from + BATCH));
      for (UUID over : views.endedBefore(batch, keep).await().atMost(PATIENCE)) {
        for (Path folder : folders.getOrDefault(over, List.of())) {
          Trees.delete(folder);
          removed++;
        }
      }
    }
    if (removed > 0) {
      LOG.log(Level.INFO, "removed {0} workspaces of runs that ended long ago", removed);
    }
    return removed;
  }

  private static Optional<UUID> run(Path folder) {
    String name = String.valueOf(folder.getFileName());
    boolean isNamed =
        name.length() == ID_LENGTH || (name.length() > ID_LENGTH && name.charAt(ID_LENGTH) == '-');
    if (!isNamed || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(name.substring(0, ID_LENGTH)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
