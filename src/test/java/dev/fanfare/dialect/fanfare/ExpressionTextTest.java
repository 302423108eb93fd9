package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.dialect.fanfare.ExpressionText.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTextTest {

  @Test
  void text_and_expressions_take_turns() {
    assertEquals(
        List.of(
            new Part.Plain("a ", 0),
            new Part.Code("b", 6),
            new Part.Plain(" c ", 10),
            new Part.Code("d", 16)),
        ExpressionText.split("a ${{ b }} c ${{d}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": \"}}\"}.a",
        "{'a': {'b': 1}}.a.b",
        "'it\\'s }}'",
        "\"quote \\\" }}\"",
        "'''triple ' }} '' '''",
        "\"\"\"triple \" }} \"\"\"",
        "r'raw \\'",
        "b'bytes }}'",
        "rb'\\'",
        "a // a comment with }} and '\n + b",
        "{}",
        "[{}].size()",
        "{1: {2: {3: 4}}}"
      })
  void braces_and_quotes_inside_do_not_end_an_expression(String source) {
    assertEquals(
        List.of(new Part.Code(source, 4), new Part.Plain(" tail", source.length() + 7)),
        ExpressionText.split("${{ " + source + " }} tail"));
  }

  @Test
  void a_name_that_ends_in_r_makes_no_raw_string() {
    assertEquals(
        List.of(new Part.Code("bar'\\'}}'", 4)), ExpressionText.split("${{ bar'\\'}}' }}"));
  }

  @Test
  void the_closing_braces_of_a_map_may_touch_those_of_the_expression() {
    assertEquals(List.of(new Part.Code("{'a': 1}", 3)), ExpressionText.split("${{{'a': 1}}}"));
  }

  @Test
  void a_second_dollar_makes_it_text() {
    assertEquals(
        List.of(new Part.Plain("a ${{ b }} ", 0), new Part.Code("c", 16)),
        ExpressionText.split("a $${{ b }} ${{ c }}"));
  }

  @Test
  void an_open_end_is_reported_where_it_begins() {
    assertEquals(
        List.of(new Part.Plain("a ", 0), new Part.Unterminated(false, 2)),
        ExpressionText.split("a ${{ b"));
    assertEquals(
        List.of(new Part.Unterminated(true, 0)), ExpressionText.split("${{ 'b }} and more"));
    assertEquals(List.of(new Part.Unterminated(false, 0)), ExpressionText.split("${{ {'a': 1 }}"));
  }

  @Test
  void shell_variables_are_text() {
    assertEquals(
        List.of(new Part.Plain("$A ${B} $${C} {{ d }}", 0)),
        ExpressionText.split("$A ${B} $${C} {{ d }}"));
  }
}
