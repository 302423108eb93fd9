package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  @Test
  void an_expression_alone_is_an_expression_with_the_place_of_its_first_character() {
    assertEquals(
        new Template.Expression(new Expr("params.a", new SourceSpan(3, 29))),
        output("pass: { output: \"${{ params.a }}\" }"));
  }

  @Test
  void an_expression_inside_text_is_rendered_with_it() {
    assertEquals(
        new Template.Text(
            List.of(
                new Template.Literal("v", new SourceSpan(3, 25)),
                new Template.Expression(new Expr("a", new SourceSpan(3, 30))),
                new Template.Literal("!", new SourceSpan(3, 34))),
            new SourceSpan(3, 24)),
        output("pass: { output: \"v${{ a }}!\" }"));
  }

  @Test
  void lists_and_mappings_are_templates_all_the_way_down() {
    Template.Entries entries =
        assertInstanceOf(
            Template.Entries.class, output("pass: { output: { a: [1, \"${{ b }}\"], c: null } }"));
    Template.Items items = assertInstanceOf(Template.Items.class, entries.entries().get("a"));

    assertEquals(new Template.Literal(1L, new SourceSpan(3, 30)), items.items().get(0));
    assertInstanceOf(Template.Expression.class, items.items().get(1));
    assertEquals(List.of("a", "c"), List.copyOf(entries.entries().keySet()));
    assertEquals(new Template.Literal(null, new SourceSpan(3, 49)), entries.entries().get("c"));
  }

  @Test
  void the_line_end_of_a_block_is_no_text_around_an_expression() {
    Step step =
        Reading.workflow("name: x\nsteps:\n  s:\n    pass:\n      output: |\n        ${{ a }}\n")
            .steps()
            .getFirst();

    assertEquals(
        new Template.Expression(new Expr("a", new SourceSpan(6, 13))),
        ((Work.Pass) step.body()).output().orElseThrow());
  }

  @Test
  void an_escaped_opening_is_text() {
    assertEquals("${{ a }}", literal(output("pass: { output: \"$${{ a }}\" }")));
  }

  @Test
  void a_condition_without_braces_is_an_expression_as_a_whole() {
    assertEquals(
        new Template.Expression(new Expr("a.b == 'c'", new SourceSpan(3, 23))),
        Reading.step("run: y, when: \"a.b == 'c'\"").when().orElseThrow());
    assertEquals(
        new Template.Expression(new Expr("a > 1", new SourceSpan(3, 27))),
        Reading.step("run: y, when: \"${{ a > 1 }}\"").when().orElseThrow());
  }

  @Test
  void a_condition_in_a_block_stands_where_its_first_character_stands() {
    Step step =
        Reading.workflow("name: x\nsteps:\n  s:\n    run: y\n    when: >-\n      a &&\n      b\n")
            .steps()
            .getFirst();

    assertEquals(
        new Template.Expression(new Expr("a && b", new SourceSpan(6, 7))),
        step.when().orElseThrow());
  }

  @Test
  void a_condition_may_be_true_or_false() {
    assertEquals(false, literal(Reading.step("run: y, when: false").when().orElseThrow()));
  }

  @Test
  void environment_values_keep_the_characters_as_written() {
    Map<String, Template> env = Reading.step("run: y, env: { A: 1.10, B: true, C: }").env();

    assertEquals("1.10", literal(at(env, "A")));
    assertEquals("true", literal(at(env, "B")));
    assertEquals("", literal(at(env, "C")));
  }

  @Test
  void environment_variables_may_be_a_list_of_pairs() {
    Map<String, Template> env = Reading.step("run: y, env: [A=1=2, \"B=${{ c }}\"]").env();

    assertEquals("1=2", literal(at(env, "A")));
    assertEquals(new Template.Expression(new Expr("c", new SourceSpan(3, 36))), env.get("B"));
  }

  @Test
  void a_value_that_looks_like_an_expression_is_warned_about() {
    List<Diagnostic> found =
        Reading.file(Reading.topFile("outputs: { a: steps.s.output }")).diagnostics();

    assertEquals(1, found.size());
    assertEquals("looks-like-expression", found.getFirst().code());
    assertEquals(Diagnostic.Severity.WARNING, found.getFirst().severity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"${{ a }} && b", "a ${{ b }}", "$${{ a }}"})
  void a_condition_is_one_expression(String condition) {
    assertEquals(
        "mixed-expression",
        Reading.error(Reading.stepFile("run: y, when: \"" + condition + "\"")).code());
  }

  @Test
  void broken_expressions_are_reported_at_their_opening() {
    Diagnostic open = Reading.error(Reading.stepFile("pass: { output: \"a ${{ b\" }"));
    assertEquals("unterminated-expression", open.code());
    assertEquals(new SourceSpan(3, 27), open.span());

    Diagnostic empty = Reading.error(Reading.stepFile("pass: { output: \"${{ }}\" }"));
    assertEquals("empty-expression", empty.code());
  }

  private static Template output(String keys) {
    return ((Work.Pass) Reading.step(keys).body()).output().orElseThrow();
  }

  private static Template at(Map<String, Template> map, String key) {
    return Optional.ofNullable(map.get(key)).orElseThrow();
  }

  private static Object literal(Template template) {
    Object value = assertInstanceOf(Template.Literal.class, template).value();
    return value == null ? "null" : value;
  }
}
