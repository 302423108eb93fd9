package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Imported;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with a mistake: each is refused at the place of the mistake. */
class CodefreshBadFilesTest {

  private static final String V = "version: '1.0'~";
  private static final String OK = "{ image: i, commands: ls }";

  /** A {@code ~} stands for the end of a line, OK for a good step. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `steps: { s: OK }` | missing-key | 1:1
          `version: 0~steps: { s: OK }` | bad-value | 1:10
          `version: [1]~steps: { s: OK }` | bad-value | 1:10
          `Vcolour: red~steps: { s: OK }` | unknown-key | 2:1
          `Vsteps: {}` | no-steps | 2:8
          `Vsteps: [1]` | no-steps | 2:8
          `Vmode: chaos~steps: { s: OK }` | bad-value | 2:1
          `Vfail_fast: maybe~steps: { s: OK }` | bad-value | 2:12
          `Vfail_fast: [x]~steps: { s: OK }` | wrong-type | 2:12
          `Vsteps: { s: 3 }` | wrong-type | 2:13
          `Vsteps: { a.b: OK }` | bad-name | 2:10
          `Vsteps: { s: { commands: ls } }` | missing-key | 2:10
          `Vsteps: { s: { image: i, commands: ls, colour: red } }` | unknown-key | 2:39
          `Vsteps: { s: { image: i, commands: ls, cmd: x } }` | contradiction | 2:39
          `Vsteps: { s: { image: i, commands: [{ a: b }] } }` | wrong-type | 2:36
          `Vsteps: { s: { image: i, commands: ls, shell: fish } }` | bad-value | 2:39
          `Vsteps: { s: { image: i, commands: ls, timeout: soon } }` | bad-duration | 2:48
          `Vsteps: { s: { image: i, commands: ls, timeout: 60 } }` | bad-duration | 2:48
          `Vsteps: { s: { image: i, commands: ls, timeout: 999999h } }` | bad-duration | 2:48
          `Vsteps: { s: { image: i, commands: ls, timeout: [1m] } }` | wrong-type | 2:48
          `Vsteps: { s: { image: i, commands: ls, retry: 3 } }` | wrong-type | 2:46
          `Vsteps: { s: { image: i, commands: ls, retry: { maxAttempts: 0 } } }` | bad-value | 2:61
          `Vsteps: { s: { image: i, commands: ls, retry: { tries: 2 } } }` | unknown-key | 2:48
          `Vsteps: { s: { image: i, commands: ls, environment: [{ a: b }] } }` | wrong-type | 2:53
          `Vsteps: { s: { image: i, commands: ls, environment: ['1A=b'] } }` | bad-name | 2:53
          `Vsteps: { s: { type: parallel, steps: {} } }` | no-steps | 2:13
          `Vsteps: { s: { type: parallel, steps: { s: OK } } }` | same-step-name | 2:40
          `Vsteps: { s: { type: parallel, steps: { a: { type: pending-approval } } } }` | misplaced-key | 2:40
          `Vsteps: { s: { type: parallel, steps: { a: OK }, hooks: { on_finish: [x] } } }` | misplaced-key | 2:73
          `Vsteps: { s: { type: parallel, steps: { a: OK }, success_criteria: {} } }` | missing-key | 2:91
          `Vsteps: { s: { type: parallel, steps: { a: OK }, success_criteria: { steps: [b] } } }` | unknown-child | 2:101
          `Vsteps: { s: { type: parallel, steps: { a: OK }, success_criteria: { steps: { only: [a], ignore: [a] } } } }` | contradiction | 2:100
          `Vsteps: { s: { image: i, commands: ls, scale: [a] } }` | wrong-type | 2:46
          `Vsteps: { s: { image: i, commands: ls, matrix: { image: x } } }` | bad-matrix | 2:56
          `Vsteps: { s: { image: i, commands: ls, matrix: {} } }` | bad-matrix | 2:39
          `Vsteps: { s: { image: i, commands: ls, scale: null } }` | bad-matrix | 2:39
          `Vsteps: { s: { image: i, commands: ls, matrix: { image: [x] }, scale: { a: {} } } }` | contradiction | 2:39
          `Vsteps: { s: { image: i, commands: ls, when: { colour: red } } }` | unknown-key | 2:47
          `Vsteps: { s: { image: i, commands: ls, when: { branch: {} } } }` | missing-key | 2:55
          `Vsteps: { s: { image: i, commands: ls, when: { branch: { only: ['/(?=x)/'] } } } }` | bad-pattern | 2:64
          `Vsteps: { s: { image: i, commands: ls, when: { branch: { only: ['/(/'] } } } }` | bad-pattern | 2:64
          `Vsteps: { s: { image: i, commands: ls, when: { branch: { only: ['/a/q'] } } } }` | bad-pattern | 2:64
          `Vsteps: { s: { image: i, commands: ls, when: { branch: { only: ['/(a)\\1/'] } } } }` | bad-pattern | 2:64
          `Vsteps: { s: { image: i, commands: ls, when: { branch: { only: [{ a: b }] } } } }` | wrong-type | 2:64
          `Vsteps: { s: { image: i, commands: ls, when: { condition: {} } } }` | missing-key | 2:58
          `Vsteps: { s: { image: i, commands: ls, when: { condition: { all: { a-b: 'true' } } } } }` | bad-name | 2:67
          `Vsteps: { s: { image: i, commands: ls, when: { condition: { all: { a: [1] } } } } }` | wrong-type | 2:70
          `Vsteps: { s: { image: i, commands: ls, when: { steps: [{ name: t }] } } }` | no-such-step | 2:63
          `Vsteps: { s: { image: i, commands: ls, when: { steps: [{ on: [success] }] } } }` | missing-key | 2:55
          `Vsteps: { a: OK, s: { image: i, commands: ls, when: { steps: [{ name: a, on: [good] }] } } }` | bad-value | 2:97
          `Vsteps: { a: OK, s: { image: i, commands: ls, when: { steps: { all: [a], any: [a] } } } }` | contradiction | 2:85
          `Vsteps: { s: { type: build } }` | missing-key | 2:10
          `Vsteps: { s: { type: build, image_name: a, tag_policy: x } }` | bad-value | 2:43
          `Vsteps: { s: { type: push } }` | missing-key | 2:10
          `Vsteps: { s: { type: git-clone } }` | missing-key | 2:10
          `Vsteps: { s: { type: codefresh-run } }` | missing-key | 2:10
          `Vsteps: { s: { type: pending-approval, timeout: { timeUnit: days } } }` | bad-value | 2:50
          `Vsteps: { s: { type: pending-approval, timeout: { finalState: x } } }` | bad-value | 2:50
          `Vsteps: { s: { image: i, commands: ls, arguments: { commands: x } } }` | contradiction | 2:52
          `Vsteps: { s: { image: i, commands: ls, hooks: { before: [x] } } }` | unknown-key | 2:48
          `Vsteps: { s: { image: i, commands: ls, hooks: { on_fail: [] } } }` | no-steps | 2:57
          `Vsteps: { s: { image: i, commands: ls, hooks: { on_fail: { exec: { colour: red } } } } }` | unknown-key | 2:67
          `Vkind: pipeline~spec: { steps: { s: OK }, variables: [{ key: 1x }] }` | bad-value | 3:63
          `Vkind: pipeline~spec: { steps: { s: OK }, triggers: [{ type: moon }] }` | bad-value | 3:64
          `Vkind: pipeline~spec: { steps: { s: OK }, triggers: [{ type: cron }] }` | missing-key | 3:62
          `Vkind: pipeline~spec: { steps: { s: OK }, triggers: [{ type: cron, expression: often }] }` | bad-value | 3:88
          `Vkind: pipeline~spec: { steps: { s: OK }, concurrency: 99 }` | bad-value | 3:64
          `Vkind: pipeline~spec: { steps: { s: OK }, specTemplate: { location: git } }` | key-refused | 3:51
          """)
  void a_mistake_is_shown_where_it_is(String file, String code, String place) {
    String text = file.replace("OK", OK).replaceFirst("^V", V).replace('~', '\n') + "\n";
    Diagnostic error = Reading.error(text);
    assertEquals(
        code + " " + place, error.code() + " " + error.span(), () -> text + error.oneLine());
  }

  @Test
  void an_unknown_key_names_the_one_that_was_meant() {
    Diagnostic error = Reading.error(Reading.pipeline("  s: { image: i, comands: [ls] }"));
    assertTrue(
        Reading.file(Reading.pipeline("  s: { image: i, comands: [ls] }")).diagnostics().stream()
            .anyMatch(each -> each.hint().contains("'commands'")),
        error::oneLine);
  }

  @Test
  void keys_of_another_type_say_nothing_and_that_is_said() {
    Imported imported =
        Reading.file(Reading.pipeline("  s: { image: i, commands: ls, dockerfile: D }"));
    assertEquals(
        List.of("key-has-no-effect"),
        imported.diagnostics().stream().map(Diagnostic::code).toList());
    assertTrue(imported.workflow().isPresent());
  }

  @Test
  void there_are_no_variants() {
    Imported imported =
        dev.fanfare.dialect.Dialects.read(
            Reading.pipeline("  s: " + OK).getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "x.yml",
            java.util.Optional.of("codefresh:new"));
    assertEquals("unknown-dialect", imported.diagnostics().getFirst().code());
  }

  @Test
  void a_list_is_no_pipeline() {
    assertEquals("not-a-mapping", Reading.error("- a\n").code());
  }
}
