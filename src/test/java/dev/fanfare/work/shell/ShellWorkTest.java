package dev.fanfare.work.shell;

import static dev.fanfare.work.shell.ShellFixture.failed;
import static dev.fanfare.work.shell.ShellFixture.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.log.LogStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellWorkTest {

  private ShellFixture shell;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    shell = new ShellFixture(folder);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void a_script_yields_its_trimmed_standard_output() {
    Outcome outcome = shell.run("echo; echo '  hello '; echo");
    assertEquals(new Outcome.Succeeded("hello", Optional.of(0)), outcome);
  }

  @Test
  void lines_go_to_the_log_by_stream_and_a_last_line_without_its_end_counts() {
    shell.run("echo one; echo oops >&2; printf 'two'");
    assertEquals(List.of("one", "two"), shell.log.texts(LogStream.OUT));
    assertEquals(List.of("oops"), shell.log.texts(LogStream.ERR));
  }

  @Test
  void commands_are_one_script_that_stops_at_the_first_failure() {
    ShellInput input =
        new ShellInput(List.of("x=1", "echo $x", "false", "echo no"), "sh", "", Map.of(), Map.of());
    Outcome.Failed failed = failed(shell.run(input));
    assertEquals("exit_code", failed.error().code());
    assertEquals(1L, failed.error().details().get("exitCode"));
    assertEquals(List.of("1"), shell.log.texts(LogStream.OUT));
    assertEquals("1", failed.output());
  }

  @Test
  void a_failure_carries_the_last_lines_and_names_the_last_one() {
    Outcome.Failed failed =
        failed(shell.run("i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; exit 7"));
    assertEquals(7L, failed.error().details().get("exitCode"));
    assertTrue(failed.error().details().get("tail") instanceof List<?> tail && tail.size() == 20);
    assertTrue(failed.error().message().endsWith("line 50"), failed.error().message());
  }

  @Test
  void bash_fails_when_a_part_of_a_pipe_fails_and_arguments_of_a_person_win() {
    assertEquals(
        "exit_code", failed(shell.run("bash", "false | true", Map.of(), Map.of())).error().code());
    assertEquals("on", output(shell.run("bash +e", "false; echo on", Map.of(), Map.of())));
    assertEquals(
        "exit_code",
        failed(shell.run("bash -eu", "echo $UNKNOWN_X", Map.of(), Map.of())).error().code());
  }

  @Test
  void other_interpreters_get_the_script_as_a_file_a_place_or_a_text() {
    assertEquals("7", output(shell.run("python3", "print(3+4)", Map.of(), Map.of())));
    assertEquals("7", output(shell.run("node", "console.log(3+4)", Map.of(), Map.of())));
    assertEquals("7", output(shell.run("sh {0} x", "echo 7", Map.of(), Map.of())));
    assertEquals("7", output(shell.run("python3 -c", "print(3+4)", Map.of(), Map.of())));
  }

  @Test
  void a_missing_interpreter_is_named_with_a_remedy() {
    Outcome.Failed failed = failed(shell.run("fish-of-nowhere", "x", Map.of(), Map.of()));
    assertEquals("shell_not_found", failed.error().code());
    assertTrue(failed.error().message().contains("fish-of-nowhere"));
  }

  @Test
  void a_script_ended_by_a_signal_says_which() {
    Outcome.Failed failed = failed(shell.run("kill -9 $$"));
    assertEquals("signal", failed.error().code());
    assertEquals("KILL", failed.error().details().get("signal"));
    assertEquals(137L, failed.error().details().get("exitCode"));
  }

  @Test
  void a_script_sees_who_it_is_and_nothing_else_of_the_engines_environment() {
    String names = String.valueOf(output(shell.run("env | cut -d= -f1")));
    List<String> allowed =
        List.of(
            "FANFARE_RUN_ID",
            "FANFARE_WORKFLOW",
            "FANFARE_STEP",
            "FANFARE_ATTEMPT",
            "FANFARE_IDEMPOTENCY_KEY",
            "FANFARE_WORKSPACE",
            "FANFARE_OUTPUT",
            "FANFARE_SCRATCH",
            "FANFARE_SKIP",
            "TRACEPARENT",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_");
    List<String> more =
        names
            .lines()
            .filter(name -> !allowed.contains(name) && !ShellSettings.INHERITED.contains(name))
            .toList();
    assertEquals(List.of(), more);
    String values =
        String.valueOf(
            output(
                shell.run(
                    "echo $FANFARE_RUN_ID $FANFARE_WORKFLOW $FANFARE_STEP $FANFARE_ATTEMPT"
                        + " $FANFARE_IDEMPOTENCY_KEY")));
    assertEquals(shell.assignment.run() + " release build 2 key-1", values);
  }

  @Test
  void a_script_runs_in_its_workdir_which_is_made_and_cannot_leave_the_workspace()
      throws Exception {
    ShellInput inside = new ShellInput(List.of("pwd"), "sh", "a/b", Map.of(), Map.of());
    assertEquals(shell.workspace.resolve("a/b").toString(), output(shell.run(inside)));
    Files.createSymbolicLink(shell.workspace.resolve("out"), Path.of("/"));
    for (String outside : List.of("..", "a/../../x", "out", "out/usr")) {
      ShellInput input = new ShellInput(List.of("pwd"), "sh", outside, Map.of(), Map.of());
      assertEquals("path_outside_workspace", failed(shell.run(input)).error().code(), outside);
    }
  }

  @Test
  void an_absolute_workdir_and_one_below_home_are_made_too(@TempDir Path elsewhere)
      throws Exception {
    Path real = elsewhere.toRealPath();
    Map<String, String> home = Map.of("HOME", real.toString());
    String absolute = real.resolve("x/y").toString();
    assertEquals(absolute, output(shell.run(in(absolute, Map.of()))));
    assertEquals(real.resolve("z").toString(), output(shell.run(in("~/z", home))));
    assertEquals(real.toString(), output(shell.run(in("~", home))));
    Path file = Files.writeString(real.resolve("file"), "");
    for (Path no : List.of(file, file.resolve("below"), Path.of("/proc/nobody/makes/this"))) {
      Outcome.Failed failed = failed(shell.run(in(no.toString(), Map.of())));
      assertEquals("path_invalid", failed.error().code());
      assertTrue(failed.error().message().contains(no.toString()), failed.error().message());
    }
  }

  private static ShellInput in(String workdir, Map<String, String> env) {
    return new ShellInput(List.of("pwd"), "sh", workdir, env, Map.of());
  }

  @Test
  void outputs_of_a_script_that_works_elsewhere_are_files_of_the_workspace(@TempDir Path elsewhere)
      throws Exception {
    Output.Json json =
        new Output.Json(Template.literal("a.json"), Optional.empty(), SourceSpan.NONE);
    ShellInput input =
        new ShellInput(
            List.of("echo 1 > \"$FANFARE_WORKSPACE/a.json\"; echo 2 > a.json"),
            "sh",
            elsewhere.toString(),
            Map.of(),
            Map.of("a", json));
    assertEquals(Map.of("a", 1L), output(shell.run(input)));
    Files.delete(shell.workspace.resolve("a.json"));
    ShellInput missing =
        new ShellInput(List.of("true"), "sh", elsewhere.toString(), Map.of(), Map.of("a", json));
    assertEquals("output_missing", failed(shell.run(missing)).error().code());
  }

  @Test
  void a_script_that_writes_a_reason_and_ends_well_is_skipped() {
    assertEquals(
        new Outcome.Skipped("the file is there already"),
        shell.run("printf ' the file is there already \\nmore' > \"$FANFARE_SKIP\"; echo out"));
    assertEquals("exit_code", failed(shell.run("echo no > $FANFARE_SKIP; exit 1")).error().code());
    assertEquals("went on", output(shell.run(": > $FANFARE_SKIP; echo went on")));
    assertTrue(
        shell.run("head -c 100000 /dev/zero | tr '\\0' x > $FANFARE_SKIP")
                instanceof Outcome.Skipped skipped
            && skipped.reason().length() == 501);
  }

  @Test
  void a_script_has_an_empty_folder_of_its_own_that_is_gone_afterwards() throws Exception {
    String script =
        "ls -A \"$FANFARE_SCRATCH\"; echo x > $FANFARE_SCRATCH/x; echo $FANFARE_SCRATCH";
    String first = String.valueOf(output(shell.run(script)));
    String second = String.valueOf(output(shell.run(script)));
    assertTrue(Path.of(first).isAbsolute());
    assertFalse(first.equals(second));
    assertFalse(Files.exists(Path.of(first)));
  }

  @Test
  void variables_that_the_jvm_cannot_hand_over_arrive_without_touching_the_disk() {
    String encoding = System.getProperty("sun.jnu.encoding");
    System.setProperty("sun.jnu.encoding", "ANSI_X3.4-1968");
    try {
      String value = "ünit's \"$(id)\" `x`\n zweite  Zeile €😀";
      Object output =
          output(
              shell.run(
                  "sh",
                  "printf '%s|' \"$V\"; cat; ! grep -rl 'zwei[t]e' \"$(dirname"
                      + " \"$FANFARE_OUTPUT\")\"; echo end",
                  Map.of("V", value, "PLAIN", "x"),
                  Map.of()));
      assertEquals(value + "|end", output);
      String large = "ü".repeat(60_000);
      assertEquals(
          "60000",
          output(
              shell.run(
                  "python3",
                  "import os; print(len(os.environ['V']))",
                  Map.of("V", large),
                  Map.of())));
    } finally {
      System.setProperty("sun.jnu.encoding", String.valueOf(encoding));
    }
  }

  @Test
  void binary_output_is_replaced_and_never_fails() {
    Object output = output(shell.run("printf 'a\\377\\000b\\303\\244'"));
    assertEquals("a\uFFFD\uFFFDbä", output);
  }

  @Test
  void a_very_long_line_comes_in_pieces_that_split_no_character() {
    ShellInput input =
        new ShellInput(
            List.of("print('x' + '😀' * 20000, end='')"), "python3", "", Map.of(), Map.of());
    shell.run(input);
    List<String> pieces = shell.log.texts(LogStream.OUT);
    assertEquals(3, pieces.size());
    assertEquals("x" + "😀".repeat(20_000), String.join("", pieces));
    assertTrue(pieces.stream().noneMatch(piece -> piece.indexOf('\uFFFD') >= 0));
  }

  @Test
  void huge_output_that_nobody_declared_is_streamed_and_not_kept() {
    assertEquals(
        new Outcome.Succeeded(null, Optional.of(0)),
        shell.run("yes 0123456789abcde | head -c 20000000"));
    assertTrue(shell.log.texts(LogStream.NOTE).getFirst().contains("declare an output"));
    assertEquals(20_000_000 / 16, shell.log.texts(LogStream.OUT).size());
  }

  @Test
  void a_value_of_256_kib_passes_and_one_byte_more_does_not() {
    assertEquals(
        262144, output(shell.run("head -c 262144 /dev/zero | tr '\\0' x")).toString().length());
    ShellInput declared =
        new ShellInput(
            List.of("head -c 262145 /dev/zero | tr '\\0' x"),
            "sh",
            "",
            Map.of(),
            Map.of("all", new Output.Stdout(Optional.empty(), SourceSpan.NONE)));
    Outcome.Failed failed = failed(shell.run(declared));
    assertEquals("output_too_large", failed.error().code());
    assertTrue(failed.error().message().contains("file"));
  }

  @Test
  void a_background_child_that_keeps_the_pipe_open_does_not_hold_the_step() throws Exception {
    long begin = System.nanoTime();
    shell.run("sleep 600 & echo pid $!");
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 4);
    assertFalse(isAlive(shell.log.await("pid ")), "the child outlived its step");
  }

  @Test
  void fifty_scripts_in_values_arrive_byte_for_byte_and_execute_nothing() throws Exception {
    List<String> attacks = Injections.all();
    assertEquals(50, attacks.size());
    Map<String, String> env =
        attacks.stream().collect(Collectors.toMap(a -> "V" + attacks.indexOf(a), a -> a));
    String script =
        "i=0; while [ $i -lt 50 ]; do eval \"printf '%s' \\\"\\$V$i\\\"\" > out$i; i=$((i+1));"
            + " done";
    shell.run("sh", script, env, Map.of());
    for (int i = 0; i < attacks.size(); i++) {
      assertEquals(attacks.get(i), Files.readString(shell.workspace.resolve("out" + i)), "V" + i);
    }
    assertFalse(Files.exists(shell.workspace.resolve("pwned")));
  }

  @Test
  void a_value_that_no_environment_can_carry_is_refused_by_name() {
    Outcome.Failed failed = failed(shell.run("sh", "true", Map.of("BAD", "a\0b"), Map.of()));
    assertEquals("env_invalid", failed.error().code());
    assertTrue(failed.error().message().contains("BAD"));
    Map<String, String> large = Map.of("LARGE", "x".repeat(3_000_000));
    assertEquals("env_too_large", failed(shell.run("sh", "true", large, Map.of())).error().code());
  }

  @Test
  void nothing_is_left_in_the_scratch_folder() throws Exception {
    shell.run("echo x");
    try (var left = Files.list(shell.scratch)) {
      assertEquals(0, left.count());
    }
  }

  private static boolean isAlive(String pidLine) {
    return ProcessTable.identity(Long.parseLong(pidLine.substring(4))).isPresent();
  }
}
