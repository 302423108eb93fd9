package dev.fanfare.blob;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FolderBlobsTest extends BlobsContract {

  @Override
  protected Blobs blobs() {
    return new FolderBlobs(folder.resolve("blobs"));
  }

  @Test
  void a_key_does_not_lead_out_of_the_folder() {
    assertThrows(IllegalArgumentException.class, () -> blobs().put("../x", new byte[1]));
  }
}
