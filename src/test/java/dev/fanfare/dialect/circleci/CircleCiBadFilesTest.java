package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Imported;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot run say why, with line and column. */
class CircleCiBadFilesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jobs: { build: { steps: [checkout] } }~workflows: { w: { jobs: [build] } } | missing-key |"
            + " 1 | 1",
        "version: 3~jobs: { build: { steps: [checkout] } } | bad-value | 1 | 1",
        "version: 2.1~jobs: { a: { steps: [checkout] } } | no-steps | 1 | 1",
        "version: 2.1~jobs: { build: { steps: [chekout] } } | unknown-command | 2 | 26",
        "version: 2.1~jobs: { build: { stepz: [] , steps: [checkout] } } | unknown-key | 2 | 18",
        "version: 2.1~jobs: { build: {} } | missing-key | 2 | 9",
        "version: 2.1~jobs: { build: [] } | wrong-type | 2 | 16",
        "version: 2.1~jobs: { build: { steps: { run: x } } } | wrong-type | 2 | 25",
        "version: 2.1~jobs: { build: { steps: [{ run: x, name: y }] } } | wrong-type | 2 | 26",
        "version: 2.1~jobs: { build: { steps: [{ run: { name: y } }] } } | missing-key | 2 | 28",
        "version: 2.1~jobs: { build: { steps: [{ run: { command: y, when: never } }] } } |"
            + " bad-value | 2 | 47",
        "version: 2.1~jobs: { build: { steps: [{ run: { command: y, max_auto_reruns: 9 } }] } } |"
            + " wrong-type | 2 | 64",
        "version: 2.1~jobs: { build: { steps: [{ run: { command: y, auto_rerun_delay: 1m } }] } } |"
            + " missing-key | 2 | 47",
        "version: 2.1~jobs: { build: { steps: [{ run: { command: y, max_auto_reruns: 1,"
            + " auto_rerun_delay: 11m } }] } } | wrong-type | 2 | 85",
        "version: 2.1~jobs: { build: { parallelism: 0, steps: [checkout] } } | wrong-type | 2 | 31",
        "version: 2.1~jobs: { build: { executor: nope, steps: [checkout] } } | unknown-executor | 2"
            + " | 28",
        "version: 2.1~jobs: { build: { environment: { 1x: y }, steps: [checkout] } } | bad-name | 2"
            + " | 33",
        "version: 2.1~jobs: { build: { environment: { x: [y] }, steps: [checkout] } } | wrong-type"
            + " | 2 | 36",
        "version: 2.1~jobs: { build: { steps: [{ run: 'a << b' }] } } | unterminated-expression | 2"
            + " | 36",
        "version: 2.1~jobs: { build: { steps: [{ run: '<< nope >>' }] } } | bad-expression | 2 |"
            + " 37",
        "version: 2.1~jobs: { build: { steps: [persist_to_workspace] } } | missing-key | 2 | 26",
        "version: 2.1~jobs: { build: { steps: [{ attach_workspace: {} }] } } | missing-key | 2 |"
            + " 28",
        "version: 2.1~workflows: { w: { jobs: [nope] } } | unknown-job | 2 | 26",
        "version: 2.1~workflows: { w: { jobs: nope } } | wrong-type | 2 | 25",
        "version: 2.1~workflows: { w: {} }~jobs: {} | no-steps | 2 | 17",
        "version: 2.1~parameters: { a: { type: steps } }~jobs: { build: { steps: [checkout] } } |"
            + " bad-value | 2 | 20",
        "version: 2.1~jobs: { build: { parameters: { a: {} }, steps: [checkout] } } | bad-value | 2"
            + " | 32",
        "version: 2.1~jobs: { build: { parameters: { a: { type: enum, default: x } }, steps:"
            + " [checkout] } } | missing-key | 2 | 32",
        "version: 2.1~jobs: { build: { parameters: { a: { type: string } }, steps: [checkout] }"
            + " }~workflows: { w: { jobs: [build] } } | missing-argument | 3 | 26",
      })
  void an_error_has_a_code_and_a_place(String file, String code, int line, int column) {
    Diagnostic error = first(file.replace("~", "\n"));
    assertEquals(
        code + " " + line + ":" + column, error.code() + " " + error.span(), error.oneLine());
  }

  private static Diagnostic first(String file) {
    Imported imported = Circle.read(file);
    return imported.diagnostics().stream()
        .filter(Diagnostic::isError)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no error in " + file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "text",
        "version: 2.1",
        "version: [2]\n"
            + "jobs: text\n"
            + "workflows: []\n"
            + "orbs: 1\n"
            + "commands: x\n"
            + "parameters: []\n"
            + "executors: 3",
        "version: 2.1\n"
            + "jobs: { build: null }\n"
            + "workflows: { w: null, x: [a], y: { jobs: [[a], {a: 1, b: 2}, null] } }",
        "version: 2.1\n"
            + "orbs: { a: null, b: [], c: { jobs: [], commands: { x: 1 } } }\n"
            + "jobs: { build: { steps: [c/x] } }",
        "version: 2.1\n"
            + "jobs: { build: { docker: x, machine: [], macos: 1, steps: [[], 1, null, {}] } }",
        "version: 2.1\n"
            + "job-groups: { g: { jobs: [] }, h: 3 }\n"
            + "workflows: { w: { jobs: [g, h], triggers: [x, { y: 1 }, { schedule: {} }] } }",
        "version: 2.1\n"
            + "workflows: { w: { jobs: [{ a: { matrix: 1, filters: [], requires: { x: [1] },"
            + " context: {}, name: [] } }] } }",
        "version: 2.1\n"
            + "workflows: { w: { jobs: [{ a: { matrix: { parameters: { x: { y: 1 } }, exclude: [1,"
            + " { z: 2 }, { x: [] }] } } }] } }",
      })
  void any_shape_ends_in_diagnostics(String file) {
    Imported imported = Circle.read(file);
    assertTrue(imported.workflow().isEmpty(), file);
    assertTrue(!Circle.errors(imported).isEmpty(), file);
  }

  @Test
  void a_file_of_many_wrong_jobs_says_so_and_stops() {
    StringBuilder file = new StringBuilder("version: 2.1\njobs:\n");
    for (int i = 0; i < 300; i++) {
      file.append("  j").append(i).append(": { nope: 1, steps: [checkout] }\n");
    }
    file.append("workflows: { w: { jobs: [j0] } }\n");
    Imported imported = Circle.read(file.toString());
    assertTrue(Circle.codes(imported, Diagnostic.Severity.ERROR).contains("too-many-problems"));
    assertEquals(101, Circle.errors(imported).size());
  }

  @Test
  void every_key_of_a_good_file_has_an_account() {
    Imported imported = Circle.read(Circle.steps("- run: { command: x, when: always }"));
    assertTrue(
        Circle.accounted(imported)
            .containsAll(List.of("root.version", "jobs.*", "job.steps", "steps.run", "run.when")));
  }
}
