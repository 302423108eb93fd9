package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Template;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TemplateTest {

  private static Template text(Template... parts) {
    return new Template.Text(List.of(parts), Sample.HERE);
  }

  @Test
  void a_lone_expression_keeps_its_type_and_inside_text_it_is_rendered() throws Exception {
    assertEquals(2L, Expressions.evaluate(Sample.template("params.x"), Sample.SCOPE));
    Template rendered =
        text(
            Template.literal("v"),
            Sample.template("params.x"),
            Sample.template("1.0 * 3"),
            Sample.template("params.none"),
            Template.literal("/"),
            Sample.template("params.list"),
            Sample.template("{'a': \"q\\\"\"}"));
    assertEquals("v23/[1,2,3]{\"a\":\"q\\\"\"}", Expressions.evaluate(rendered, Sample.SCOPE));
  }

  @Test
  void lists_and_maps_are_evaluated_in_depth_and_keep_their_order() throws Exception {
    Map<String, Template> entries = new LinkedHashMap<>();
    entries.put(
        "z", new Template.Items(List.of(Sample.template("params.x"), literal(null)), Sample.HERE));
    entries.put("a", literal(true));
    Object value = Expressions.evaluate(new Template.Entries(entries, Sample.HERE), Sample.SCOPE);
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("z", java.util.Arrays.asList(2L, null));
    expected.put("a", true);
    assertEquals(expected.toString(), String.valueOf(value));
  }

  private static Template literal(@Nullable Object value) {
    return Template.literal(value);
  }

  @Test
  void the_text_of_a_value_is_what_an_environment_needs() throws Exception {
    assertEquals("", Expressions.text(literal(null), Sample.SCOPE));
    assertEquals("3", Expressions.text(literal(3.0), Sample.SCOPE));
    assertEquals("0.1", Expressions.text(literal(0.1), Sample.SCOPE));
    assertEquals("[1,2,3]", Expressions.text(Sample.template("params.list"), Sample.SCOPE));
    assertEquals("true", Expressions.text(Sample.template("params.flag"), Sample.SCOPE));
  }

  @Test
  void a_condition_is_a_boolean_or_says_so() throws Exception {
    assertTrue(Expressions.test(literal(true), Sample.SCOPE));
    assertFalse(Expressions.test(literal("false"), Sample.SCOPE));
    assertTrue(Expressions.test(text(literal("tr"), literal("ue")), Sample.SCOPE));
    assertTrue(Expressions.test(Sample.template("env.CI"), Sample.SCOPE));
    ExpressionException failure =
        assertThrows(
            ExpressionException.class,
            () -> Expressions.test(Sample.template("params.x"), Sample.SCOPE));
    assertTrue(
        String.valueOf(failure.getMessage())
            .contains("must be true or false, but this is a whole number"),
        failure.getMessage());
    assertEquals("expression_failed", failure.error().code());
    assertEquals("params.x", failure.error().details().get("expression"));
    assertEquals(3L, failure.error().details().get("line"));
  }

  @Test
  void a_secret_never_shows_in_a_message() {
    for (String source :
        List.of(
            "int(secrets.TOKEN)",
            "params[secrets.TOKEN]",
            "secrets.TOKEN + 1",
            "secrets.TOKEN.x",
            "timestamp(secrets.TOKEN)",
            "fromJson(secrets.TOKEN)",
            "'a'.matches(secrets.TOKEN + '(')",
            "{secrets.TOKEN: 1, secrets.TOKEN: 2}",
            "params.list[secrets.TOKEN]",
            "secrets.TOKEN && true")) {
      assertFalse(Sample.failure(source).contains("hunter2"), source);
    }
  }

  @Test
  void a_lazy_map_is_read_only_where_the_expression_looks() throws Exception {
    Map<String, Object> lazy =
        new AbstractMap<>() {
          @Override
          public boolean containsKey(Object key) {
            return key.equals("build");
          }

          @Override
          public @Nullable Object get(Object key) {
            return key.equals("build") ? Map.of("output", Map.of("n", 7)) : null;
          }

          @Override
          public Set<Map.Entry<String, Object>> entrySet() {
            throw new AssertionError("the whole map was read");
          }
        };
    Map<String, Object> values = new HashMap<>(Map.of("steps", lazy));
    Scope scope = values::get;
    assertEquals(8L, Expressions.evaluate(Sample.template("steps.build.output.n + 1"), scope));
    assertEquals(7L, Expressions.evaluate(Sample.template("steps['build'].output.n"), scope));
    assertEquals(true, Expressions.evaluate(Sample.template("has(steps.build)"), scope));
    assertEquals(false, Expressions.evaluate(Sample.template("'x' in steps"), scope));
    assertEquals(1L, Expressions.evaluate(Sample.template("steps.?x.orValue(1)"), scope));
  }

  @Test
  void a_name_of_the_scope_goes_before_the_type_of_that_name() throws Exception {
    assertEquals("v", Expressions.evaluate(Sample.template("list"), Map.of("list", "v")::get));
  }

  @Test
  void the_cache_of_programs_is_bounded() {
    Programs programs = new Programs();
    for (int i = 0; i < 5_000; i++) {
      programs.get("1 + " + i);
    }
    assertTrue(programs.size() <= 2_002, "programs held: " + programs.size());
    assertSame(programs.get("1 + 4999"), programs.get("1 + 4999"));
  }
}
