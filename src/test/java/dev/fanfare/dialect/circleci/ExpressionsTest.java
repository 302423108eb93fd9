package dev.fanfare.dialect.circleci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dialect.ImportInputs;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CircleCI's expression language. */
class ExpressionsTest {

  private static final Scope SCOPE = scope();

  private static Scope scope() {
    PipelineValues pipeline =
        new PipelineValues(ImportInputs.of(Map.of(), Map.of(), Map.of("branch", "main"), Map.of()));
    pipeline.parameter("deploy", Value.of(true));
    pipeline.parameter("count", Value.of(3));
    pipeline.parameter("1st-name", new Value.Text("odd"));
    return Scope.of(true, pipeline)
        .inside(Map.of("foo", Value.of(true), "bar", Value.of(false), "v", new Value.Text("1.2")));
  }

  private static Value value(String text) throws ExpressionFault {
    return new Evaluator(SCOPE).value(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pipeline.git.branch == \"main\" | true",
        "pipeline.git.branch == 'main' and pipeline.parameters.deploy | true",
        "pipeline.git.branch != \"main\" | false",
        "pipeline.git.branch == \"main\" and 10 or 1 | 10",
        "pipeline.git.branch == \"dev\" and 10 or 1 | 1",
        "pipeline.git.tag or \"none\" | none",
        "pipeline.git.branch starts-with \"ma\" | true",
        "pipeline.git.branch matches /m.*/ | true",
        "pipeline.git.branch matches /m/ | false",
        "\"a/b\" matches /a\\/./ | true",
        "not parameters.foo and parameters.bar | false",
        "not (parameters.foo and parameters.bar) | true",
        "not not parameters.foo | true",
        "pipeline.parameters.count >= 3 | true",
        "pipeline.parameters.count > 3 | false",
        "pipeline.parameters.count <= 2.5 | false",
        "pipeline.parameters.count < 4 | true",
        "pipeline.parameters.count == \"3\" | false",
        "pipeline.parameters.count != \"3\" | true",
        "false or 0 or \"\" | ''",
        "true and null | ''",
        "-1 < 0 | true",
        "parameters.v | 1.2",
        "pipeline.parameters.1st-name | odd",
        "1 == 1.0 | true",
        "(true) | true",
      })
  void an_expression_yields(String expression, String expected) throws ExpressionFault {
    assertEquals(expected, value(expression).shown());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2                           | 2 | means nothing here",
        "pipeline.git.brunch == 1        | 0 | there is no value 'pipeline.git.brunch'",
        "pipeline.git.branch > 3         | 20 | compares numbers",
        "3 starts-with \"x\"             | 2 | compares texts",
        "(true and false                 | 0 | is not closed",
        "true true                       | 5 | one too many",
        "true and                        | 8 | a value is missing",
        "and true                        | 0 | a value is missing in front of",
        "\"open                          | 0 | has no end",
        "\"a\" matches /(/               | 4 | is no regular expression",
        "1.2.3 == 1                      | 0 | is no number",
      })
  void what_is_wrong_is_told_at_its_place(String expression, int offset, String complaint) {
    ExpressionFault fault = assertThrows(ExpressionFault.class, () -> value(expression));
    assertTrue(fault.complaint().contains(complaint), fault.complaint());
    assertEquals(offset, fault.offset(), fault.complaint());
  }

  @Test
  void what_does_not_decide_is_not_computed() throws ExpressionFault {
    assertEquals("false", value("false and (pipeline.git.branch > 3)").shown());
    assertEquals("true", value("true or (pipeline.git.branch > 3)").shown());
  }

  @Test
  void depth_and_length_have_bounds() {
    String deep = "(".repeat(500) + "true" + ")".repeat(500);
    assertTrue(
        assertThrows(ExpressionFault.class, () -> value(deep)).complaint().contains("100 levels"));
    String negated = "not ".repeat(500) + "true";
    assertThrows(ExpressionFault.class, () -> value(negated));
    String wide = "true" + " and true".repeat(50_000);
    assertTrue(
        assertThrows(ExpressionFault.class, () -> value(wide)).complaint().contains("words"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(.*a){20}b", "(.*.*.*a){9}b"})
  void a_pattern_that_would_take_for_ever_is_given_up(String pattern) {
    assertTrue(
        assertThrows(ExpressionFault.class, () -> FullMatch.matches(pattern, "a".repeat(60)))
            .complaint()
            .contains("takes too long"));
  }

  @Test
  void patterns_are_javas_and_match_the_whole() throws ExpressionFault {
    assertTrue(FullMatch.matches("(?!main).*", "dev"));
    assertEquals(false, FullMatch.matches("(?!main).*", "main"));
    assertEquals(false, FullMatch.matches("v1", "v1.0"));
    assertThrows(ExpressionFault.class, () -> FullMatch.matches("x".repeat(3_000), "x"));
  }
}
