package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosticsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          parms.x ~ 3:7 ~ unknown-name ~ did you mean params?
          1 + parms.x ~ 3:11 ~ unknown-name ~ did you mean params?
          github.event.x ~ 3:7 ~ unknown-name ~ write event
          inputs.x ~ 3:7 ~ unknown-name ~ write params
          needs.build.outputs.x ~ 3:7 ~ unknown-name ~ write steps.<id>.output
          None == params.x ~ 3:7 ~ unknown-name ~ write null
          params.x == True ~ 3:19 ~ unknown-name ~ write true
          exitCode == 1 ~ 3:7 ~ unknown-name ~ in scope here: env, event
          steps.unit-test.output ~ 3:17 ~ unknown-name ~ write steps["unit-test"]
          steps.unit-test.output == 1 ~ 3:17 ~ unknown-name ~ write steps["unit-test"]
          params.my-name ~ 3:17 ~ unknown-name ~ write params["my-name"]
          steps.build.outputs.jar ~ 3:19 ~ unknown-step-field ~ did you mean output?
          steps.publish.primary.output ~ 3:21 ~ unknown-step-field ~ steps["publish.primary"]
          params.x === 1 ~ 3:16 ~ expression-syntax ~ write ==
          params.x !== 1 ~ 3:16 ~ expression-syntax ~ write !=
          params.x = 1 ~ 3:16 ~ expression-syntax ~ write == to compare
          params.x and true ~ 3:16 ~ expression-syntax ~ write &&
          params.x or true ~ 3:16 ~ expression-syntax ~ write ||
          not params.x ~ 3:7 ~ expression-syntax ~ write !
          1 not in params.list ~ 3:9 ~ expression-syntax ~ write !(a in b)
          params.x | default(1) ~ 3:16 ~ expression-syntax ~ orValue
          params.x & 1 ~ 3:16 ~ expression-syntax ~ write &&
          params.x ?? 1 ~ 3:16 ~ expression-syntax ~ orValue
          params?.x ~ 3:13 ~ expression-syntax ~ write a.?b
          params.list.map(x => x) ~ 3:25 ~ expression-syntax ~ list.map(x, x + 1)
          "a" if params.x else "b" ~ 3:11 ~ expression-syntax ~ condition ? a : b
          $HOME ~ 3:7 ~ expression-syntax ~ env.NAME
          ${{ params.x }} ~ 3:7 ~ expression-syntax ~ inner ${{ }}
          "é😀" + params.x = 1 ~ 3:23 ~ expression-syntax ~ write ==
          params.x + ~ 3:17 ~ expression-syntax ~ something must follow
          (params.x ~ 3:16 ~ expression-syntax ~ a closing bracket is missing
          "abc ~ 3:7 ~ expression-syntax ~ close the quotes
          params x ~ 3:14 ~ expression-syntax ~ an operator may be missing
          has(params) ~ 3:10 ~ expression-syntax ~ write has(a.b)
          1u ~ 3:7 ~ expression-syntax ~ leave the u away
          Foo{a: 1} ~ 3:10 ~ expression-syntax ~ write a map
          success() ~ 3:7 ~ unknown-function ~ steps.<id>.status
          always() ~ 3:7 ~ unknown-function ~ finished
          contains(params.s, "h") ~ 3:7 ~ unknown-function ~ write a.contains(b)
          startsWith(params.s, "h") ~ 3:7 ~ unknown-function ~ write a.startsWith(b)
          format("{0}", params.s) ~ 3:7 ~ unknown-function ~ "%s-%s".format
          fromJSON(params.s) ~ 3:7 ~ unknown-function ~ write fromJson(text)
          toJSON(params.s) ~ 3:7 ~ unknown-function ~ write toJson(x)
          params.s.toUpperCase() ~ 3:16 ~ unknown-function ~ upperAscii()
          params.s.lenght() ~ 3:16 ~ unknown-function ~ docs/expressions.md
          len(params.s) ~ 3:7 ~ unknown-function ~ write size(x)
          now() ~ 3:7 ~ unknown-function ~ run.startedAt
          params.s.startWith("h") ~ 3:16 ~ unknown-function ~ did you mean startsWith?
          params.x.int() ~ 3:16 ~ unknown-function ~ write int(a)
          "a" + 1 ~ 3:11 ~ expression-type ~ string(...)
          1 + (2 > 1) ~ 3:9 ~ expression-type ~ ``
          "a" && params.flag ~ 3:7 ~ expression-type ~ compare it with something
          1 ? 2 : 3 ~ 3:7 ~ expression-type ~ compare it with something
          "abc".length ~ 3:13 ~ expression-type ~ write size(...)
          size(1, 2) ~ 3:7 ~ expression-type ~ ``
          """)
  void a_mistake_is_found_at_its_place_with_a_hint(
      String source, String place, String code, String hint) {
    List<Diagnostic> found = Sample.diagnostics(source);
    assertFalse(found.isEmpty(), "nothing found");
    Diagnostic first = found.getFirst();
    assertTrue(first.isError());
    assertEquals(code, first.code(), first.oneLine());
    assertEquals(place, first.span().toString(), first.oneLine());
    assertTrue(hint == null || first.hint().contains(hint), first.oneLine());
    assertFalse(first.message().isEmpty());
    if (!code.equals("unknown-name")) {
      assertTrue(Sample.failure(source).startsWith("${{ "), "it must not evaluate either");
    }
  }

  @Test
  void a_place_in_a_later_line_counts_from_the_start_of_that_line() {
    Diagnostic found = Sample.diagnostics("params.x > 1 &&\n  parms.y").getFirst();
    assertEquals(new SourceSpan(4, 3), found.span());
  }

  @Test
  void every_expression_of_a_template_is_checked() {
    Template template =
        new Template.Entries(
            Map.of(
                "a",
                new Template.Items(
                    List.of(Sample.template("nope1"), Template.literal(1L)), Sample.HERE),
                "b",
                new Template.Text(
                    List.of(Template.literal("x-"), Sample.template("nope2")), Sample.HERE)),
            Sample.HERE);
    Expressions.Checked checked = Expressions.check(template, Sample.NAMES);
    assertEquals(2, checked.diagnostics().size());
  }

  @Test
  void an_expression_without_a_place_in_a_file_is_reported_without_one() {
    Expr expr = new Expr("nope", SourceSpan.NONE);
    assertEquals(
        SourceSpan.NONE, Expressions.check(expr, Set.of()).diagnostics().getFirst().span());
  }

  @Test
  void what_an_expression_reads_is_known_without_running_it() {
    String source =
        "has(steps.build.output.x) && steps[\"unit-test\"].status == \"failed\""
            + " && steps.?lint.?output.hasValue() && [1].all(i, i in steps.build.output)"
            + " && steps.deploy == null && item.x > params.x";
    References read = Expressions.check(Sample.template(source), Sample.NAMES).references();
    assertEquals(Set.of("steps", "item", "params"), read.names());
    assertEquals(
        List.of("build.output", "unit-test.status", "lint.output", "build.output", "deploy."),
        read.steps().stream().map(step -> step.step() + "." + step.field()).toList());
    assertEquals(new SourceSpan(3, 11), read.steps().getFirst().span());
    assertFalse(read.dynamicSteps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "steps[params.s].output ~ true",
        "steps.map(k, steps[k].status) ~ true",
        "size(steps) ~ true",
        "params.x ~ false",
        "[1].map(steps, steps) ~ false"
      })
  void reading_steps_by_a_computed_id_is_noticed(String source, boolean dynamic) {
    Expressions.Checked checked = Expressions.check(Sample.template(source), Sample.NAMES);
    assertEquals(dynamic, checked.references().dynamicSteps());
  }
}
