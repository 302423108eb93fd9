package dev.fanfare.function;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.store.GraphStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds a workflow by its name: a file beside that of the run which asks for it, or else the newest
 * registered version. Blocks.
 */
final class WorkflowFiles {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a workflow may be called; no such name leads out of a folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** Most files of a folder that are looked into, and how large they may be. */
  private static final int MOST_FILES = 200;

  private static final long MOST_BYTES = 1 << 20;

  private final GraphStore graphs;

  WorkflowFiles(GraphStore graphs) {
    this.graphs = graphs;
  }

  /**
   * A workflow's file.
   *
   * @param folder where it lies, for one that was found beside another
   */
  record Found(Graphs.File file, Optional<Path> folder) {}

  /**
   * @param context of the run that asks: its {@code source} is the folder of its file
   */
  Optional<Found> find(String name, Map<String, Object> context) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    Optional<Found> beside = folder(context).flatMap(folder -> beside(name, folder));
    return beside.isPresent() ? beside : registered(name);
  }

  /** Names of workflows that can be found, for a name that cannot. */
  List<String> known(Map<String, Object> context) {
    Stream<String> beside =
        folder(context).stream()
            .flatMap(folder -> files(folder).stream())
            .flatMap(file -> nameIn(file).stream());
    return Stream.concat(beside, graphs.names().await().atMost(PATIENCE).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The folder of the file that a run was started from, where there is one. */
  static Optional<Path> folder(Map<String, Object> context) {
    return Optional.ofNullable(context.get("source"))
        .map(String::valueOf)
        .filter(source -> !source.isEmpty())
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  private static Optional<Found> beside(String name, Path folder) {
    Optional<Path> named =
        Stream.of(name + ".yaml", name + ".yml")
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst();
    return named
        .or(
            () ->
                files(folder).stream()
                    .filter(file -> nameIn(file).filter(name::equals).isPresent())
                    .findFirst())
        .flatMap(file -> file(file).map(found -> new Found(found, Optional.of(folder))));
  }

  /** The newest registered version; empty where there is none, or no workflow can be called so. */
  Optional<Found> registered(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return graphs
        .newest(name)
        .await()
        .atMost(PATIENCE)
        .map(
            version ->
                new Found(
                    new Graphs.File(
                        version.text().getBytes(StandardCharsets.UTF_8),
                        version.fileName(),
                        Optional.of(version.dialect()).filter(dialect -> !dialect.isEmpty())),
                    Optional.empty()));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .filter(Files::isRegularFile)
          .sorted()
          .limit(MOST_FILES)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Optional<Graphs.File> file(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new Graphs.File(Files.readAllBytes(file), file.toString(), Optional.empty()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The name that a workflow file gives itself. */
  private static Optional<String> nameIn(Path path) {
    return file(path)
        .flatMap(file -> Graphs.read(file).workflow())
        .map(workflow -> workflow.name());
  }
}
