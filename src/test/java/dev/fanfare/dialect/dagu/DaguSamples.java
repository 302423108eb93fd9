package dev.fanfare.dialect.dagu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialects.Shows;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;

/** Reads samples in both ways of writing them, and sees to it that a test shows what it says. */
abstract class DaguSamples {

  private static final Pattern KEY = Pattern.compile("(?<![\\w$.{-])([a-z]+(?:_[a-z]+)+)(?=:)");

  private final Set<String> used = new HashSet<>();

  @AfterEach
  void shows_what_it_says(TestInfo test) {
    Optional<Shows> shows = test.getTestMethod().map(method -> method.getAnnotation(Shows.class));
    if (shows.isPresent()) {
      Set<String> missing = new HashSet<>(List.of(shows.get().value()));
      missing.removeAll(used);
      assertTrue(missing.isEmpty(), () -> "not in a sample: " + missing);
    }
  }

  /** The same text with the keys written the old way. */
  static String camel(String snake) {
    return KEY.matcher(snake)
        .replaceAll(
            (MatchResult key) ->
                DaguKeys.SNAKE.contains(key.group(1)) ? DaguKeys.camel(key.group(1)) : key.group());
  }

  Imported read(String yaml) {
    Imported read =
        Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.of("dagu"));
    read.keys().forEach(key -> used.add(key.rule().id()));
    return read;
  }

  /** A file without an error. */
  Workflow workflow(String yaml) {
    Imported read = read(yaml);
    assertFalse(
        read.diagnostics().stream().anyMatch(Diagnostic::isError),
        () -> read.diagnostics().toString());
    Workflow workflow = read.workflow().orElseThrow();
    List<Diagnostic> found = GraphCompiler.compile(workflow, CompileInputs.NONE).diagnostics();
    assertFalse(found.stream().anyMatch(Diagnostic::isError), found::toString);
    return workflow;
  }

  /** Looks at what becomes of a sample, written the new way and the old one. */
  void both(String snake, Consumer<Workflow> check) {
    check.accept(workflow(snake));
    check.accept(workflow(camel(snake)));
  }

  /** What is said of a sample in both ways, as code and line. */
  void told(String snake, String... findings) {
    for (String yaml : new String[] {snake, camel(snake)}) {
      assertEquals(
          List.of(findings),
          read(yaml).diagnostics().stream()
              .filter(found -> !found.code().equals("dagu-mixed-keys"))
              .map(found -> found.code() + " " + found.span().line())
              .toList(),
          () -> read(yaml).diagnostics().toString());
    }
  }

  static Step step(Workflow workflow, String name) {
    return workflow.steps().stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + name + " in " + workflow));
  }

  static String text(Object part) {
    return part.toString().replaceAll(", span=\\d+:\\d+", "");
  }

  static void has(Object part, String... texts) {
    for (String text : texts) {
      assertTrue(text(part).contains(text), () -> "no " + text + " in " + text(part));
    }
  }
}
