package dev.fanfare.work.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the system says about its processes: Linux's {@code /proc}, less of it elsewhere. */
final class ProcessTable {

  private static final Path PROC = Path.of("/proc");
  private static final boolean LINUX = Files.isReadable(PROC.resolve("self/stat"));

  private ProcessTable() {}

  /** One living process; {@code startTicks} since the machine's start. */
  record Entry(long pid, long group, long session, long startTicks) {

    /** Whether the session is its own. */
    boolean leads() {
      return pid == session;
    }
  }

  static boolean isComplete() {
    return LINUX;
  }

  /** Living processes of a session; zombies are not among them. */
  static List<Entry> session(long session) {
    return all(entry -> entry.session() == session);
  }

  /** Living processes that were started with this variable, as far as one may look. */
  static List<Entry> withVariable(String name, String value) {
    return all(entry -> hasVariable(entry.pid(), name, value));
  }

  private static List<Entry> all(Predicate<Entry> wanted) {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        read(process).filter(wanted).ifPresent(found::add);
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  /** Whether a process is at work; one that has ended and waits to be reaped is not. */
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && (!LINUX || identity(process.pid()).isPresent());
  }

  /** Tells a process from a later one with the same id; empty when it is not alive. */
  static Optional<String> identity(long pid) {
    if (LINUX) {
      return read(PROC.resolve(Long.toString(pid)))
          .map(entry -> bootId() + ":" + entry.startTicks());
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().startInstant())
        .map(Instant::getEpochSecond)
        .map(Object::toString);
  }

  /** Whether a process was started with this variable, as far as one may look. */
  static boolean hasVariable(long pid, String name, String value) {
    try {
      byte[] environ = Files.readAllBytes(PROC.resolve(pid + "/environ"));
      String all = '\0' + new String(environ, StandardCharsets.ISO_8859_1);
      return all.contains('\0' + name + '=' + value + '\0');
    } catch (IOException e) {
      return false;
    }
  }

  private static String bootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Fields by proc(5): after the name in parentheses come state, parent, group, session. */
  private static Optional<Entry> read(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead
          ? Optional.empty()
          : Optional.of(
              new Entry(
                  Long.parseLong(process.getFileName().toString()),
                  Long.parseLong(fields[2]),
                  Long.parseLong(fields[3]),
                  Long.parseLong(fields[19])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
