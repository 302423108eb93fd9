package dev.fanfare.local.command;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.Registrations;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Diagnostics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The files that a server registers when it starts. */
final class WorkflowsOption {

  private static final Pattern NAME = Pattern.compile("[^.].*\\.ya?ml");
  private static final long LARGEST_FILE_BYTES = 16L << 20;

  @Option(
      names = "--workflows",
      paramLabel = "FOLDER",
      description =
          "Registers the .yaml and .yml files of a folder, so that their triggers start runs. The"
              + " folder is read once, at the start.")
  private Optional<Path> folder = Optional.empty();

  /**
   * The files, each of which can be registered. Prints what there is to say about them.
   *
   * @return empty where one of them is wrong
   */
  Optional<List<Graphs.File>> files(Console console) throws CommandException {
    List<Graphs.File> files = new ArrayList<>();
    Map<String, Path> names = new HashMap<>();
    boolean good = true;
    for (Path path : folder.isPresent() ? paths(folder.get()) : List.<Path>of()) {
      String fileName = String.valueOf(path.getFileName());
      Graphs.File file = new Graphs.File(content(path), fileName, Optional.empty());
      Registrations.Checked checked = Registrations.check(file);
      console
          .err()
          .print(
              new Diagnostics(path.toString(), file.content(), console.style())
                  .render(checked.diagnostics()));
      good &= checked.workflow().isPresent();
      if (checked.workflow().isPresent()) {
        String name = checked.workflow().get().name();
        Path other = names.put(name, path);
        if (other != null) {
          throw CommandException.usage(
              path + " and " + other + " are both called '" + name + "'; rename one of them");
        }
      }
      files.add(file);
    }
    return good ? Optional.of(files) : Optional.empty();
  }

  private static List<Path> paths(Path folder) throws CommandException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> paths =
          entries
              .filter(path -> NAME.matcher(String.valueOf(path.getFileName())).matches())
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (paths.isEmpty()) {
        throw CommandException.usage("--workflows: " + folder + " has no .yaml or .yml file");
      }
      return paths;
    } catch (IOException e) {
      throw CommandException.usage("--workflows: the folder " + folder + " cannot be read");
    }
  }

  private static byte[] content(Path path) throws CommandException {
    try {
      if (Files.size(path) > LARGEST_FILE_BYTES) {
        throw CommandException.usage(path + " is larger than 16 MiB");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw CommandException.usage(path + " cannot be read: " + e.getMessage());
    }
  }
}
