package dev.fanfare.dialect.flowtoy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.util.List;
import java.util.Optional;

/** flowtoy files, read. */
final class Flows {

  private Flows() {}

  static Imported read(String file) {
    return Dialects.read(file.getBytes(UTF_8), "flow.yaml", Optional.of("flowtoy"));
  }

  static Workflow good(Imported imported) {
    assertEquals(
        List.of(),
        imported.diagnostics().stream()
            .filter(Diagnostic::isError)
            .map(Diagnostic::oneLine)
            .toList());
    return imported.workflow().orElseThrow();
  }

  static Workflow good(String file) {
    return good(read(file));
  }

  static Step step(Workflow workflow, String name) {
    return workflow.steps().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** The only finding of a file. */
  static Diagnostic only(String file) {
    List<Diagnostic> found = read(file).diagnostics();
    assertEquals(1, found.size(), () -> found.toString());
    return found.getFirst();
  }

  /** A file that is refused with one finding, as {@code line:column code}. */
  static String refused(String file) {
    Imported imported = read(file);
    assertTrue(imported.workflow().isEmpty(), "it is not refused");
    Diagnostic found = only(file);
    return found.span() + " " + found.code();
  }
}
