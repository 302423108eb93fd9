package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** infra/README.md lists the variables and outputs as the .tf files have them. */
class VariablesPageTest {

  private static final Path PAGE = Path.of("infra", "README.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^(variable|output) \"(\\w+)\" \\{(.*?)^\\}");
  private static final Pattern DESCRIPTION =
      Pattern.compile("description = \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern DEFAULT = Pattern.compile("(?m)^  default +=(.*)$");

  /** Defaults that a table leaves empty. */
  private static final List<String> NOTHING = List.of("null", "{}", "[]", "\"\"");

  @Test
  void the_variables_are_those_of_the_page() throws IOException {
    assertEquals(variables(Path.of("infra", "variables.tf")), Tables.rows(PAGE, "variables"));
  }

  @Test
  void the_variables_of_the_example_are_those_of_the_page() throws IOException {
    assertEquals(
        variables(Path.of("infra", "examples", "aurora", "variables.tf")),
        Tables.rows(PAGE, "variables of aurora"));
  }

  @Test
  void the_outputs_are_those_of_the_page() throws IOException {
    List<List<String>> outputs = new ArrayList<>();
    for (Map.Entry<String, String> output : blocks(Path.of("infra", "outputs.tf")).entrySet()) {
      outputs.add(List.of("`" + output.getKey() + "`", description(output)));
    }
    assertEquals(outputs, Tables.rows(PAGE, "outputs"));
  }

  private static List<List<String>> variables(Path file) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, String> variable : blocks(file).entrySet()) {
      Matcher unlessSet = DEFAULT.matcher(variable.getValue());
      String value = unlessSet.find() ? unlessSet.group(1).strip() : "";
      String cell =
          value.isEmpty()
              ? "**required**"
              : NOTHING.contains(value) ? "" : "`" + value.replace("\"", "") + "`";
      rows.add(List.of("`" + variable.getKey() + "`", cell, description(variable)));
    }
    return rows;
  }

  private static String description(Map.Entry<String, String> block) {
    Matcher description = DESCRIPTION.matcher(block.getValue());
    assertTrue(description.find(), block.getKey() + " has no description");
    return description.group(1).replace("\\\"", "\"");
  }

  private static Map<String, String> blocks(Path file) throws IOException {
    Map<String, String> blocks = new LinkedHashMap<>();
    Matcher block = BLOCK.matcher(Files.readString(file));
    while (block.find()) {
      blocks.put(block.group(2), block.group(3));
    }
    assertTrue(blocks.size() > 5, file::toString);
    return blocks;
  }
}
