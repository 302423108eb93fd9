package dev.fanfare.work.files;

import dev.fanfare.work.Pulse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where nothing lasts that a layer could be kept in. A step that leaves files has failed. */
final class NoLayers implements LayerStore {

  @Override
  public List<Layer> find(RunFiles run, List<LayerName> names) {
    return List.of();
  }

  @Override
  public void fetch(RunFiles run, List<Wanted> wanted, Path into, Pulse pulse) {}

  @Override
  public void put(RunFiles run, LayerName name, Manifest manifest, Path from, Pulse pulse)
      throws IOException {
    throw new IOException(
        "nothing here keeps files for other steps; let FANFARE_BUCKET name a bucket, or let the"
            + " step leave no files (it has left "
            + Names.shown(manifest.entries().firstKey())
            + ")");
  }

  @Override
  public Manifest.Usage usage(RunFiles run) {
    return Manifest.Usage.NONE;
  }
}
