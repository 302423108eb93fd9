package dev.fanfare.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder in which Fanfare keeps what outlives a command: the embedded database, workspaces and
 * logs. {@code FANFARE_HOME}, or {@code .fanfare} in the user's home directory.
 */
public record FanfareHome(Path root) {

  public static FanfareHome of(Map<String, String> environment) {
    String named = environment.getOrDefault("FANFARE_HOME", "");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
    Path root = named.isBlank() ? Path.of(home, ".fanfare") : Path.of(named);
    return new FanfareHome(root.toAbsolutePath().normalize());
  }

  /** Where details of unexpected failures go; created. */
  public Path logs() throws IOException {
    return Files.createDirectories(root.resolve("logs"));
  }

  /** One folder per run below it. */
  public Path workspaces() {
    return root.resolve("workspaces");
  }
}
