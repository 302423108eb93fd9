package dev.fanfare.local.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server writes into {@code postmaster.pid} of its data directory.
 *
 * @param pid process id of the server
 * @param port where it listens; 0 while it does not say yet
 * @param ready whether it accepts connections
 */
record PostmasterFile(long pid, int port, boolean ready) {

  private static final int LINE_PID = 0;
  private static final int LINE_PORT = 3;
  private static final int LINE_STATUS = 7;

  static Path in(Path data) {
    return data.resolve("postmaster.pid");
  }

  /** Empty when there is no such file, or none that can be read yet. */
  static Optional<PostmasterFile> read(Path data) throws IOException {
    List<String> lines;
    try {
      lines = Files.readString(in(data), StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PostmasterFile(
              Long.parseLong(line(lines, LINE_PID)),
              line(lines, LINE_PORT).isEmpty() ? 0 : Integer.parseInt(line(lines, LINE_PORT)),
              line(lines, LINE_STATUS).equals("ready")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether the process is a PostgreSQL server that lives, of the data directory in question. A
   * process id outlives its process in the file, and the system may have given it to something else
   * since.
   */
  boolean isServerAlive(Path data) {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().command())
          .filter(command -> command.endsWith("/postgres"))
          .isPresent();
    }
    try {
      // The words of a command line end with NUL; that of a dead process nobody fetched is empty.
      byte[] raw = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
      List<String> words = List.of(new String(raw, StandardCharsets.UTF_8).split("\0", -1));
      return words.getFirst().endsWith("/postgres") && words.contains(data.toString());
    } catch (IOException e) {
      return false;
    }
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index).strip() : "";
  }
}
