package dev.fanfare.work.files;

import dev.fanfare.blob.FolderBlobs;
import dev.fanfare.blob.Transfers;
import java.util.UUID;

/** Layers as blobs in a folder. */
class BlobLayersTest extends LayerStoreContract {

  private final Transfers transfers = new Transfers(4);

  @Override
  LayerStore store() {
    return new BlobLayers(
        new FolderBlobs(folder.resolve("blobs")), transfers, () -> UUID.randomUUID().toString());
  }
}
