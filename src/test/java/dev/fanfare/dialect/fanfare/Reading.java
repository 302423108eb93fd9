package dev.fanfare.dialect.fanfare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.util.List;
import java.util.Optional;

/** Reads texts the way a user's files are read. */
final class Reading {

  private Reading() {}

  static Imported file(String text) {
    return Dialects.read(text.getBytes(UTF_8), "fanfare.yaml", Optional.of("fanfare"));
  }

  /** A file that must be right, without so much as a warning. */
  static Workflow workflow(String text) {
    Imported imported = file(text);
    assertEquals(List.of(), imported.diagnostics(), text);
    return imported.workflow().orElseThrow();
  }

  /** The keys of the step {@code s}, as one line, in a file that must be right. */
  static Step step(String keys) {
    return workflow(stepFile(keys)).steps().getFirst();
  }

  static String stepFile(String keys) {
    return "name: x\nsteps:\n  s: { " + keys + " }\n";
  }

  /** Keys at the top beside a name and a step, in a file that must be right. */
  static Workflow top(String keys) {
    return workflow(topFile(keys));
  }

  static String topFile(String keys) {
    return "name: x\nsteps: { s: { run: 'true' } }\n" + keys + "\n";
  }

  /** The only error of a file. */
  static Diagnostic error(String text) {
    Imported imported = file(text);
    List<Diagnostic> errors = imported.diagnostics().stream().filter(Diagnostic::isError).toList();
    assertEquals(1, errors.size(), () -> text + "\n" + imported.diagnostics());
    assertTrue(imported.workflow().isEmpty());
    assertFalse(errors.getFirst().span().line() == 0, () -> "no place: " + errors);
    return errors.getFirst();
  }
}
