package dev.fanfare.work.files;

import dev.fanfare.work.Pulse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps the layers of runs. Blocks. Whatever keeps them has to pass {@code LayerStoreContract}.
 *
 * <p>A link and a folder are whole in the list of a layer; only files have content besides.
 */
interface LayerStore {

  /**
   * Those of these layers that are there, in the order of the names.
   *
   * @throws IOException when that cannot be found out
   */
  List<Layer> find(RunFiles run, List<LayerName> names) throws IOException;

  /** Files of one layer, by their names in its list. */
  record Wanted(Layer layer, List<String> names) {}

  /**
   * Writes files of layers into a folder, each as it was put: bytes, permissions and time of
   * change. The folders around each are there, the file is not. What is done to it later leaves the
   * layer alone.
   *
   * @param pulse beats for each
   */
  void fetch(RunFiles run, List<Wanted> wanted, Path into, Pulse pulse) throws IOException;

  /**
   * Keeps a layer: at once or not at all, however this ends. One that is there already stays as it
   * is.
   *
   * @param manifest its list, not empty
   * @param from where its files are; they may be gone from there afterwards
   */
  void put(RunFiles run, LayerName name, Manifest manifest, Path from, Pulse pulse)
      throws IOException;

  /** What all layers of the run take. */
  Manifest.Usage usage(RunFiles run) throws IOException;
}
