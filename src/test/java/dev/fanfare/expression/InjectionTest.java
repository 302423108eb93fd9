package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.Template;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What looks like code in a value is data. */
class InjectionTest {

  static Stream<String> hostile() {
    return Stream.of(
        "${{ secrets.TOKEN }}",
        "${{secrets.TOKEN}}",
        "}} ${{ secrets.TOKEN",
        "{{ secrets.TOKEN }}",
        "${secrets.TOKEN}",
        "$(cat /etc/passwd)",
        "`id`",
        "; rm -rf / #",
        "&& id",
        "| id",
        "\" + secrets.TOKEN + \"",
        "' + secrets.TOKEN + '",
        "\\\" + secrets.TOKEN",
        "\"}} ${{ secrets.TOKEN }}",
        "#{7*7}",
        "${7*7}",
        "{{7*7}}",
        "<%= 7*7 %>",
        "{% raw %}",
        "${jndi:ldap://x/a}",
        "__proto__",
        "constructor",
        "class.forName('x')",
        "T(java.lang.Runtime).getRuntime().exec('id')",
        "''.getClass().forName('java.lang.Runtime')",
        "\n\r\n",
        "\u0000",
        "\u202e",
        "\ufeff",
        "%s%s%n",
        "%1$s",
        "%99999999d",
        "../../etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\"; DROP TABLE runs; --",
        "{\"$ref\": \"x\"}",
        "!!java.lang.Runtime []",
        "&a [*a]",
        "*a",
        "<<: *x",
        "true",
        "null",
        "1e999",
        "(a+)+$",
        "[[[[[[[[[[",
        "{{{{{{{{",
        "\\u0024{{ secrets.TOKEN }}",
        "steps.build.output",
        "params.x",
        "x\" in params");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void a_hostile_text_stays_what_it_is(String hostile) throws Exception {
    Scope scope =
        Map.of(
                "params", Map.of("v", hostile, "m", Map.of(hostile, hostile)),
                "secrets", Map.of("TOKEN", "hunter2"))
            ::get;
    assertEquals(hostile, evaluate("params.v", scope));
    assertEquals("a" + hostile + "b", evaluate("\"a\" + params.v + \"b\"", scope));
    assertEquals(hostile, evaluate("params.m[params.v]", scope));
    assertEquals(hostile, evaluate("\"%s\".format([params.v])", scope));
    assertEquals(hostile, evaluate("fromJson(toJson(params.v))", scope));
    assertEquals(hostile, evaluate("\"x\".replace(\"x\", params.v)", scope));
    assertEquals(hostile, evaluate("[params.v].join(\",\")", scope));
    assertEquals(true, evaluate("params.v.contains(params.v)", scope));
    assertEquals(Map.of(hostile, hostile), evaluate("{params.v: params.v}", scope));
    Template text =
        new Template.Text(
            List.of(Template.literal("<"), Sample.template("params.v"), Template.literal(">")),
            Sample.HERE);
    assertEquals("<" + hostile + ">", Expressions.evaluate(text, scope));
    assertEquals(hostile, Expressions.evaluate(Template.literal(hostile), scope));
  }

  private static Object evaluate(String source, Scope scope) throws ExpressionException {
    return java.util.Objects.requireNonNull(Expressions.evaluate(Sample.template(source), scope));
  }
}
