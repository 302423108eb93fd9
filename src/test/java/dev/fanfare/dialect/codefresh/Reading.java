package dev.fanfare.dialect.codefresh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Compiled;
import dev.fanfare.graph.GraphCompiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads texts the way a user's files are read. */
final class Reading {

  private Reading() {}

  static Imported file(String text) {
    return file(text, Map.of());
  }

  static Imported file(String text, Map<String, ?> params) {
    ImportInputs inputs = ImportInputs.of(params, Map.of(), Map.of(), Map.of());
    return Dialects.read(text.getBytes(UTF_8), "codefresh.yml", Optional.of("codefresh"), inputs);
  }

  /** A file that must be right, and whose graph must be too; warnings are allowed. */
  static Workflow workflow(String text) {
    return workflow(text, Map.of());
  }

  static Workflow workflow(String text, Map<String, ?> params) {
    Imported imported = file(text, params);
    List<Diagnostic> errors = imported.diagnostics().stream().filter(Diagnostic::isError).toList();
    assertEquals(List.of(), errors, text);
    Workflow workflow = imported.workflow().orElseThrow();
    Compiled compiled = GraphCompiler.compile(workflow, CompileInputs.NONE);
    assertEquals(
        List.of(), compiled.diagnostics().stream().filter(Diagnostic::isError).toList(), text);
    return workflow;
  }

  /** A pipeline with these lines of steps, each already indented by two. */
  static String pipeline(String... lines) {
    return "version: '1.0'\nsteps:\n" + String.join("\n", lines) + "\n";
  }

  static String parallel(String... lines) {
    return "mode: parallel\n" + pipeline(lines);
  }

  /** The step {@code s} with these keys beside an image. */
  static Step step(String keys) {
    return workflow(pipeline("  s: { image: alpine, " + keys + " }")).steps().getLast();
  }

  /** The first error of a file, which must have a place. */
  static Diagnostic error(String text) {
    Imported imported = file(text);
    Diagnostic first =
        imported.diagnostics().stream()
            .filter(Diagnostic::isError)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no error in\n" + text));
    assertNotEquals(0, first.span().line(), first::oneLine);
    return first;
  }

  static List<String> codes(String text) {
    return file(text).diagnostics().stream().map(Diagnostic::code).toList();
  }
}
