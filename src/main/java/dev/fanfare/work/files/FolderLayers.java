package dev.fanfare.work.files;

import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import dev.fanfare.work.files.Manifest.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layers in folders: {@code ROOT/RUN/layers/STEP-HASH-ATTEMPT} with the list and, numbered in its
 * order, the files. A layer is put together beside the others and renamed.
 *
 * <p>Safe for use by several threads and processes.
 */
final class FolderLayers implements LayerStore {

  private static final String LIST = "list";
  private static final String FILES = "files";
  private static final String UNFINISHED = ".new-";
  private static final int REMEMBERED_RUNS = 1000;

  private final Path root;

  /** What the layers of a run take, as far as this process has seen. */
  private final Map<RunFiles, Usage> usages =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunFiles, Usage> eldest) {
          return size() > REMEMBERED_RUNS;
        }
      };

  /**
   * @param root the folder of all runs
   */
  FolderLayers(Path root) {
    this.root = root;
  }

  private Path layers(RunFiles run) {
    return root.resolve(run.name()).resolve("layers");
  }

  @Override
  public List<Layer> find(RunFiles run, List<LayerName> names) throws IOException {
    List<Layer> found = new ArrayList<>();
    Path layers = layers(run);
    for (LayerName name : names) {
      Path list = layers.resolve(name.plain()).resolve(LIST);
      try {
        found.add(
            new Layer(name, Manifest.parse(Files.readString(list, StandardCharsets.UTF_8)), ""));
      } catch (NoSuchFileException e) {
        // It has written nothing.
      }
    }
    return found;
  }

  @Override
  public void fetch(RunFiles run, List<Wanted> wanted, Path into, Pulse pulse) throws IOException {
    for (Wanted each : wanted) {
      fetch(run, each.layer(), each.names(), into, pulse);
    }
  }

  private void fetch(RunFiles run, Layer layer, List<String> names, Path into, Pulse pulse)
      throws IOException {
    Path files = layers(run).resolve(layer.name().plain()).resolve(FILES);
    Map<String, Integer> numbers = numbers(layer.manifest());
    for (String name : names) {
      Path from = files.resolve(String.valueOf(numbers.get(name)));
      Path to = Names.in(into, name);
      Entry entry = layer.manifest().entries().get(name);
      Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
      if (entry != null && entry.mode() != Trees.mode(to)) {
        Trees.setMode(to, entry.mode());
      }
      pulse.beat();
    }
  }

  /** The files of a list, numbered in its order. */
  private static Map<String, Integer> numbers(Manifest manifest) {
    Map<String, Integer> numbers = new HashMap<>();
    manifest
        .entries()
        .forEach(
            (name, entry) -> {
              if (entry.kind() == Entry.Kind.FILE) {
                numbers.put(name, numbers.size());
              }
            });
    return numbers;
  }

  @Override
  public void put(RunFiles run, LayerName name, Manifest manifest, Path from, Pulse pulse)
      throws IOException {
    Path layers = Files.createDirectories(layers(run));
    Path layer = layers.resolve(name.plain());
    Path unfinished = Files.createTempDirectory(layers, UNFINISHED);
    try {
      Path files = Files.createDirectory(unfinished.resolve(FILES));
      for (Map.Entry<String, Integer> file : numbers(manifest).entrySet()) {
        take(Names.in(from, file.getKey()), files.resolve(file.getValue().toString()));
        pulse.beat();
      }
      Files.writeString(unfinished.resolve(LIST), manifest.text(), StandardCharsets.UTF_8);
      if (!Files.exists(layer)) {
        Files.move(unfinished, layer, StandardCopyOption.ATOMIC_MOVE);
        synchronized (usages) {
          usages.computeIfPresent(run, (key, usage) -> usage.plus(manifest.usage()));
        }
      }
    } finally {
      Trees.delete(unfinished);
    }
  }

  private static void take(Path from, Path to) throws IOException {
    Path folder = from.getParent();
    if (folder != null) {
      Trees.makeWritable(folder);
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    int mode = Trees.mode(to);
    if (mode >= 0 && (mode & 0400) == 0) {
      Trees.setMode(to, mode | 0400);
    }
  }

  @Override
  public Usage usage(RunFiles run) throws IOException {
    synchronized (usages) {
      Usage known = usages.get(run);
      if (known != null) {
        return known;
      }
      Usage usage = Usage.NONE;
      Path layers = layers(run);
      if (Files.isDirectory(layers)) {
        try (DirectoryStream<Path> folders =
            Files.newDirectoryStream(
                layers, path -> !String.valueOf(path.getFileName()).startsWith(UNFINISHED))) {
          for (Path folder : folders) {
            usage = usage.plus(usage(folder));
          }
        }
      }
      usages.put(run, usage);
      return usage;
    }
  }

  private static Usage usage(Path folder) throws IOException {
    try (BufferedReader reader =
        Files.newBufferedReader(folder.resolve(LIST), StandardCharsets.UTF_8)) {
      return Manifest.usage(reader.readLine() + "\n");
    } catch (NoSuchFileException e) {
      return Usage.NONE;
    }
  }
}
