package dev.fanfare.function;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.FolderBlobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.blob.s3.S3Blobs;
import dev.fanfare.store.RunViews;
import dev.fanfare.work.Trees;
import dev.fanfare.work.files.Workspaces;
import dev.fanfare.work.shell.ShellWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a process keeps what is no row: its folders, and the bucket where there is one. */
final class Storage implements AutoCloseable {

  /** As many as a function of 512 MB has use for; each takes a thread and 64 KiB. */
  private static final int AT_ONCE = 8;

  private final Path scratch;
  private final Path folder;
  private final Optional<Blobs> blobs;
  private final Transfers transfers = new Transfers(AT_ONCE);
  private final Workspaces workspaces;
  private final Optional<WorkspaceSweep> sweep;

  /**
   * @param home its folders are made when missing
   * @throws UncheckedIOException if they cannot be
   */
  Storage(Path home, WorkspaceSettings settings, Cloud cloud, RunViews views) {
    this.scratch = home.resolve("scratch");
    this.folder = home.resolve("workspaces");
    try {
      if (settings.passing()) {
        // Nobody else works on a disk that does not last: what is on it a dead process has left.
        Trees.delete(folder);
      }
      Files.createDirectories(scratch);
      Files.createDirectories(folder);
      ShellWork.killOrphans(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + home + " cannot be used", e);
    }
    this.blobs = settings.bucket().map(name -> blobs(name, cloud));
    this.workspaces = workspaces(settings);
    List<Path> swept =
        settings
            .shared()
            .filter(shared -> !shared.equals(folder))
            .map(shared -> List.of(folder, shared))
            .orElse(List.of(folder));
    this.sweep = settings.keep().map(keep -> new WorkspaceSweep(swept, keep, views));
  }

  private static Blobs blobs(String bucket, Cloud cloud) {
    return bucket.startsWith("/")
        ? new FolderBlobs(Path.of(bucket))
        : new S3Blobs(bucket, cloud.endpoint());
  }

  private Workspaces workspaces(WorkspaceSettings settings) {
    boolean passing = settings.passing();
    Workspaces.Places places =
        new Workspaces.Places(
            folder,
            settings.shared().or(() -> passing ? Optional.empty() : Optional.of(folder)),
            passing);
    if (blobs.isPresent()) {
      return Workspaces.inBlobs(
          places, settings.limits(), blobs.get(), transfers, () -> RunIds.next().toString());
    }
    return passing
        ? Workspaces.withoutLayers(places, settings.limits())
        : Workspaces.inFolders(places, settings.limits());
  }

  /** Scripts and process ids of steps at work. */
  Path scratch() {
    return scratch;
  }

  /** The folders of runs, and where work is that needs no folder. */
  Path folder() {
    return folder;
  }

  Workspaces workspaces() {
    return workspaces;
  }

  /** Empty where no bucket is named. */
  Optional<Blobs> blobs() {
    return blobs;
  }

  Transfers transfers() {
    return transfers;
  }

  /** Begins to remove old workspaces now and then. */
  void openSweep() {
    sweep.ifPresent(WorkspaceSweep::open);
  }

  @Override
  public void close() {
    workspaces.close();
    sweep.ifPresent(WorkspaceSweep::close);
    transfers.close();
    blobs.ifPresent(Blobs::close);
  }
}
