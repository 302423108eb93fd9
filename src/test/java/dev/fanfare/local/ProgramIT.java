package dev.fanfare.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dialects.SeventyJobs;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged program among signals, sudden deaths and files that are wrong. */
class ProgramIT {

  @TempDir private Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "scripts/fanfare"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FANFARE_HOME", folder.resolve("home").toString());
    builder.environment().put("FANFARE_BUILD", "never");
    return builder.start();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  /**
   * Reads until a line holds the text; the program's own output is the event that is waited for.
   */
  private static String readUntil(BufferedReader output, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return seen.toString();
      }
    }
    throw new AssertionError("'" + text + "' was never printed:\n" + seen);
  }

  private static void assertEnds(Process process, int exitCode) throws InterruptedException {
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the program did not end");
    assertEquals(exitCode, process.exitValue());
  }

  @Test
  void ctrl_c_cancels_the_run_stops_whole_process_groups_and_ends_with_3() throws Exception {
    Path pids = folder.resolve("pids");
    Path file =
        file(
            "long.yaml",
            ("name: long\nsteps:\n  stubborn:\n    run: |\n      trap '' TERM\n"
                    + "      (trap '' TERM; sleep 611) &\n      echo $! >> "
                    + pids
                    + "\n      echo $$ >> "
                    + pids
                    + "\n      echo told > "
                    + folder.resolve("told")
                    + "\n      wait\n  never: { needs: stubborn, run: echo never }\n")
                .getBytes(StandardCharsets.UTF_8));
    Process program = start("run", file.toString());
    BufferedReader output = program.inputReader(StandardCharsets.UTF_8);
    readUntil(output, "stubborn running");
    awaitFile(folder.resolve("told"));

    interrupt(program);

    String rest = readUntil(output, "long cancelled");
    assertTrue(rest.contains("not run"), rest);
    assertEnds(program, 3);
    for (String pid : Files.readAllLines(pids)) {
      assertFalse(isAtWork(pid.strip()), "process " + pid + " was left");
    }
  }

  /** A process that has ended and that nobody has asked for its exit code is not at work. */
  private static boolean isAtWork(String pid) throws IOException {
    Path stat = Path.of("/proc", pid, "stat");
    return Files.exists(stat)
        ? !Files.readString(stat).replaceFirst("(?s).*\\) ", "").startsWith("Z")
        : ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void a_run_whose_process_was_killed_is_finished_by_the_next_one() throws Exception {
    Path marks = folder.resolve("marks");
    Path gate = folder.resolve("gate");
    Path file =
        file(
            "killed.yaml",
            ("name: killed\nsteps:\n  first: { run: echo first >> "
                    + marks
                    + " }\n  second:\n    needs: first\n    run: until [ -e "
                    + gate
                    + " ]; do sleep 0.1; done; echo second >> "
                    + marks
                    + "\n  third: { needs: second, run: echo third >> "
                    + marks
                    + " }\n")
                .getBytes(StandardCharsets.UTF_8));
    Process killed = start("run", file.toString());
    readUntil(killed.inputReader(StandardCharsets.UTF_8), "second running");
    killed.destroyForcibly();
    assertTrue(killed.waitFor(1, TimeUnit.MINUTES));

    Path other =
        file(
            "other.yaml",
            ("name: other\nsteps:\n  wait: { run: 'until grep -q third "
                    + marks
                    + "; do sleep 0.1; done' }\n")
                .getBytes(StandardCharsets.UTF_8));
    Process next = start("run", other.toString());
    BufferedReader output = next.inputReader(StandardCharsets.UTF_8);
    readUntil(output, "which a killed process left");
    // Only now: what the killed process left at work has been stopped.
    Files.writeString(gate, "open");
    readUntil(output, "other succeeded");

    assertEnds(next, 0);
    assertEquals(List.of("first", "second", "third"), Files.readAllLines(marks));
  }

  private static final String GATED =
      "name: gated\nsteps:\n  gate: { approval: Ship it? }\n"
          + "  ship: { needs: gate, run: 'echo shipped for $BY', env: { BY: \"${{"
          + " steps.gate.output.by }}\" } }\n";

  @Test
  void a_run_that_waits_says_what_to_type_and_another_process_approves_it() throws Exception {
    Path file = file("gated.yaml", GATED.getBytes(StandardCharsets.UTF_8));
    Process program = start("run", file.toString());
    BufferedReader output = program.inputReader(StandardCharsets.UTF_8);
    String told = readUntil(output, "decide with: ").lines().reduce((a, b) -> b).orElseThrow();
    assertTrue(told.matches(".*scripts/fanfare approve [0-9a-f-]{36} gate .*"), told);
    String id = told.replaceAll(".*approve ([0-9a-f-]{36}) .*", "$1");

    Process other = start("approve", id, "gate", "--by", "ann");
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEnds(other, 0);
    assertTrue(said.contains("'gate' is approved by ann."), said);
    readUntil(output, "gated succeeded");
    assertEnds(program, 0);
  }

  @Test
  void a_run_that_waits_outlives_its_process_and_goes_on_with_the_decision() throws Exception {
    Path file = file("gated.yaml", GATED.getBytes(StandardCharsets.UTF_8));
    Process program = start("run", file.toString());
    String told = readUntil(program.inputReader(StandardCharsets.UTF_8), "decide with: ");
    String id = told.replaceAll("(?s).*approve ([0-9a-f-]{36}) .*", "$1");
    program.destroyForcibly();
    assertTrue(program.waitFor(1, TimeUnit.MINUTES));

    Process denied = start("deny", id, "gate");
    String said = new String(denied.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEnds(denied, 1);
    assertTrue(said.contains("gated failed"), said);
    Process again = start("approve", id, "gate");
    said = new String(again.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEnds(again, 2);
    assertTrue(said.contains("it was denied by"), said);
  }

  @Test
  void at_a_terminal_the_run_asks_and_takes_the_answer() throws Exception {
    Path file = file("gated.yaml", GATED.getBytes(StandardCharsets.UTF_8));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                "target/fanfare-runner.jar:target/lib/*",
                "dev.fanfare.local.Main",
                "run",
                file.toString())
            .redirectErrorStream(true);
    builder.environment().put("FANFARE_HOME", folder.resolve("home").toString());
    builder.environment().put("FANFARE_STDIN_TTY", "1");
    builder.environment().put("FANFARE_STDERR_TTY", "1");
    builder.environment().put("USER", "ann");
    Process program = builder.start();
    try (BufferedWriter typed = program.outputWriter(StandardCharsets.UTF_8)) {
      BufferedReader output = program.inputReader(StandardCharsets.UTF_8);
      readPrompt(output);
      typed.write("perhaps\n");
      typed.flush();
      readUntil(output, "Type y to approve or n to deny.");
      readPrompt(output);
      typed.write("y\n");
      typed.flush();
      String rest = readUntil(output, "gated succeeded");
      assertTrue(rest.contains("approved"), rest);
      assertEnds(program, 0);
    }
  }

  /** A prompt has no end of line. */
  private static void readPrompt(BufferedReader output) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (!seen.toString().contains("gate: Ship it?  approve? [y/n] ")) {
      int next = output.read();
      if (next < 0) {
        throw new AssertionError("nothing was asked:\n" + seen);
      }
      seen.append((char) next);
    }
  }

  @Test
  void a_large_file_of_another_system_is_planned_as_soon_as_the_program_is_up() throws Exception {
    Path file = file("config.yml", SeventyJobs.file().getBytes(StandardCharsets.UTF_8));
    long begun = System.nanoTime();

    Process program = start("plan", file.toString(), "--branch", "main");
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEnds(program, 0);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println("plan of 70 jobs: " + took.toMillis() + " ms with the start of Java");
    assertTrue(output.contains("70 nodes"), output);
    assertTrue(took.compareTo(Duration.ofSeconds(30)) < 0, took.toString());
  }

  static Stream<Map.Entry<String, byte[]>> wrongFiles() {
    return Map.<String, byte[]>ofEntries(
        wrong("a cycle", "name: w\nsteps:\n  a: { needs: b, run: x }\n  b: { needs: a, run: x }\n"),
        wrong("an unknown key", "name: w\nsteps:\n  a: { runn: x }\n"),
        wrong("a missing need", "name: w\nsteps:\n  a: { needs: gone, run: x }\n"),
        wrong("a duplicate name", "name: w\nsteps:\n  a: { run: x }\n  a: { run: y }\n"),
        wrong("an alias bomb", bomb()),
        wrong("5,000 nested brackets", "name: w\nsteps: " + "[".repeat(5_000) + "\n"),
        wrong("no YAML", "name: w\nsteps: { a: [ }\n"),
        wrong("an empty file", ""),
        Map.entry("a binary file", new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, (byte) 0xff}))
        .entrySet()
        .stream();
  }

  private static Map.Entry<String, byte[]> wrong(String what, String text) {
    return Map.entry(what, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("name: w\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
    }
    return text.append("steps: { a: { run: x } }\n").toString();
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void a_wrong_file_ends_with_2_and_says_where(Map.Entry<String, byte[]> wrong) throws Exception {
    Path file = file("wrong.yaml", wrong.getValue());

    Process program = start("run", file.toString());
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEnds(program, 2);
    assertTrue(output.matches("(?s).*wrong\\.yaml:\\d+:\\d+: error: .*"), output);
    assertFalse(output.contains("\tat "), output);
    assertFalse(Files.exists(folder.resolve("home").resolve("postgres-17")), "a database was made");
  }

  /** Ctrl-C reaches Java itself: the script has become it. */
  private static void interrupt(Process program) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(program.pid())).start().waitFor();
  }

  private static void awaitFile(Path file) throws InterruptedException, IOException {
    try (var watch = file.getFileSystem().newWatchService()) {
      var unused =
          file.getParent().register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(file)) {
        var key = watch.poll(1, TimeUnit.MINUTES);
        assertTrue(key != null, "the file never came: " + file);
        key.reset();
      }
    }
  }
}
