package dev.fanfare.work.shell;

import static dev.fanfare.work.shell.ShellFixture.failed;
import static dev.fanfare.work.shell.ShellFixture.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.log.LogStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellToolsTest {

  private ShellFixture shell;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    shell = new ShellFixture(folder);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private Outcome run(String tools, Map<String, String> env, String... commands) {
    return run(tools, env, Map.of(), commands);
  }

  private Outcome run(
      String tools, Map<String, String> env, Map<String, String> replaced, String... commands) {
    return shell.run(
        new ShellInput(List.of(commands), "sh", "", env, Map.of(), replaced, Optional.of(tools)));
  }

  private List<String> printed() {
    return shell.log.texts(LogStream.OUT);
  }

  @Test
  void what_one_script_exports_later_ones_find_in_their_environment_and_texts() {
    Outcome exporting =
        run(
            "codefresh",
            Map.of("TOLD", "by the environment"),
            "cf_export VERSION=1.4.0 TOLD",
            "cf_export 'LINES=one\ntwo = $(three) '",
            "echo \"RAW=a = 'b'\" >> $CF_VOLUME_PATH/env_vars_to_export",
            "echo done");

    assertEquals(
        Map.of(
            "VERSION",
            "1.4.0",
            "TOLD",
            "by the environment",
            "LINES",
            "one\ntwo = $(three) ",
            "RAW",
            "a = 'b'"),
        output(exporting));
    Outcome later =
        run(
            "codefresh",
            Map.of("VERSION", "0", "TAG", "v${{VERSION}}", "UNKNOWN", "${{NOBODY}}"),
            Map.of("${{VERSION}}", "0", "${{MINE}}", "${{TOLD}}"),
            "printf '%s|' \"$VERSION\" '${{VERSION}}' \"$TAG\" \"$UNKNOWN\" '${{MINE}}' \"$RAW\"",
            "printf '%s' \"$LINES\"");
    assertEquals(
        "1.4.0|1.4.0|v1.4.0|${{NOBODY}}|${{TOLD}}|a = 'b'|one\ntwo = $(three)", output(later));
    assertFalse(Files.exists(shell.workspace.resolve("env_vars_to_export")), "it is taken once");
  }

  @Test
  void the_newest_export_counts_also_one_of_a_script_that_failed() {
    run("codefresh", Map.of(), "cf_export A=1 B=1");
    failed(run("codefresh", Map.of(), "cf_export A=2", "exit 3"));

    assertEquals("2 1", output(run("codefresh", Map.of(), "echo $A ${{B}}")));
    assertEquals("", output(shell.run("echo $A")), "whoever wants no tools finds no exports");
  }

  @Test
  void a_masked_export_is_in_no_log_and_no_output_but_later_scripts_have_it() {
    Outcome exporting =
        run(
            "codefresh",
            Map.of(),
            "cf_export TOKEN=s3cr3t-value --mask",
            "cf_export OPEN=yes",
            "echo the token is s3cr3t-value");
    Outcome later =
        run(
            "codefresh",
            Map.of(),
            "test \"$TOKEN\" = s3cr3t-value",
            "echo \"again $TOKEN\"",
            "cf_export COPY=\"<$TOKEN>\"");

    assertEquals(Map.of("OPEN", "yes"), output(exporting));
    assertEquals(Map.of("COPY", "<***>"), output(later));
    assertEquals(List.of("the token is ***", "again ***"), printed());
  }

  @Test
  void a_wrong_export_fails_with_a_sentence() {
    failed(run("codefresh", Map.of(), "cf_export 1X=2"));
    failed(run("codefresh", Map.of(), "cf_export GONE"));
    failed(run("codefresh", Map.of(), "cf_export --mask"));
    List<String> said = shell.log.texts(LogStream.ERR);
    assertTrue(said.get(0).contains("\"1X\" cannot be the name of a variable"), said.get(0));
    assertTrue(said.get(1).contains("GONE is not set"), said.get(1));
    assertTrue(said.get(2).contains("no variable is named"), said.get(2));
  }

  @Test
  void spoilt_exports_are_told_by_their_file() throws Exception {
    Path exports = Files.createDirectories(shell.workspace.resolve(".fanfare/exports"));
    Files.writeString(exports.resolve("1.json"), "{");

    Outcome.Failed failed = failed(run("codefresh", Map.of(), "echo no"));

    assertEquals("exports_unreadable", failed.error().code());
    assertTrue(failed.error().message().contains(".fanfare/exports/1.json"));
  }

  @Test
  void the_shared_volume_is_the_workspace() throws Exception {
    run("codefresh", Map.of(), "echo 1 > /codefresh/volume/a", "echo 2 > ${{CF_VOLUME_PATH}}/b");

    assertEquals("1\n", Files.readString(shell.workspace.resolve("a")));
    assertEquals("2\n", Files.readString(shell.workspace.resolve("b")));
  }

  @Test
  void a_halt_is_a_file_that_the_script_can_look_for() {
    String ask = "if [ -e \"$FANFARE_HALT\" ]; then echo halted; exit 0; fi";

    run("circleci", Map.of(), ask, "circleci-agent step halt", "echo still here", ask, "echo no");
    run("circleci", Map.of(), ask, "circleci step halt", ask);

    assertEquals(List.of("still here", "halted", "halted"), printed());
  }

  @Test
  void the_small_commands_of_the_command_line_work() throws Exception {
    Files.writeString(shell.workspace.resolve("a.txt"), "");
    Files.writeString(shell.workspace.resolve("b.txt"), "");

    run(
        "circleci",
        Map.of("WHO", "moon \\1 & $HOME", "CIRCLE_NODE_TOTAL", "2", "CIRCLE_NODE_INDEX", "1"),
        "echo 'hello $WHO, ${WHO}!' | circleci env subst",
        "circleci env subst '${NOBODY}-$WHO'",
        "circleci tests glob '*.txt' 'no/*' | circleci tests split");

    assertEquals(
        List.of("hello moon \\1 & $HOME, moon \\1 & $HOME!", "-moon \\1 & $HOME", "b.txt"),
        printed());
    failed(run("circleci", Map.of(), "circleci orb publish"));
  }

  @Test
  void tools_that_nobody_has_are_an_error() {
    assertEquals("tools_unknown", failed(run("../x", Map.of(), "true")).error().code());
    assertEquals("tools_unknown", failed(run("other", Map.of(), "true")).error().code());
  }

  @Test
  void texts_are_replaced_in_one_pass_and_the_longer_one_wins() {
    ShellInput input =
        new ShellInput(
            List.of("printf '%s ' '<A>' '<AB>' '<B>' 'A<A'; echo", "printf '%s\\n' '$1 \\1 <C>'"),
            "sh",
            "",
            Map.of(),
            Map.of(),
            Map.of("<A>", "<B>", "<AB>", "$0 \\0", "<B>", "b", "<C>", "${x}"),
            Optional.empty());

    shell.run(input);

    assertEquals(List.of("<B> $0 \\0 b A<A ", "$1 \\1 ${x}"), printed());
  }

  @Test
  void a_text_with_a_nul_is_refused() {
    ShellInput input =
        new ShellInput(
            List.of("echo X"), "sh", "", Map.of(), Map.of(), Map.of("X", "a\0b"), Optional.empty());

    assertEquals("env_invalid", failed(shell.run(input)).error().code());
  }
}
