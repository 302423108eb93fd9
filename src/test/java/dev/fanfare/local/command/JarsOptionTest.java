package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import dev.fanfare.testing.FlowJars;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows in Java on the command line, as far as nothing is started for them. */
class JarsOptionTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static final String FLOW =
      """
      import dev.fanfare.dsl.*;
      public class Shop implements Flows {
        @Override public void define(Cronflow cron) {
          cron.define("sell").step("price", ctx -> 3).step("ship", ctx -> ctx.last());
        }
      }
      """;

  @Test
  void a_workflow_in_a_jar_has_a_plan() throws Exception {
    FlowJars.jar(folder, "Shop", FLOW);
    assertEquals(
        0, execute(Map.of(), "plan", "sell", "--jars", folder.toString()), () -> text(err));
    assertTrue(text(out).contains("ship"), text(out));
    assertEquals(0, execute(Map.of("FANFARE_JARS", folder.toString()), "plan", "sell"));
  }

  @Test
  void a_file_of_the_same_name_comes_first() throws Exception {
    FlowJars.jar(folder, "Shop", FLOW);
    Path file =
        Files.writeString(folder.resolve("w.yaml"), "name: w\nsteps:\n  other: { pass: {} }\n");
    assertEquals(0, execute(Map.of(), "plan", file.toString(), "--jars", folder.toString()));
    assertTrue(text(out).contains("other"), text(out));
  }

  @Test
  void a_name_that_no_jar_has_is_answered_with_those_that_there_are() throws Exception {
    FlowJars.jar(folder, "Shop", FLOW);
    assertEquals(2, execute(Map.of(), "run", "selll", "--jars", folder.toString()));
    assertEquals(
        "fanfare: there is no file and no workflow 'selll'; the workflows of the jars are sell",
        text(err).strip());
  }

  @Test
  void nothing_starts_with_a_jar_that_is_wrong() throws Exception {
    Files.writeString(folder.resolve("broken.jar"), "no zip");
    for (String command : new String[] {"serve", "run sell", "plan sell"}) {
      String[] words = (command + " --jars " + folder).split(" ", -1);
      assertEquals(2, execute(Map.of(), words), command);
      assertTrue(text(err).contains("broken.jar cannot be read"), text(err));
      assertFalse(text(err).contains("\tat "), text(err));
    }
  }

  private int execute(Map<String, String> environment, String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Style.PLAIN,
            100,
            24,
            environment);
    return FanfareCommand.execute(console, new Interruption(), arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
