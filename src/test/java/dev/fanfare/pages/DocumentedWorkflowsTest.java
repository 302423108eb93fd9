package dev.fanfare.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.json.Json;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The workflows in the documentation run and end as written above them.
 *
 * <p>{@code <!-- runnable: STATUS {outputs} {params} -->} before a block runs it, {@code <!--
 * planned -->} compiles it. Outputs and parameters are JSON and may be left out.
 */
class DocumentedWorkflowsTest {

  private static final List<Path> PAGES =
      List.of(
          Path.of("README.md"),
          Path.of("docs", "getting-started.md"),
          Path.of("docs", "language.md"));

  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- (runnable: [^>]*|planned) -->\n)?```yaml\n(.*?)```", Pattern.DOTALL);

  private static TestEngine engine;

  /** A workflow of a page. */
  record Documented(String page, String name, String mark, String source) {
    static Documented of(Path page, MatchResult block) {
      String source = block.group(2);
      String name = source.lines().findFirst().orElse("").replace("name: ", "");
      String mark = block.group(1) == null ? "" : block.group(1).strip();
      return new Documented(page.getFileName().toString(), name.split(" ", 2)[0], mark, source);
    }

    @Override
    public String toString() {
      return page + ": " + name;
    }
  }

  @BeforeAll
  static void start() {
    engine = TestEngine.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  static Stream<Documented> blocks() throws IOException {
    List<Documented> blocks = new ArrayList<>();
    for (Path page : PAGES) {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      matcher.results().map(block -> Documented.of(page, block)).forEach(blocks::add);
    }
    return blocks.stream();
  }

  static Stream<Documented> runnable() throws IOException {
    return blocks().filter(block -> block.mark().startsWith("runnable: "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runnable")
  void a_workflow_of_the_documentation_ends_as_it_says(Documented block) throws Exception {
    String[] words = block.mark().replace("runnable: ", "").split(" ", 2);
    List<Map<String, Object>> values = objects(words.length > 1 ? words[1] : "");

    TestEngine.Outcome run =
        engine.run(block.source(), values.size() > 1 ? values.get(1) : Map.of());

    assertEquals(words[0], run.status(), run.json().toString());
    if (!values.isEmpty()) {
      assertEquals(values.getFirst(), run.outputs(), run.json().toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void a_workflow_of_the_documentation_has_no_mistake_and_no_warning(Documented block) {
    Graphs.Read read =
        Graphs.read(
            new Graphs.File(
                block.source().getBytes(StandardCharsets.UTF_8), "page.yaml", Optional.empty()));
    assertEquals(List.of(), read.diagnostics().stream().map(Diagnostic::oneLine).toList());
    Workflow workflow = read.workflow().orElseThrow();
    CompileInputs inputs = new CompileInputs(Map.of(), Map.of(), Map.of());
    assertEquals(List.of(), GraphCompiler.compile(workflow, inputs).diagnostics());
  }

  @Test
  void every_workflow_of_the_documentation_is_run_or_planned() throws IOException {
    assertTrue(runnable().count() >= 15);
    assertEquals(
        List.of(), blocks().filter(b -> b.mark().isEmpty()).map(Documented::toString).toList());
  }

  /** JSON objects one after another, on one line. */
  private static List<Map<String, Object>> objects(String text) throws Json.JsonException {
    List<Map<String, Object>> objects = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (text.charAt(i) == '}' && depth == 0) {
        objects.add(Json.parseOwnObject(text.substring(from, i + 1).strip()));
        from = i + 1;
      }
    }
    return objects;
  }
}
