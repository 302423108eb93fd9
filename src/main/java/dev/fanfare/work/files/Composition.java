package dev.fanfare.work.files;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several layers laid over each other.
 *
 * <p>At each path the layer counts that saw all others which say something about it. Where there is
 * none, and they do not say the same, two steps have changed the same file without knowing of each
 * other, and there is no right answer.
 */
final class Composition {

  /** What is there, and whose it is. */
  record Seen(Layer layer, Entry entry) {}

  private final SortedMap<String, Seen> visible;

  private Composition(SortedMap<String, Seen> visible) {
    this.visible = visible;
  }

  /**
   * Lays layers over each other.
   *
   * @param layers each after those it saw
   * @param reads only what is at or below one of these; empty for everything
   * @throws WorkException code {@code workspace_conflict}
   */
  static Composition of(List<Layer> layers, View.Precedence precedence, List<String> reads)
      throws WorkException {
    Merge merge = new Merge(precedence);
    for (Layer layer : layers) {
      layer
          .manifest()
          .entries()
          .forEach(
              (name, entry) -> {
                if (reads.isEmpty() || isBelow(name, reads)) {
                  merge.add(name, new Seen(layer, entry));
                }
              });
    }
    return new Composition(merge.result());
  }

  static boolean isBelow(String name, List<String> prefixes) {
    return prefixes.stream().anyMatch(prefix -> Names.isWithin(name, prefix));
  }

  /** Everything that is there, by name. */
  SortedMap<String, Seen> visible() {
    return visible;
  }

  /** Writes everything into an empty folder. */
  void write(LayerStore store, RunFiles run, Path into, Pulse pulse) throws IOException {
    Map<LayerName, List<String>> files = new LinkedHashMap<>();
    Map<LayerName, Layer> layers = new LinkedHashMap<>();
    Path last = into;
    for (Map.Entry<String, Seen> each : visible.entrySet()) {
      Seen seen = each.getValue();
      Path path = Names.in(into, each.getKey());
      Path folder = seen.entry().kind() == Entry.Kind.FOLDER ? path : path.getParent();
      if (folder != null && !folder.equals(last)) {
        Files.createDirectories(folder);
        last = folder;
      }
      if (seen.entry().kind() == Entry.Kind.FILE) {
        layers.put(seen.layer().name(), seen.layer());
        files.computeIfAbsent(seen.layer().name(), ignored -> new ArrayList<>()).add(each.getKey());
      } else if (seen.entry().kind() == Entry.Kind.LINK) {
        Files.createSymbolicLink(path, Names.target(into, seen.entry().content()));
      }
    }
    List<LayerStore.Wanted> wanted = new ArrayList<>();
    files.forEach(
        (name, names) -> {
          Layer layer = layers.get(name);
          if (layer != null) {
            wanted.add(new LayerStore.Wanted(layer, names));
          }
        });
    store.fetch(run, wanted, into, pulse);
    // The innermost first: a folder may forbid to enter it.
    for (Map.Entry<String, Seen> each : visible.reversed().entrySet()) {
      if (each.getValue().entry().kind() == Entry.Kind.FOLDER) {
        Trees.setMode(Names.in(into, each.getKey()), each.getValue().entry().mode());
      }
    }
  }

  /** Takes one layer after another. */
  private static final class Merge {

    private final View.Precedence precedence;

    /** Whoever changed a path and was seen by nobody else who did; all say the same. */
    private final Map<String, List<Seen>> writers = new TreeMap<>();

    private final SortedMap<String, Seen[]> conflicts = new TreeMap<>();

    Merge(View.Precedence precedence) {
      this.precedence = precedence;
    }

    void add(String name, Seen seen) {
      List<Seen> others = writers.computeIfAbsent(name, ignored -> new ArrayList<>(1));
      if (!others.isEmpty() && !others.getFirst().entry().isLike(seen.entry())) {
        Optional<Seen> unknown =
            others.stream().filter(other -> !isBefore(other, seen)).findFirst();
        if (unknown.isPresent() && isConflict(unknown.get(), seen)) {
          conflicts.putIfAbsent(name, new Seen[] {unknown.get(), seen});
        }
        if (unknown.isPresent() && !seen.entry().isThere()) {
          return;
        }
        others.clear();
      }
      others.add(seen);
    }

    private boolean isBefore(Seen one, Seen other) {
      return precedence.isBefore(one.layer().name().step(), other.layer().name().step());
    }

    /** A folder that one step has removed stays if another one needs it. */
    private static boolean isConflict(Seen one, Seen other) {
      return one.entry().kind() != Entry.Kind.GONE_FOLDER
          && other.entry().kind() != Entry.Kind.GONE_FOLDER;
    }

    SortedMap<String, Seen> result() throws WorkException {
      SortedMap<String, Seen> visible = new TreeMap<>();
      writers.forEach(
          (name, seen) -> {
            if (seen.getFirst().entry().isThere()) {
              visible.put(name, seen.getFirst());
            }
          });
      visible.forEach((name, seen) -> checkAround(name, seen, visible));
      if (!conflicts.isEmpty()) {
        Map.Entry<String, Seen[]> first = conflicts.firstEntry();
        Seen[] two = first.getValue();
        throw conflict(first.getKey(), two[0], two[1], conflicts.size() - 1);
      }
      return visible;
    }

    /** What one step left as a file or a link cannot be the folder of what another one wrote. */
    private void checkAround(String name, Seen seen, SortedMap<String, Seen> visible) {
      for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
        Seen around = visible.get(name.substring(0, slash));
        if (around != null && around.entry().kind() != Entry.Kind.FOLDER) {
          conflicts.putIfAbsent(name.substring(0, slash), new Seen[] {around, seen});
        }
      }
    }
  }

  private static WorkException conflict(String name, Seen one, Seen other, int more) {
    String file = Names.shown(name);
    String first = one.layer().name().step();
    String second = other.layer().name().step();
    String others = more == 0 ? "" : more == 1 ? " (and one more)" : " (and " + more + " more)";
    return new WorkException(
        ErrorInfo.of(
                "workspace_conflict",
                ("The steps \"%s\" and \"%s\" both changed the file \"%s\"%s, and neither saw the"
                        + " files of the other. Let one need the other, let them write different"
                        + " files, or limit what they leave with `writes` or what this step sees"
                        + " with `reads`.")
                    .formatted(first, second, file, others))
            .with("file", file)
            .with("steps", List.of(first, second))
            .with("more", (long) more));
  }
}
