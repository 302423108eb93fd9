package dev.fanfare.ci;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code scripts/fanfare-trigger} as a CI job calls it: a process of its own, nothing inherited.
 */
public final class TriggerScript {

  private final List<String> shell;
  private final Map<String, String> environment = new HashMap<>();

  /** What a call printed and how it ended. */
  public record Call(int exitCode, String out, String err) {

    /** The lines about steps, without their times. */
    public List<String> progress() {
      return err.lines()
          .filter(line -> line.matches("[0-9]{2}:[0-9]{2}:[0-9]{2} .*"))
          .map(line -> line.substring(9).replaceAll(" in [0-9.]+ s", ""))
          .toList();
    }

    /** The id of the run, which its link ends with. */
    public String run() {
      return err.replaceAll("(?s).*/api/runs/([0-9a-f-]{36}).*", "$1");
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + "\n" + out + "\n" + err;
    }
  }

  TriggerScript(List<String> shell, String url) {
    this.shell = shell;
    environment.put("FANFARE_URL", url);
  }

  public static TriggerScript at(String url) {
    return new TriggerScript(List.of("sh"), url);
  }

  /** The shells of this machine that the script must run in. */
  static List<List<String>> shells() {
    return List.of(List.of("sh"), List.of("dash"), List.of("busybox", "sh"), List.of("bash"))
        .stream()
        .filter(shell -> isThere(shell.getFirst()))
        // "sh" is most often another name of one of these.
        .filter(shell -> !shell.equals(List.of("sh")) || !isThere("dash"))
        .toList();
  }

  static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  TriggerScript with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** As the first attempt of a job of GitHub's and all others see it. */
  TriggerScript inJob(String job) {
    return with("GITHUB_ACTIONS", "true")
        .with("GITHUB_REPOSITORY", "shop/web")
        .with("GITHUB_RUN_ID", "4711")
        .with("GITHUB_JOB", job)
        .with("GITHUB_ACTOR", "ann");
  }

  Process start(String... arguments) {
    List<String> command = new ArrayList<>(shell);
    command.add("scripts/fanfare-trigger");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "TMPDIR"));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Call call(String... arguments) throws Exception {
    return ended(start(arguments), "");
  }

  /** Waits for the end of a call; what was read of its standard error before is put in front. */
  static Call ended(Process process, String before) throws Exception {
    process.getOutputStream().close();
    StringBuilder err = new StringBuilder(before);
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> process.errorReader().lines().forEach(line -> err.append(line).append('\n')));
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("no end:\n" + out + err);
    }
    reader.join();
    return new Call(process.exitValue(), out, err.toString());
  }

  /** Reads standard error until a line holds the text. */
  static String readUntil(Process process, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    BufferedReader reader = process.errorReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return seen.toString();
      }
    }
    throw new AssertionError("'" + text + "' was never printed:\n" + seen);
  }

  static void signal(Process process, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
