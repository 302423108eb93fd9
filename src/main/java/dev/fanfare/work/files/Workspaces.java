package dev.fanfare.work.files;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Workspace;
import dev.fanfare.work.log.LogSink;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives attempts their folders, and keeps what they leave there. */
public final class Workspaces implements AutoCloseable {

  private static final int REMEMBERED_RUNS = 1000;
  private static final int EARLIER_ATTEMPTS = 20;
  private static final int TRIES = 100;

  private static final String NO_SHARED =
      "its run was started with a folder that every step sees, and there is none here; let"
          + " FANFARE_WORKSPACES name the mount of a shared file system, or start the run anew";

  private final Places places;
  private final Limits limits;
  private final LayerStore layers;
  private final Compositions compositions;

  // Threads of the platform: work with files pins virtual ones.
  private final ExecutorService threads;

  // Guarded by itself.
  private final Map<RunFiles, SharedStay.Watch> watches =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunFiles, SharedStay.Watch> eldest) {
          return size() > REMEMBERED_RUNS;
        }
      };

  /**
   * One attempt that needs a folder.
   *
   * @param name step and attempt
   * @param view what it sees in a layered workspace; empty for a shared one
   * @param reads paths it wants to see of that; empty for all
   * @param writes paths of which its changes are kept; empty for all
   * @param outputs paths that it yields, which are kept in any case
   * @param log for notes about what is not kept
   * @param pulse beats while files are moved
   */
  public record Visit(
      RunFiles run,
      LayerName name,
      Optional<View> view,
      List<String> reads,
      List<String> writes,
      List<String> outputs,
      LogSink log,
      Pulse pulse) {}

  /**
   * Where workspaces are.
   *
   * @param root folders of steps at work in a layered workspace, by run
   * @param shared folders that all steps of a run see, by run; empty where there can be none
   * @param passing whether the disk of {@code root} does not last, so that no folder of a run is
   *     left on it
   */
  public record Places(Path root, Optional<Path> shared, boolean passing) {
    /** All of it in one folder that lasts. */
    public static Places in(Path root) {
      return new Places(root, Optional.of(root), false);
    }
  }

  /**
   * Workspaces in folders.
   *
   * @param root where each run gets its folder
   */
  public Workspaces(Path root, Limits limits) {
    this(Places.in(root), limits, new FolderLayers(root));
  }

  /** Workspaces whose layers are in folders of the root. */
  public static Workspaces inFolders(Places places, Limits limits) {
    return new Workspaces(places, limits, new FolderLayers(places.root()));
  }

  /**
   * Workspaces whose layers are blobs.
   *
   * @param writers names that nobody else has, of letters and digits
   */
  public static Workspaces inBlobs(
      Places places, Limits limits, Blobs blobs, Transfers transfers, Supplier<String> writers) {
    return new Workspaces(places, limits, new BlobLayers(blobs, transfers, writers));
  }

  /** Workspaces in which a step finds nothing of others, and must leave nothing to them. */
  public static Workspaces withoutLayers(Places places, Limits limits) {
    return new Workspaces(places, limits, new NoLayers());
  }

  Workspaces(Path root, Limits limits, LayerStore layers) {
    this(Places.in(root), limits, layers);
  }

  private Workspaces(Places places, Limits limits, LayerStore layers) {
    this.places = places;
    this.limits = limits;
    this.layers = layers;
    this.compositions = new Compositions(layers);
    int size = Math.max(2, Runtime.getRuntime().availableProcessors());
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("files-", 1).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /**
   * Does work in a folder. The Uni never fails for what happens to files; that is a failure of the
   * step.
   *
   * @param work what to do there
   * @param stopped completes when nothing of work that was cancelled is left
   */
  public Uni<Outcome> within(
      Visit visit, Function<Path, Uni<Outcome>> work, Supplier<Uni<Void>> stopped) {
    return visit.view().isPresent()
        ? Uni.createFrom().deferred(() -> layered(visit, visit.view().get(), work, stopped))
        : Uni.createFrom().deferred(() -> shared(visit, work));
  }

  private Uni<Outcome> shared(Visit visit, Function<Path, Uni<Outcome>> work) {
    SharedStay.Watch watch;
    synchronized (watches) {
      watch = watches.computeIfAbsent(visit.run(), ignored -> new SharedStay.Watch());
    }
    if (places.shared().isEmpty()) {
      return Uni.createFrom().item(failed(new IOException(NO_SHARED)));
    }
    try {
      Path folder = Workspace.create(places.shared().get(), visit.run().name()).folder();
      Stay stay = new SharedStay(folder, limits, watch);
      return work.apply(folder).map(stay::finish);
    } catch (IOException e) {
      return Uni.createFrom().item(failed(e));
    }
  }

  private Uni<Outcome> layered(
      Visit visit, View view, Function<Path, Uni<Outcome>> work, Supplier<Uni<Void>> stopped) {
    AtomicReference<@Nullable Stay> at = new AtomicReference<>();
    AtomicBoolean over = new AtomicBoolean();
    return onThread(
            () -> {
              Stay stay = open(visit, view, at);
              if (over.get()) {
                leave(at); // cancelled meanwhile, when there was nothing to leave yet
              }
              return stay;
            })
        .chain(
            stay ->
                work.apply(stay.folder()).chain(outcome -> onThread(() -> stay.finish(outcome))))
        .onFailure(failure -> failure instanceof WorkException || failure instanceof IOException)
        .recoverWithItem(Workspaces::failed)
        .onTermination()
        .invoke(
            () -> {
              over.set(true);
              stopped
                  .get()
                  .onFailure()
                  .recoverWithNull()
                  .emitOn(threads)
                  .subscribe()
                  .with(gone -> leave(at), failure -> {});
            });
  }

  private Stay open(Visit visit, View view, AtomicReference<@Nullable Stay> at)
      throws IOException, WorkException {
    LayeredStay stay = new LayeredStay(layers, limits, visit, folder(visit));
    at.set(stay);
    return stay.compose(view, compositions);
  }

  /** A new folder for a visit. Another that leaves may just be removing what it finds empty. */
  private Path folder(Visit visit) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return newFolder(visit);
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Gone again, or gone between the finding that it is there and the look at it.
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private Path newFolder(Visit visit) throws IOException {
    Path steps =
        Files.createDirectories(
            Workspace.create(places.root(), visit.run().name()).folder().resolve("steps"));
    for (int earlier = 1; earlier <= EARLIER_ATTEMPTS; earlier++) {
      // What an attempt has left behind whose process has died with it.
      LayerName name = new LayerName(visit.name().step(), visit.name().attempt() - earlier);
      if (name.attempt() > 0) {
        Trees.delete(steps.resolve(name.plain()));
      }
    }
    Path folder = steps.resolve(visit.name().plain());
    Trees.delete(folder);
    return Files.createDirectory(folder);
  }

  private void leave(AtomicReference<@Nullable Stay> at) {
    Stay stay = at.getAndSet(null);
    if (stay != null) {
      stay.leave();
      if (places.passing()) {
        leaveNothing(stay.folder().getParent());
      }
    }
  }

  /** Removes the folder of a run in which no other step is at work here. */
  private static void leaveNothing(@Nullable Path steps) {
    try {
      if (steps != null) {
        Files.deleteIfExists(steps);
        Path run = steps.getParent();
        if (run != null) {
          Files.deleteIfExists(run);
        }
      }
    } catch (IOException e) {
      // Others are at work in it.
    }
  }

  private static Outcome failed(Throwable failure) {
    return failure instanceof WorkException known
        ? Outcome.Failed.of(known.error())
        : Outcome.Failed.of(
            ErrorInfo.of(
                "workspace", "the step's workspace cannot be made: " + failure.getMessage()));
  }

  private <T> Uni<T> onThread(Callable<T> task) {
    return Uni.createFrom()
        .<T>emitter(
            emitter -> {
              try {
                emitter.complete(task.call());
              } catch (Exception e) {
                emitter.fail(e);
              }
            })
        .runSubscriptionOn(threads);
  }

  /** Waits a few seconds for what is being kept or removed. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
