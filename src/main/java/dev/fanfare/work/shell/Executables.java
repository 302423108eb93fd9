package dev.fanfare.work.shell;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs as a shell does. */
final class Executables {

  private Executables() {}

  /** The first executable file of that name on a search path of the form {@code a:b:c}. */
  static Optional<String> find(String name, String searchPath) {
    for (String folder : searchPath.split(":", -1)) {
      if (!folder.isEmpty() && isExecutable(folder, name)) {
        return Optional.of(Path.of(folder, name).toString());
      }
    }
    return Optional.empty();
  }

  static boolean isExecutable(String folder, String name) {
    try {
      Path file = Path.of(folder).resolve(name);
      return Files.isExecutable(file) && !Files.isDirectory(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
