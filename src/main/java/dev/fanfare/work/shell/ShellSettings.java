package dev.fanfare.work.shell;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How shell steps run on this machine.
 *
 * @param scratch folder for scripts, output files and the ids of process groups; made when missing,
 *     may be shared by several engines
 * @param grace from the request to end (TERM) to the end by force (KILL)
 * @param pipeWait how long output is awaited after the main process has ended
 * @param inherited names of the engine's environment variables that a script sees
 * @param path folders in front of its {@code PATH}, with {@code :} between them; empty for none
 */
public record ShellSettings(
    Path scratch, Duration grace, Duration pipeWait, Set<String> inherited, String path) {

  /** What a script needs to find its tools; no credentials among it. */
  public static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TERM",
          "TMPDIR",
          "TZ",
          "JAVA_HOME",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LC_CTYPE",
          "LC_COLLATE",
          "LC_MESSAGES",
          "LC_NUMERIC",
          "LC_TIME");

  public ShellSettings {
    inherited = Set.copyOf(inherited);
  }

  /** Five seconds of grace, one second for pipes, {@link #INHERITED}. */
  public static ShellSettings in(Path scratch) {
    return new ShellSettings(scratch, Duration.ofSeconds(5), Duration.ofSeconds(1), INHERITED, "");
  }

  public ShellSettings withGrace(Duration shorter) {
    return new ShellSettings(scratch, shorter, pipeWait, inherited, path);
  }

  public ShellSettings withPath(String folders) {
    return new ShellSettings(scratch, grace, pipeWait, inherited, folders);
  }
}
