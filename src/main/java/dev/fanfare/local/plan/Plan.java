package dev.fanfare.local.plan;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.key.KeyUse;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Compiled;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.graph.Params;
import dev.fanfare.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file, compiled.
 *
 * @param dialect what the file was read as
 * @param workflow what it says, where it could be read
 * @param graph what is shown; there exactly when the workflow has no error
 * @param keys what became of each key of a foreign file
 */
public record Plan(
    String dialect,
    Optional<Workflow> workflow,
    Optional<Graph> graph,
    List<Diagnostic> diagnostics,
    List<KeyUse> keys) {

  /** A parameter that a run would need is no fault of a plan. */
  private static final String MISSING_PARAM = "missing-param";

  /**
   * What is known of the run besides the file.
   *
   * @param params values as typed
   * @param run what is known of the sources: {@code branch}, {@code tag}, {@code revision}
   * @param strict whether required parameters must have values, as a run demands
   * @param images that functions carry
   * @param environment that files of foreign dialects may read
   */
  public record Inputs(
      Map<String, String> params,
      Map<String, @Nullable Object> event,
      Map<String, String> run,
      boolean strict,
      Set<String> images,
      Map<String, String> environment) {}

  public static Plan of(byte[] content, String fileName, Optional<String> dialect, Inputs inputs) {
    Imported imported = Dialects.read(content, fileName, dialect);
    if (imported.workflow().isEmpty()) {
      return new Plan(
          imported.dialect(),
          Optional.empty(),
          Optional.empty(),
          imported.diagnostics(),
          imported.keys());
    }
    Params.Checked params =
        Params.check(imported.workflow().get(), new LinkedHashMap<>(inputs.params()), Plan::json);
    Map<String, Object> event = new LinkedHashMap<>();
    inputs.event().forEach(event::put);
    Map<String, Object> run = new LinkedHashMap<>(inputs.run());
    if (imported.isShaped()) {
      imported =
          Dialects.read(
              content,
              fileName,
              dialect,
              ImportInputs.of(params.values(), event, run, inputs.environment()));
    }
    List<Diagnostic> diagnostics = new ArrayList<>(imported.diagnostics());
    params.diagnostics().stream()
        .filter(found -> inputs.strict() || !found.code().equals(MISSING_PARAM))
        .forEach(diagnostics::add);
    if (imported.workflow().isEmpty()) {
      return new Plan(
          imported.dialect(), Optional.empty(), Optional.empty(), diagnostics, imported.keys());
    }
    Workflow workflow = imported.workflow().get();
    Compiled compiled =
        GraphCompiler.compile(
            workflow, new CompileInputs(params.values(), event, run, inputs.images()));
    diagnostics.addAll(compiled.diagnostics());
    workflow.triggers().stream().findFirst().map(Plan::ignored).ifPresent(diagnostics::add);
    return new Plan(
        imported.dialect(), Optional.of(workflow), compiled.graph(), diagnostics, imported.keys());
  }

  private static Diagnostic ignored(Trigger first) {
    return new Diagnostic(
        Diagnostic.Severity.INFO,
        "triggers-ignored",
        "triggers start runs of registered workflows; here they do nothing",
        first.span(),
        "register the file with a server: PUT /api/workflows/NAME");
  }

  private static @Nullable Object json(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return null;
    }
  }

  /** Whether the file would run. */
  public boolean isGood() {
    return graph.isPresent() && diagnostics.stream().noneMatch(Diagnostic::isError);
  }
}
