package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  private static final List<String> COMMANDS =
      List.of(
          "run", "plan", "serve", "runs", "show", "logs", "cancel", "rerun", "explain", "approve",
          "deny", "token", "bench");

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void the_help_names_every_command_and_every_command_has_help() {
    assertEquals(0, execute("--help"));
    for (String command : COMMANDS) {
      assertTrue(text(out).contains("\n  " + command + " "), command);
      assertEquals(0, execute(command, "--help"), command);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plam",
        "run",
        "plan",
        "plan a b",
        "plan missing.yaml",
        "plan /",
        "plan w.yaml --output yaml",
        "plan w.yaml --param novalue",
        "plan w.yaml --param =x",
        "plan w.yaml --param a=1 --param a=2",
        "plan w.yaml --event missing.json",
        "plan w.yaml --event w.yaml",
        "plan w.yaml --dialect cobol",
        "plan w.yaml --no-such-option",
        "run w.yaml --max-parallel -1",
        "run w.yaml --max-parallel many",
        "serve --port 70000",
        "serve --port http",
        "serve --workflows no-such-folder",
        "show",
        "runs --server nonsense",
        "runs --limit 0",
        "approve run"
      })
  void a_wrong_call_gets_a_sentence_and_exit_code_2(String call) throws Exception {
    Path file = folder.resolve("w.yaml");
    Files.writeString(file, "name: w\nsteps:\n  a: { pass: {} }\n");
    String[] words =
        call.isEmpty() ? new String[0] : call.replace("w.yaml", file.toString()).split(" ", -1);
    assertEquals(2, execute(words));
    assertFalse(text(err).isBlank());
    assertFalse(text(err).contains("Exception"), text(err));
    assertFalse(text(err).contains("\tat "), text(err));
    assertEquals("", text(out));
  }

  @Test
  void a_good_file_has_a_plan() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "name: w\nsteps:\n  a: { pass: {} }\n");
    assertEquals(0, execute("plan", file.toString()), () -> text(err));
  }

  @Test
  void a_bad_file_is_refused_with_its_line() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "name: w\nsteps:\n  a: { runn: x }\n");
    assertEquals(2, execute("plan", file.toString()));
    assertTrue(text(err).contains("w.yaml:3:8: error:"), text(err));
  }

  @Test
  void a_server_does_not_start_with_a_bad_file_in_its_folder() throws Exception {
    Files.writeString(folder.resolve("good.yaml"), "name: good\nsteps:\n  a: { pass: {} }\n");
    Files.writeString(folder.resolve("bad.yml"), "name: bad\nsteps:\n  a: { runn: x }\n");
    Files.writeString(folder.resolve("notes.txt"), "no workflow");
    assertEquals(2, execute("serve", "--port", "0", "--workflows", folder.toString()));
    assertTrue(text(err).contains("bad.yml:3:8: error:"), text(err));
    Files.writeString(folder.resolve("bad.yml"), "name: good\nsteps:\n  a: { pass: {} }\n");
    assertEquals(2, execute("serve", "--port", "0", "--workflows", folder.toString()));
    assertTrue(text(err).contains("both called 'good'"), text(err));
  }

  @Test
  void a_server_that_is_not_there_is_said_with_a_remedy() {
    assertEquals(2, execute("runs", "--server", "http://127.0.0.1:1"));
    assertTrue(text(err).contains("scripts/fanfare serve"), text(err));
  }

  private int execute(String... arguments) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Style.PLAIN,
            100,
            24,
            Map.of("FANFARE_HOME", folder.resolve("home").toString()));
    return FanfareCommand.execute(console, new Interruption(), arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
