package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dsl.FlowException;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.testing.FlowJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that bring workflows along. */
class FlowJarsTest {

  private static final String GOOD =
      """
      import dev.fanfare.dsl.*;
      public class Good implements Flows {
        @Override public void define(Cronflow cron) {
          cron.define("good").step("one", ctx -> 1);
        }
      }
      """;

  private static String problem(String places) {
    return String.valueOf(
        assertThrows(FlowException.class, () -> FlowBook.of(FlowSources.inJars(places)))
            .getMessage());
  }

  @Test
  void the_workflows_of_all_jars_of_a_folder_are_found(@TempDir Path folder) throws Exception {
    FlowJars.jar(folder, "Good", GOOD);
    FlowJars.jar(folder, "Other", GOOD.replace("Good", "Other").replace("good", "other"));
    assertEquals(
        List.of("good", "other"), FlowBook.of(FlowSources.inJars(folder.toString())).names());
    assertEquals(
        List.of("good"),
        FlowBook.of(FlowSources.inJars(folder.resolve("Good.jar").toString())).names());
  }

  @Test
  void a_jar_sees_nothing_of_fanfare_but_its_api(@TempDir Path folder) throws Exception {
    FlowJars.jar(
        folder,
        "Peeks",
        """
        import dev.fanfare.dsl.*;
        public class Peeks implements Flows {
          @Override public void define(Cronflow cron) {
            for (String hidden : new String[] {
                "dev.fanfare.function.EngineRoom", "com.fasterxml.jackson.databind.ObjectMapper"}) {
              try {
                Class.forName(hidden);
                throw new IllegalStateException(hidden + " is to be seen");
              } catch (ClassNotFoundException e) {
                cron.define(hidden.substring(hidden.lastIndexOf('.') + 1)).log("hidden");
              }
            }
          }
        }
        """);
    assertEquals(
        List.of("EngineRoom", "ObjectMapper"),
        FlowBook.of(FlowSources.inJars(folder.toString())).names());
  }

  @Test
  void what_is_not_there_is_said(@TempDir Path folder) {
    assertEquals(
        "there is no folder and no jar " + folder.resolve("none"),
        problem(folder.resolve("none").toString()));
    assertEquals("there is no jar in " + folder, problem(folder.toString()));
  }

  @Test
  void what_is_no_jar_is_named(@TempDir Path folder) throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no zip");
    assertTrue(
        problem(folder.toString()).startsWith("the jar " + broken + " cannot be read: "),
        () -> problem(folder.toString()));
  }

  @Test
  void a_jar_that_names_nobody_or_somebody_who_is_not_there_is_refused(@TempDir Path folder)
      throws Exception {
    Path jar = FlowJars.jar(folder, "Good", GOOD);
    Path source = Files.writeString(folder.resolve("Good.java"), GOOD);
    FlowJars.jar(jar, "Bad", List.of(source));
    String missing = problem(folder.toString());
    assertTrue(missing.contains("Provider Bad not found"), missing);
    FlowJars.jar(jar, "", List.of(source));
    String nobody = problem(folder.toString());
    assertTrue(nobody.contains("META-INF/services/dev.fanfare.dsl.Flows"), nobody);
  }

  @Test
  void a_definer_that_fails_is_named_with_its_place(@TempDir Path folder) throws Exception {
    FlowJars.jar(
        folder, "Good", GOOD.replace("cron.define(\"good\")", "cron.define(\"good\").endIf()"));
    assertEquals(
        "Good in " + folder + ": workflow 'good': endIf() without an ifTrue() before it",
        problem(folder.toString()));
  }
}
