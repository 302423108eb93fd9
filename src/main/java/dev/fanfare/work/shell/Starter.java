package dev.fanfare.work.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Holds a script back until it is written down who runs it, and hands it what the JVM cannot.
 *
 * <p>A shell waits for its standard input before it becomes the script. An engine that dies before
 * it has noted the process ends that input, and the shell with it: no script is ever at work that
 * nobody could find.
 *
 * @param words before those of the script; none where a shell would lose variables
 * @param text what the shell is to be told
 */
record Starter(List<String> words, String text) {

  private static final String BECOME = "exec \"$@\" </dev/null";

  /**
   * For a script with this environment. Variables that the JVM cannot hand over come as text; it is
   * run when all of it has arrived, since its last line is what starts the script.
   */
  static Starter of(Map<String, String> environment) {
    String exports = Environment.exports(environment);
    if (!exports.isEmpty()) {
      return new Starter(List.of("/bin/sh", "-c", "eval \"$(cat)\"", "sh"), exports + BECOME);
    }
    return Environment.passesShell(environment)
        ? new Starter(List.of("/bin/sh", "-c", "read -r go && " + BECOME, "sh"), "go")
        : new Starter(List.of(), "");
  }

  ProcessBuilder.Redirect input() {
    return words.isEmpty()
        ? ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())
        : ProcessBuilder.Redirect.PIPE;
  }

  /** Lets the script begin. Values come through the pipe and not in a file: they may be secrets. */
  void go(Process process) {
    if (words.isEmpty()) {
      return;
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      process.destroy(); // it has ended already, and says itself why
    }
  }
}
