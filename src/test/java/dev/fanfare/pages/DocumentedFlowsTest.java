package dev.fanfare.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.testing.FlowEngine;
import dev.fanfare.testing.FlowJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of {@code docs/java.md}: it compiles, and the workflows that it defines are good. */
class DocumentedFlowsTest {

  private static final Path PAGE = Path.of("docs", "java.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- java: (steps|runs|file \\w+) -->\\n```java\\n(.*?)^```");

  /** What a reader of the page imagines around its examples. */
  private static final String AROUND =
      """
      import dev.fanfare.dsl.*;
      import java.util.*;
      public class %s implements Flows {
        public record Order(String id, String customer, int amount) {}
        public record Invoice(String order, int sum) {}
        public record Item(String name) {}
        interface Shop {
          Order order(String id);
          boolean inStock(Order order);
          int creditOf(String customer);
          Map<String, Object> ship(String key, Order order);
          void audit(Invoice invoice);
          List<Item> items();
          int price(Item item) throws java.io.IOException;
          String primary();
          String backup();
          void mail(String to, String token);
        }
        private Shop shop;
        private Runs runs;
        @Override public void define(Cronflow cron) {
          %s
        }
        void fromOutside() {
          %s
        }
      }
      """;

  private record Block(String kind, String text) {}

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    String page = Files.readString(PAGE);
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      blocks.add(new Block(block.group(1), block.group(2)));
    }
    assertEquals(Pattern.compile("(?m)^```java").matcher(page).results().count(), blocks.size());
    return blocks;
  }

  @Test
  void every_example_compiles_and_defines_good_workflows(@TempDir Path folder) throws Exception {
    List<String> workflows = new ArrayList<>();
    int number = 0;
    for (Block block : blocks()) {
      boolean file = block.kind().startsWith("file ");
      String type = file ? block.kind().substring("file ".length()) : "Example" + number++;
      boolean runs = block.kind().equals("runs");
      String source =
          file
              ? block.text()
              : AROUND.formatted(
                  type,
                  runs ? "cron.define(\"none\").log(\"x\");" : block.text(),
                  runs ? block.text() : "");
      Path jar = FlowJars.jar(folder, type, source);
      workflows.addAll(FlowBook.of(FlowSources.inJars(jar.toString())).names());
    }
    assertTrue(workflows.contains("process-order"), workflows::toString);
    assertTrue(workflows.size() > 10, workflows::toString);
  }

  @Test
  void the_first_workflow_greets(@TempDir Path folder) throws Exception {
    Block hello =
        blocks().stream()
            .filter(block -> block.kind().equals("file Hello"))
            .findFirst()
            .orElseThrow();
    Path jar = FlowJars.jar(folder, "Hello", hello.text());
    try (FlowEngine engine = FlowEngine.of(FlowBook.of(FlowSources.inJars(jar.toString())))) {
      assertEquals(
          Map.of("text", "hello moon"), engine.run("hello", Map.of("who", "moon")).output().raw());
    }
  }

  @Test
  void the_tests_that_the_page_names_are_there() throws IOException {
    StringBuilder tests = new StringBuilder();
    for (String folder :
        List.of("src/test/java/dev/fanfare/dsl", "src/test/java/dev/fanfare/dialects")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
          tests.append(Files.readString(file));
        }
      }
    }
    String page = Files.readString(PAGE);
    List<String> missing =
        page.substring(page.indexOf("## Cronflow's methods"))
            .lines()
            .filter(line -> line.startsWith("| `") || line.startsWith("| state"))
            .flatMap(
                line ->
                    Pattern.compile("`(cr_\\d+|\\w+_\\w+_\\w+)`")
                        .matcher(line.substring(line.lastIndexOf('|', line.length() - 2)))
                        .results())
            .map(found -> found.group(1))
            .filter(name -> !Pattern.compile("void " + name + "[_(]").matcher(tests).find())
            .toList();
    assertEquals(List.of(), missing);
  }
}
