package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Template;
import dev.fanfare.dialects.Shows;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of conditions, evaluated as the engine does it. */
@Shows({"step.when", "when.condition", "condition.all", "conditions.*"})
class CodefreshConditionsTest {

  private static final String STEPS =
      "  good: { image: alpine, commands: [cf_export COLOUR=red] }\n"
          + "  bad: { image: alpine, commands: [exit 1], fail_fast: false }\n"
          + "  left: { image: alpine, commands: [ls] }\n"
          + "  build-image: { type: build, image_name: app, title: Build it }\n";

  private static Map<String, Object> step(String status, @Nullable Object output) {
    Map<String, Object> step = new HashMap<>();
    step.put("status", status);
    step.put("output", output);
    return step;
  }

  private static boolean holds(String condition) throws ExpressionException {
    String file =
        Reading.pipeline(
            STEPS
                + "  s:\n    image: alpine\n    commands: [ls]\n    when:\n      condition:\n"
                + "        all:\n          x: |-\n            "
                + condition
                + "\n  later: { image: alpine, commands: [ls] }");
    Template when = Reading.workflow(file).steps().get(4).when().orElseThrow();
    Map<String, Object> values = new HashMap<>();
    values.put("params", Map.of("BRANCH", "feature/x", "NUM", "3", "FLAG", "true", "EMPTY", ""));
    values.put("run", Map.of("branch", "master", "id", "r1"));
    values.put("event", Map.of());
    values.put("workflow", Map.of("name", "codefresh"));
    values.put(
        "steps",
        Map.of(
            "good", step("succeeded", Map.of("COLOUR", "red")),
            "bad", step("failed", "text"),
            "left", step("skipped", null),
            "build-image", step("succeeded", Map.of("imageId", "sha256:1"))));
    return Expressions.test(when, values::get);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "true ~ true",
        "false ~ false",
        "null ~ false",
        "'' ~ false",
        "'a' ~ true",
        "0 ~ false",
        "0.5 ~ true",
        "!0 ~ true",
        "!'a' ~ false",
        "-1 < 0 ~ true",
        "1 + 2 * 3 == 7 ~ true",
        "(1 + 2) * 3 == 9 ~ true",
        "7 / 2 == 3.5 ~ true",
        "7 % 4 == 3 ~ true",
        "-7 % 4 == -3 ~ true",
        "'a' + 'b' == 'ab' ~ true",
        "'a' + 1 == 'a1' ~ true",
        "2 > 1 && 1 >= 1 && 1 < 2 && 2 <= 2 ~ true",
        "'a' < 'b' ~ true",
        "1 == '1' ~ false",
        "1 === 1 ~ true",
        "1 !== 2 ~ true",
        "1 != 1 ~ false",
        "false || 'x' ~ true",
        "true && '' ~ false",
        "true || Number('x') == 1 ~ true",
        "String(40) == '40' ~ true",
        "String(null) == 'null' ~ true",
        "String(true) == 'true' ~ true",
        "Number('40') == 40 ~ true",
        "Number(true) == 1 ~ true",
        "Boolean('') ~ false",
        "Boolean('x') ~ true",
        "round(1.3) == 1 ~ true",
        "round(1.95) == 2 ~ true",
        "round(-1.5) == -1 ~ true",
        "floor(1.95) == 1 ~ true",
        "upper('hello') == 'HELLO' ~ true",
        "lower('HeLLo') == 'hello' ~ true",
        "trim('  abc ') == 'abc' ~ true",
        "trimLeft('  abc ') == 'abc ' ~ true",
        "trimRight('  abc ') == '  abc' ~ true",
        "replace('hello there', 'e', 'a') == 'hallo thara' ~ true",
        "substring('hello world', 6, 11) == 'world' ~ true",
        "substring('hello', 3, 1) == 'el' ~ true",
        "substring('hello', -3, 99) == 'hello' ~ true",
        "substring('hello', 3) == 'lo' ~ true",
        "length('gump') == 4 ~ true",
        "includes('codefresh', 'odef') ~ true",
        "includes('codefresh', 'x') == false ~ true",
        "indexOf('codefresh', 'odef') == 1 ~ true",
        "indexOf('codefresh', 'x') == -1 ~ true",
        "match('hello there you', 'hell.', false) ~ true",
        "match('hello there you', 'HELL.', false) ~ false",
        "match('hello there you', 'HELL.', true) ~ true",
        "match('${{BRANCH}}', '^feature/', true) ~ true",
        "Variable('BRANCH') == 'feature/x' ~ true",
        "Variable('NOBODY') == null ~ true",
        "Variable('CF_BRANCH') == 'master' ~ true",
        "Member('bad', 'result') == 'failure' ~ true",
        "'${{BRANCH}}' == 'feature/x' ~ true",
        "\"${{CF_BRANCH}}\" == \"master\" ~ true",
        "includes(\"${{NOBODY}}\", \"{{NOBODY}}\") ~ true",
        "includes(\"${{BRANCH}}\", \"{{BRANCH}}\") == false ~ true",
        "'${{EMPTY}}' == '' ~ true",
        "${{NUM}} > 2 ~ true",
        "${{FLAG}} == true ~ true",
        "${{FLAG}} ~ true",
        "'${{COLOUR}}' == 'red' ~ true",
        "Variable('COLOUR') == 'red' ~ true",
        "steps.good.result == 'success' ~ true",
        "steps.good.result != 'success' ~ false",
        "'success' == steps.good.result ~ true",
        "${{steps.good.result}} === 'success' ~ true",
        "good.result == 'success' ~ true",
        "steps.bad.result == 'failure' ~ true",
        "steps.bad.result == 'error' ~ true",
        "steps.bad.result == 'finished' ~ false",
        "steps.left.result == 'skipped' ~ true",
        "steps.later.result == 'pending' ~ true",
        "steps.s.result == 'running' ~ true",
        "upper(steps.bad.result) == 'FAILURE' ~ true",
        "steps.build-image.result == 'success' ~ true",
        "steps.build-image.imageId == 'sha256:1' ~ true",
        "'${{build-image}}' == 'sha256:1' ~ true",
        "steps.build-image.name == 'build-image' ~ true",
        "steps.build-image.type == 'build' ~ true",
        "steps.build-image.title == 'Build it' ~ true",
        "steps.good.description == null ~ true",
        "steps.good.workingDirectory == '/codefresh/volume' ~ true",
        "steps.left.imageId == null ~ true",
        "workflow.result == 'failure' ~ true",
        "workflow.name == 'codefresh' ~ true",
        "'it\\'s' == \"it's\" ~ true",
        "'\\d' == '\\\\d' ~ true",
      })
  void a_condition_holds_as_it_does_there(String condition, boolean expected)
      throws ExpressionException {
    assertEquals(expected, holds(condition), condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "1 + ~ 15",
        "(1 ~ 14",
        "1 2 ~ 14",
        "a = b ~ 14",
        "1 = 2 ~ 14",
        "nonsense ~ 12",
        "frobnicate(1) ~ 12",
        "upper('a', 'b') ~ 12",
        "'open ~ 12",
        "${{open ~ 12",
        "12ab ~ 12",
        "steps.nobody.result == 1 ~ 12",
        "steps.good. == 1 ~ 12",
        "workflow.colour ~ 12",
        "match('a', '(?=b)', true) ~ 23",
        "match('a', '(', true) ~ 23",
        "Variable(1) ~ 12",
        "Member('nobody', 'result') ~ 12",
        "1 ; 2 ~ 14",
        "includes('a' 'b') ~ 25",
        "+ ~ 12",
      })
  void a_condition_that_means_nothing_is_refused_where_it_stops_to(String condition, int column) {
    Diagnostic error =
        Reading.error(
            Reading.pipeline(
                    STEPS
                        + "  s:\n"
                        + "    image: alpine\n"
                        + "    commands: [ls]\n"
                        + "    when: { condition: { all: {\n"
                        + "        x: \"\"\n"
                        + "    } } }")
                .replace("        x: \"\"", "       x: >-\n           " + condition)
                .replace("{ condition: { all: {", "\n     condition:\n      all:")
                .replace("\n    } } }", ""));
    assertEquals("bad-condition", error.code(), error::oneLine);
    assertEquals(column, error.span().column(), () -> condition + ": " + error.oneLine());
  }

  @Test
  void a_text_that_is_no_number_fails_the_condition() {
    assertThrows(ExpressionException.class, () -> holds("Number('12x') == 12"));
    assertThrows(ExpressionException.class, () -> holds("Number('${{BRANCH}}') == 12"));
  }

  @Test
  void a_condition_has_a_limit() {
    String long1 = "'" + "x".repeat(12_000) + "' == ''";
    Diagnostic error = Reading.error(condition(long1));
    assertEquals("bad-condition", error.code());
    assertTrue(error.message().contains("12,000"), error::oneLine);
  }

  @Test
  void brackets_without_end_are_refused_and_not_followed() {
    Diagnostic error = Reading.error(condition("(".repeat(5_000)));
    assertEquals("bad-condition", error.code());
    assertTrue(Reading.error(condition("!".repeat(5_000) + "1")).message().contains("too deep"));
  }

  @Test
  void a_long_chain_of_conditions_is_read() throws ExpressionException {
    assertTrue(holds("1 == 2 || ".repeat(400) + "true"));
    assertFalse(holds("1 == 1 && ".repeat(400) + "false"));
  }

  private static String condition(String text) {
    return Reading.pipeline(
        "  s:",
        "    image: alpine",
        "    commands: [ls]",
        "    when: { condition: { all: { x: \"" + text + "\" } } }");
  }
}
