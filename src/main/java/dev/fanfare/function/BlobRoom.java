package dev.fanfare.function;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.FolderBlobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.blob.s3.S3Blobs;
import dev.fanfare.work.files.Workspaces;
import java.nio.file.Path;
import java.util.Optional;

/** Where blobs are kept, and how many are on their way at once. */
final class BlobRoom implements AutoCloseable {

  /** As many as a function of 512 MB has use for; each takes a thread and 64 KiB. */
  private static final int AT_ONCE = 8;

  private final Blobs blobs;
  private final Transfers transfers = new Transfers(AT_ONCE);

  private BlobRoom(Blobs blobs) {
    this.blobs = blobs;
  }

  /** Empty where no bucket is named. */
  static Optional<BlobRoom> of(WorkspaceSettings settings, Cloud cloud) {
    return settings
        .bucket()
        .map(
            name ->
                new BlobRoom(
                    name.startsWith("/")
                        ? new FolderBlobs(Path.of(name))
                        : new S3Blobs(name, cloud.endpoint())));
  }

  /** Workspaces as they can be where these settings hold. */
  static Workspaces workspaces(
      Optional<BlobRoom> room, WorkspaceSettings settings, Workspaces.Places places) {
    if (room.isPresent()) {
      return Workspaces.inBlobs(
          places,
          settings.limits(),
          room.get().blobs,
          room.get().transfers,
          () -> RunIds.next().toString());
    }
    return settings.passing()
        ? Workspaces.withoutLayers(places, settings.limits())
        : Workspaces.inFolders(places, settings.limits());
  }

  Blobs blobs() {
    return blobs;
  }

  Transfers transfers() {
    return transfers;
  }

  @Override
  public void close() {
    transfers.close();
    blobs.close();
  }
}
