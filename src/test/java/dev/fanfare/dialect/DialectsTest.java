package dev.fanfare.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectsTest {

  private static final String GOOD = "name: x\nsteps: { a: { run: b } }\n";

  @Test
  void a_fanfare_file_is_recognised_without_being_named() {
    Imported imported = Dialects.read(GOOD.getBytes(UTF_8), "dir/any.yaml", Optional.empty());

    assertEquals("fanfare", imported.dialect());
    assertTrue(imported.workflow().isPresent());
  }

  @Test
  void an_unknown_dialect_is_answered_with_the_known_ones() {
    Imported imported = Dialects.read(GOOD.getBytes(UTF_8), "x.yaml", Optional.of("jenkins"));

    assertEquals("unknown-dialect", imported.diagnostics().getFirst().code());
    assertTrue(imported.diagnostics().getFirst().hint().contains("fanfare"));
    assertEquals(List.of("fanfare", "codefresh", "circleci", "dagu", "flowtoy"), Dialects.names());
  }

  @Test
  void the_language_itself_has_no_variants() {
    Imported imported = Dialects.read(GOOD.getBytes(UTF_8), "x.yaml", Optional.of("fanfare:old"));

    assertEquals("unknown-dialect", imported.diagnostics().getFirst().code());
  }

  /** A {@code ~} stands for the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ci.yaml       | `on: push~jobs: { a: { steps: [] } }`                          | GitHub   "
            + " | 2 | 1"
      })
  void a_file_of_another_system_is_named_at_the_key_that_shows_it(
      String name, String file, String system, int line, int column) {
    byte[] content = file.replace('~', '\n').getBytes(UTF_8);

    Imported imported = Dialects.read(content, name, Optional.empty());

    Diagnostic found = imported.diagnostics().getFirst();
    assertEquals("foreign-format", found.code(), found.oneLine());
    assertTrue(found.message().contains(system), found.oneLine());
    assertEquals(new SourceSpan(line, column), found.span());
    assertTrue(imported.workflow().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "codefresh.yml | `version: '1.0'~steps: { a: { image: b, commands: [c] } }`",
        "x.yml         | `version: '1.0'~mode: parallel~steps: { a: { image: b, cmd: c } }`",
        "x.yml         | `steps: { a: { type: build } }`",
        "x.yml         | `fail_fast: false~steps: { a: {} }`",
        "x.yml         | `version: 1~kind: pipeline~spec: { steps: {} }`",
      })
  void a_file_of_codefresh_is_recognised(String name, String file) {
    byte[] content = file.replace('~', '\n').getBytes(UTF_8);

    assertEquals("codefresh", Dialects.read(content, name, Optional.empty()).dialect());
  }

  @Test
  void a_fanfare_file_with_a_wrong_key_stays_a_fanfare_file() {
    Imported imported =
        Dialects.read((GOOD + "schedule: daily\n").getBytes(UTF_8), "x.yaml", Optional.empty());

    assertEquals("unknown-key", imported.diagnostics().getFirst().code());
  }

  @Test
  void a_named_dialect_is_not_second_guessed() {
    byte[] file = "steps:\n  - name: a\n    command: b\n".getBytes(UTF_8);

    Imported imported = Dialects.read(file, "x.yaml", Optional.of("fanfare"));

    assertTrue(imported.diagnostics().stream().noneMatch(d -> d.code().equals("foreign-format")));
  }

  @Test
  void diagnostics_come_in_the_order_of_their_lines_and_errors_leave_no_workflow() {
    Imported imported =
        Dialects.read(
            "nam: x\nname: y\nname: z\nsteps: 3\n".getBytes(UTF_8), "x", Optional.empty());

    assertEquals(
        List.of("unknown-key", "yaml-duplicate-key", "wrong-type"),
        imported.diagnostics().stream().map(Diagnostic::code).toList());
    assertTrue(imported.workflow().isEmpty());
  }
}
