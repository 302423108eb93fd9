package dev.fanfare.dialect.circleci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.key.KeyUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads CircleCI files the way a user's files are read. */
final class Circle {

  private Circle() {}

  static Imported read(String text) {
    return read(text, ImportInputs.none());
  }

  static Imported read(String text, ImportInputs inputs) {
    return Dialects.read(text.getBytes(UTF_8), "config.yml", Optional.of("circleci"), inputs);
  }

  static ImportInputs branch(String name) {
    return run(Map.of("branch", name));
  }

  static ImportInputs run(Map<String, Object> run) {
    return ImportInputs.of(Map.of(), Map.of(), run, Map.of());
  }

  static ImportInputs params(Map<String, Object> params) {
    return ImportInputs.of(params, Map.of(), Map.of(), Map.of());
  }

  static Workflow workflow(String text) {
    return workflow(text, ImportInputs.none());
  }

  /** A file without errors. */
  static Workflow workflow(String text, ImportInputs inputs) {
    Imported imported = read(text, inputs);
    assertEquals(List.of(), errors(imported), text);
    return imported.workflow().orElseThrow();
  }

  static List<String> errors(Imported imported) {
    return imported.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::oneLine)
        .toList();
  }

  /** Codes of a severity, in the order of the file. */
  static List<String> codes(Imported imported, Diagnostic.Severity severity) {
    return imported.diagnostics().stream()
        .filter(each -> each.severity() == severity)
        .map(Diagnostic::code)
        .toList();
  }

  /** The only error of a file. */
  static Diagnostic error(String text) {
    Imported imported = read(text);
    List<String> errors = errors(imported);
    assertEquals(1, errors.size(), () -> text + "\n" + errors);
    assertTrue(imported.workflow().isEmpty());
    return imported.diagnostics().stream().filter(Diagnostic::isError).findFirst().orElseThrow();
  }

  /** A file of version 2.1 with one job, {@code build}, that has these keys, and its workflow. */
  static String job(String keys) {
    return "version: 2.1\njobs:\n  build:\n"
        + keys.indent(4)
        + "workflows:\n  w: { jobs: [build] }\n";
  }

  /** The steps of that job. */
  static String steps(String steps) {
    return job("steps:\n" + steps.indent(2));
  }

  static Step step(Workflow workflow, String name) {
    return workflow.steps().stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + name + " in " + names(workflow)));
  }

  static List<String> names(Workflow workflow) {
    return workflow.steps().stream().map(Step::name).toList();
  }

  /** The names of those that run. */
  static Set<String> running(Workflow workflow) {
    return running(workflow.steps());
  }

  static Set<String> running(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.when().isEmpty())
        .map(Step::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whom a step waits for. */
  static Set<String> needs(Workflow workflow, String step) {
    return step(workflow, step).needs().stream()
        .map(Step.Need::step)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The script of a job, without what all jobs have in front of it. */
  static String script(Step step) {
    Work.Run run = (Work.Run) step.body();
    String all = run.commands().getFirst();
    return all.substring(all.indexOf("\nff_total=") + 1);
  }

  /** The script of the only job of a file. */
  static String script(String text) {
    return script(workflow(text).steps().getFirst());
  }

  static List<Step> inside(Step group) {
    return ((Structure.Parallel) group.body()).steps();
  }

  static Object env(Step step, String name) {
    return step.env().get(name) instanceof Template.Literal literal
        ? String.valueOf(literal.value())
        : String.valueOf(step.env().get(name));
  }

  /** The keys of which the file's account says what became of them. */
  static Set<String> accounted(Imported imported) {
    return imported.keys().stream()
        .map(KeyUse::rule)
        .map(rule -> rule.id())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
