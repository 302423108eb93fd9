package dev.fanfare.work.shell;

import dev.fanfare.work.WorkException;
import dev.fanfare.work.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The folder that a script begins in: one of its workspace, or one that it names absolutely. */
final class Workdir {

  private Workdir() {}

  /**
   * Finds it, and makes it where it is missing.
   *
   * @param home what {@code ~} stands for
   * @throws WorkException code {@code path_invalid} or {@code path_outside_workspace}
   */
  static Path of(String written, Path workspace, String home) throws WorkException {
    Path folder = named(written, workspace, home);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new WorkException("path_invalid", "The workdir \"%s\" is a file.".formatted(written));
    }
    try {
      return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
    } catch (IOException e) {
      throw new WorkException(
          "path_invalid",
          ("The workdir \"%s\" is not there and cannot be made: %s. Make it, or name a folder that"
                  + " this user may make.")
              .formatted(written, e.getMessage()));
    }
  }

  private static Path named(String written, Path workspace, String home) throws WorkException {
    boolean atHome = written.equals("~") || written.startsWith("~/");
    String path = atHome ? home + written.substring(1) : written;
    if (!path.startsWith("/")) {
      return new Workspace(workspace).resolve(path);
    }
    try {
      return Path.of(path).normalize();
    } catch (InvalidPathException e) {
      throw new WorkException(
          "path_invalid",
          "The workdir \"%s\" cannot be used: %s.".formatted(written, e.getReason()));
    }
  }
}
