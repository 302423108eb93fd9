package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadFilesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`hello`                                          | not-a-mapping      | 1 | 1",
        "`[a, b]`                                         | not-a-mapping      | 1 | 1",
        "`name: x`                                        | missing-key        | 1 | 1",
        "`steps: { a: { run: b } }`                       | missing-key        | 1 | 1",
        "`name:\nsteps: { a: { run: b } }`                | wrong-type         | 1 | 6",
        "`name: -x\nsteps: { a: { run: b } }`             | bad-name           | 1 | 7",
        "`name: a/b\nsteps: { a: { run: b } }`            | bad-name           | 1 | 7",
        "`name: x\nsteps:`                                | wrong-type         | 2 | 7",
        "`name: x\nsteps: {}`                             | no-steps           | 2 | 8",
        "`name: x\nsteps: [{ name: a, run: b }]`          | wrong-type         | 2 | 8",
        "`name: x\nsteps: { a.b: { run: b } }`            | bad-name           | 2 | 10",
        "`name: x\nsteps: { 'a[1]': { run: b } }`         | bad-name           | 2 | 10",
        "`name: x\nsteps: { 'a ': { run: b } }`           | bad-name           | 2 | 10",
        "`name: x\nsteps: { '': { run: b } }`             | bad-name           | 2 | 10",
        "`name: x\nsteps: { a: }`                         | no-body            | 2 | 10",
        "`name: x\nsteps: { a: { needs: [] } }`           | no-body            | 2 | 10",
        "`name: x\nsteps: { a: { image: b } }`            | no-body            | 2 | 10",
        "`name: x\nsteps: { a: make }`                    | wrong-type         | 2 | 13",
        "`name: x\nsteps: { a: { run: b }, a: { run: c } }` | yaml-duplicate-key | 2 | 25"
      })
  void a_file_without_its_essentials_is_refused(String file, String code, int line, int column) {
    List<Diagnostic> found = Reading.file(file).diagnostics();

    assertTrue(
        found.stream()
            .anyMatch(d -> d.code().equals(code) && d.span().equals(new SourceSpan(line, column))),
        found::toString);
  }

  @Test
  void all_problems_of_a_file_are_found_in_one_pass() {
    String file =
        """
        name: bad name
        maxParalel: 3
        env: [A]
        steps:
          a: { run: "${{ b }}", retry: 0, timeot: 3s }
          b:
            http: ftp://x
            needs: [a, { step: c, on: success }]
        """;

    Imported imported = Reading.file(file);

    assertEquals(
        List.of(
            "1:7 bad-name",
            "2:1 unknown-key",
            "3:7 wrong-type",
            "5:18 expression-in-script",
            "5:32 bad-value",
            "5:35 unknown-key",
            "7:11 bad-value",
            "8:31 bad-value"),
        imported.diagnostics().stream().map(d -> d.span() + " " + d.code()).toList());
    assertTrue(imported.workflow().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "timeot, timeout",
    "Needs, needs",
    "forech, forEach",
    "max_parallel, maxParallel",
    "if, when",
    "depends_on, needs",
    "script, run",
    "continue-on-error, onFailure: {tolerate: true}",
    "onfailure, onFailure"
  })
  void an_unknown_key_is_answered_with_the_one_that_was_meant(String written, String meant) {
    String file = Reading.stepFile("pass: , '" + written + "': 1");
    Diagnostic found = Reading.file(file).diagnostics().getFirst();

    assertEquals("unknown-key", found.code());
    assertTrue(found.hint().contains("'" + meant + "'"), found.oneLine());
  }

  @Test
  void a_key_that_resembles_nothing_is_answered_with_all_that_are_allowed() {
    Diagnostic found = Reading.error(Reading.topFile("zzzzzzzz: 1"));

    assertTrue(found.hint().contains("concurrency, description, env"), found.oneLine());
  }

  @Test
  void a_hundred_problems_are_enough() {
    StringBuilder file = new StringBuilder("name: x\nsteps:\n");
    for (int i = 0; i < 300; i++) {
      file.append("  s").append(i).append(": { run: a, nope: 1 }\n");
    }

    List<Diagnostic> found = Reading.file(file.toString()).diagnostics();

    assertEquals(Problems.MAX + 1, found.size());
    assertTrue(found.stream().anyMatch(d -> d.code().equals("too-many-problems")));
  }

  @Test
  void a_message_is_one_printable_line_whatever_the_file_contains() {
    Diagnostic found =
        Reading.error(Reading.topFile("\"a\\n\\e[31mb\\u202e" + "c".repeat(5000) + "\": 1"));

    assertTrue(found.message().length() < 1100);
    assertTrue(found.message().chars().noneMatch(Character::isISOControl), found.message());
  }
}
