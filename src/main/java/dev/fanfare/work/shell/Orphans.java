package dev.fanfare.work.shell;

import dev.fanfare.work.shell.ProcessTable.Entry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Scripts whose engine was killed: found by the scratch folders that it left. */
final class Orphans {

  private static final Duration UNREADABLE_KEPT = Duration.ofHours(1);

  private final Path root;
  private final Duration grace;

  Orphans(Path root, Duration grace) {
    this.root = root;
    this.grace = grace;
  }

  /** A process as a scratch folder remembers it; {@code more} is the run's id for a group. */
  private record Remembered(long pid, String identity, String more) {

    static Optional<Remembered> read(Path file) {
      try {
        List<String> lines = Files.readAllLines(file);
        return lines.size() < 3
            ? Optional.empty()
            : Optional.of(new Remembered(Long.parseLong(lines.get(0)), lines.get(1), lines.get(2)));
      } catch (IOException | NumberFormatException e) {
        return Optional.empty();
      }
    }

    boolean isAlive() {
      return ProcessTable.identity(pid).filter(identity::equals).isPresent();
    }

    boolean isOursToStop() {
      return isAlive()
          || ProcessTable.session(pid).stream()
              .anyMatch(member -> ProcessTable.hasVariable(member.pid(), "FANFARE_RUN_ID", more));
    }
  }

  int stop() throws IOException {
    if (!Files.isDirectory(root)) {
      return 0;
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root, "attempt-*")) {
      all.forEach(folders::add);
    }
    int stopped = 0;
    for (Path folder : folders) {
      if (isAbandoned(folder)) {
        stopped += stop(folder);
      }
    }
    return stopped;
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    Optional<Remembered> owner = Remembered.read(folder.resolve(Scratch.OWNER));
    return owner.isPresent() ? !owner.get().isAlive() : isOld(folder);
  }

  private static boolean isOld(Path folder) throws IOException {
    Instant changed = Files.getLastModifiedTime(folder).toInstant();
    return changed.plus(UNREADABLE_KEPT).isBefore(Instant.now());
  }

  private int stop(Path folder) throws IOException {
    Scratch scratch = new Scratch(folder.toAbsolutePath());
    Set<Long> sessions = new LinkedHashSet<>();
    Remembered.read(folder.resolve(Scratch.GROUP))
        .filter(Remembered::isOursToStop)
        .ifPresent(group -> sessions.add(group.pid()));
    // Also one whose engine died before it could write the group down, and what left its session.
    List<Entry> marked = marked(scratch);
    marked.stream().filter(Entry::leads).forEach(leader -> sessions.add(leader.pid()));
    sessions.forEach(session -> new ProcessGroup(session).stop(grace));
    marked(scratch).forEach(left -> ProcessHandle.of(left.pid()).ifPresent(Orphans::kill));
    scratch.delete();
    return sessions.isEmpty() && marked.isEmpty() ? 0 : 1;
  }

  /** No two attempts have the same output file, and all that a script starts inherits its name. */
  private static List<Entry> marked(Scratch scratch) {
    return ProcessTable.withVariable(Environment.OUTPUT, scratch.output().toString());
  }

  private static void kill(ProcessHandle process) {
    boolean accepted = process.destroyForcibly();
    assert accepted || !process.isAlive() : "process " + process.pid() + " cannot be signalled";
  }
}
