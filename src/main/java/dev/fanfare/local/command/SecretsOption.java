package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command that runs steps in its own process finds the values of secrets. */
final class SecretsOption {

  @Option(
      names = "--secrets",
      paramLabel = "FILE",
      description =
          "Values of secrets: a file of NAME=value lines, or a folder with a file for each. Without"
              + " it: FANFARE_SECRETS_FILE. FANFARE_SECRET_NAME in the environment wins.")
  private Optional<Path> file = Optional.empty();

  /** The configuration that goes with it. */
  Map<String, String> settings() throws CommandException {
    if (file.isEmpty()) {
      return Map.of();
    }
    Path path = file.get();
    if (!Files.isReadable(path)) {
      throw CommandException.usage("--secrets: " + path + " cannot be read");
    }
    return Map.of("fanfare.secrets.file", path.toAbsolutePath().toString());
  }
}
