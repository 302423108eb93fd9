package dev.fanfare.dialect.flowtoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Imported;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import dev.fanfare.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates as Jinja renders them. The texts on the right are what Jinja 3.1 makes of them. */
class JinjaTest {

  private static final String DATA =
      """
      {"name": "Ada Lovelace", "n": 3, "pi": 3.14, "big": 2.0, "yes": true, "no": false,
       "nothing": null, "empty": "", "list": [3, 1, 2], "words": ["pear", "Fig", "apple"],
       "users": [{"id": 1, "name": "ann", "on": true, "tags": ["x", "y"]},
                 {"id": 2, "name": "Bob", "on": false, "tags": []}],
       "map": {"a": 1, "b": 2}, "nested": {"deep": [{"x": "found"}]}, "text": "  padded ",
       "digits": "42", "float": "2.5", "dash-ed": "d", "json": "{\\"k\\": [1]}"}
      """;

  private static Imported read(String template) {
    return Flows.read(
        """
        sources:
          p: { type: process, configuration: { command: [cat] } }
        flow:
          - name: a
            source: p
            output:
              - { name: d, type: json }
              - { name: other, type: jmespath, value: x }
          - name: b
            source: p
            input: |-
        """
            + "      "
            + template.replace("\n", "\n      ")
            + "\n");
  }

  private static Template template(String written) {
    return Flows.good(read(written)).steps().get(1).env().get("FLOW_INPUT");
  }

  private static String rendered(String written, Map<String, Object> step)
      throws ExpressionException {
    Scope scope = name -> name.equals("steps") ? Map.of("a", step) : null;
    Template template = template(written);
    List<Diagnostic> wrong = Expressions.check(template, Set.of("steps")).diagnostics();
    assertEquals(List.of(), wrong.stream().map(Diagnostic::oneLine).toList());
    return Expressions.text(template, scope);
  }

  private static String rendered(String written) throws ExpressionException, Json.JsonException {
    Object data = Json.parse(DATA);
    return rendered(written, Map.of("output", Map.of("d", data), "status", "succeeded"));
  }

  private static String written(String template) {
    return template.replace("D.", "flows.a.d.").replace("D[", "flows.a.d[").replace("~~", "\n");
  }

  /** A {@code D} stands for {@code flows.a.d}, and {@code ~~} for the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          plain text => `plain text`
          {{ D.name }} => `Ada Lovelace`
          Bearer {{ D.name }}! => `Bearer Ada Lovelace!`
          {{ D.n }}-{{ D.pi }}-{{ D.big }} => `3-3.14-2.0`
          {{ D.yes }} {{ D.no }} {{ D.nothing }} => `True False None`
          [{{ D.empty }}] => `[]`
          {{ D.list[0] }}{{ D.list[-1] }} => `32`
          {{ D.users[1].name }} => `Bob`
          {{ D['users'][0]['name'] }} => `ann`
          {{ D['dash-ed'] }} => `d`
          {{ D.nested.deep[0].x }} => `found`
          {{ D.nested.deep.0.x }} => `found`
          {{ D.n + 1 }} {{ D.n - 1 }} {{ D.n * 2 }} {{ D.n / 2 }} {{ D.n // 2 }} {{ D.n % 2 }} => `4 2 6 1.5 1 1`
          {{ 7 // 2 }} {{ -7 // 2 }} {{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} => `3 -4 7 9`
          {{ D.name + "/" + D.empty }} => `Ada Lovelace/`
          {{ D.name ~ D.n ~ D.yes }} => `Ada Lovelace3True`
          {{ "a" "b" }} => `ab`
          {{ D.n == 3 }} {{ D.n != 3 }} {{ D.n > 2 and D.n < 4 }} {{ 1 < D.n <= 3 }} => `True False True True`
          {{ "yes" if D.yes else "no" }} => `yes`
          {{ "full" if D.empty else "empty" }} => `empty`
          {{ "full" if D.list else "empty" }} => `full`
          {{ "a" if D.n == 1 else "b" if D.n == 3 else "c" }} => `b`
          {{ D.empty or "fallback" }} => `fallback`
          {{ D.name or "fallback" }} => `Ada Lovelace`
          {{ D.name and "second" }} => `second`
          {{ not D.empty }} => `True`
          {{ D.nothing or D.no or "z" }} => `z`
          {{ "Ada" in D.name }} {{ 3 in D.list }} {{ "a" in D.map }} {{ 9 not in D.list }} => `True True True True`
          {{ D.missing | default("none") }} => `none`
          {{ D.missing | default(0) }} => `0`
          {{ D.name | default("none") }} => `Ada Lovelace`
          {{ D.nested.missing | default("x") }} => `x`
          {{ D.empty | default("e", true) }} => `e`
          {{ D.nothing | default("e") }} => `None`
          {{ D.missing is defined }} {{ D.name is defined }} {{ D.missing is not defined }} => `False True True`
          {{ D.nothing is none }} {{ D.name is string }} {{ D.n is number }} {{ D.map is mapping }} => `True True True True`
          {{ D.n is even }} {{ D.n is odd }} {{ D.n is divisibleby 3 }} {{ D.n is divisibleby(2) }} => `False True True False`
          {{ D.list | length }} {{ D.name | length }} {{ D.map | count }} => `3 12 2`
          {{ D.words | join(", ") }} => `pear, Fig, apple`
          {{ D.list | join("-") }} => `3-1-2`
          {{ D.users | join("|", attribute="name") }} => `ann|Bob`
          {{ D.name | upper }} {{ D.name | lower }} => `ADA LOVELACE ada lovelace`
          [{{ D.text | trim }}] => `[padded]`
          {{ D.name | trim | lower | replace(" ", "_") }} => `ada_lovelace`
          {{ D.name | replace("a", "o") }} => `Ado Loveloce`
          {{ D.list | first }} {{ D.list | last }} => `3 2`
          {{ D.digits | int + 1 }} {{ "x" | int }} {{ "x" | int(7) }} {{ 3.9 | int }} {{ "3.9" | int }} => `43 0 7 3 3`
          {{ D.float | float }} {{ "x" | float }} {{ D.n | float }} => `2.5 0.0 3.0`
          {{ D.pi | round }} {{ D.pi | round(1) }} {{ 2.1 | round(0, "ceil") }} {{ 2.9 | round(0, "floor") }} => `3.0 3.1 3.0 2.0`
          {{ D.list | sort | join(",") }} {{ D.list | sort(reverse=true) | join(",") }} => `1,2,3 3,2,1`
          {{ D.words | sort | join(",") }} => `apple,Fig,pear`
          {{ D.users | sort(attribute="name") | map(attribute="id") | join(",") }} => `1,2`
          {{ [1, 1, 2] | unique | join(",") }} => `1,2`
          {{ D.users | map(attribute="name") | join(",") }} => `ann,Bob`
          {{ D.words | map("upper") | join(",") }} => `PEAR,FIG,APPLE`
          {{ D.users | selectattr("on") | map(attribute="id") | join(",") }} => `1`
          {{ D.users | rejectattr("on") | map(attribute="id") | join(",") }} => `2`
          {{ D.users | selectattr("id", "gt", 1) | map(attribute="name") | join(",") }} => `Bob`
          {{ D.users | selectattr("name", "equalto", "ann") | map(attribute="id") | join(",") }} => `1`
          {{ D.list | select("odd") | join(",") }} {{ D.list | reject("odd") | join(",") }} => `3,1 2`
          {{ D.list | map("string") | join("+") }} => `3+1+2`
          {{ D.list | min }} {{ D.list | max }} {{ -5 | abs }} => `1 3 5`
          {{ D.list | reverse | join(",") }} => `2,1,3`
          {{ "abc" | reverse }} => `cba`
          {{ "heLLO wORLD" | capitalize }} => `Hello world`
          {{ D.map | list | join(",") }} => `a,b`
          {{ D.name[:3] }} {{ D.name[4:] }} {{ D.name[-8:] }} {{ D.list[1:2] | join(",") }} {{ D.name[:99] }} => `Ada Lovelace Lovelace 1 Ada Lovelace`
          {{ D.name.upper() }} {{ D.name.split(" ")[1] }} {{ D.name.startswith("Ada") }} => `ADA LOVELACE Lovelace True`
          {{ D.map.get("a") }} {{ D.map.get("z", 9) }} {{ ",".join(D.words) }} => `1 9 pear,Fig,apple`
          {{ D.map.keys() | list | join(",") }} => `a,b`
          {{ true }} {{ none }} {{ 1.5 }} => `True None 1.5`
          {{ "it's" }} {{ 'say "hi"' }} {{ "tab\\tnew" }} => `it's say "hi" tab\tnew`
          {# nothing #}left => `left`
          a {{- " b " -}} c => `a b c`
          {% if D.yes %}on{% else %}off{% endif %} => `on`
          {% if D.n > 5 %}five{% elif D.n > 2 %}two{% else %}less{% endif %} => `two`
          {% for u in D.users %}{{ u.name }};{% endfor %} => `ann;Bob;`
          {% for u in D.users %}{{ loop.index }}/{{ loop.length }}{{ "," if not loop.last }}{% endfor %} => `1/2,2/2`
          {% for k, v in D.map.items() %}{{ k }}={{ v }} {% endfor %} => `a=1 b=2 `
          {% for t in D.users[1].tags %}{{ t }}{% else %}nothing{% endfor %} => `nothing`
          {% for x in D.list if x > 1 %}{{ x }}{% endfor %} => `32`
          {% for u in D.users %}{% for t in u.tags %}{{ u.id }}{{ t }} {% endfor %}{% endfor %} => `1x 1y `
          {% set greeting = "Hello " ~ D.name %}{{ greeting }}, {{ greeting | length }} => `Hello Ada Lovelace, 18`
          {% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(1, 3) %}{{ i }}{% endfor %} => `01212`
          {% raw %}{{ not me }}{% endraw %} => `{{ not me }}`
          {% if D.list -%}   x   {%- endif %} => `x`
          line one~~line two {{ D.n }} => `line one~~line two 3`
          {{ D.users[0].on }}{{ D.users[1].on }} => `TrueFalse`
          {{ {"a": 1}["a"] }}{{ [1, 2][1] }} => `12`
          {{ D.n if D.no }}ERR => `ERR`
          {{ "%s" }} {{ '{{' }} => `%s {{`
          {{ D.big + 1 }} {{ D.big * 2 }} => `3.0 4.0`
          """)
  void a_template_yields_what_jinja_renders(String template, String text) throws Exception {
    assertEquals(text.replace("~~", "\n"), rendered(written(template)));
  }

  /** Where Python writes its own notation, this is JSON. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ D.list }} => [3,1,2]
          {{ D.map }} => `{"a":1,"b":2}`
          {{ D.list | tojson }} => [3,1,2]
          {{ D.map | tojson }} => `{"a":1,"b":2}`
          {{ D.name | tojson }} => `"Ada Lovelace"`
          {{ {"a": D.n, "b": [1, none]} | tojson }} => `{"a":3,"b":[1,null]}`
          """)
  void lists_and_mappings_become_json(String template, String text) throws Exception {
    assertEquals(text, rendered(written(template)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ D.missing }}",
        "{{ D.nothing.x }}",
        "{{ D.list[7] }}",
        "{{ D.missing | upper }}",
        "{% for x in D.missing %}{{ x }}{% endfor %}"
      })
  void what_is_not_there_fails_as_with_strict_undefined(String template) {
    ExpressionException failure =
        assertThrows(ExpressionException.class, () -> rendered(written(template)));
    assertTrue(failure.getMessage().contains("has no value"), failure.getMessage());
  }

  @Test
  void a_fallback_counts_also_where_the_step_itself_has_failed() throws Exception {
    Map<String, Object> failed = new java.util.HashMap<>(Map.of("status", "failed"));
    failed.put("output", null);
    assertEquals("n/a", rendered("{{ flows.a.d | default('n/a') }}", failed));
    assertEquals("n/a", rendered("{{ flows.a.d.x | default('n/a') }}", failed));
  }

  /** The place is in the template: the first of its lines is line 12, its first column 7. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ flows.a.d | groupby('x') }} => 12:20 template-untranslatable
          {{ flows.a.d | sum }} => 12:20 template-untranslatable
          {% macro m() %}x{% endmacro %} => 12:10 template-untranslatable
          ab {{ flows.a.d ** 2 }} => 12:23 template-untranslatable
          {{ flows | length }} => 12:10 template-untranslatable
          {{ flows.nope.x }} => 12:10 unknown-step
          {{ sources.nope.x }} => 12:10 unknown-source
          {{ steps.a.d }} => 12:10 unknown-name
          {{ x }} => 12:10 unknown-name
          {{ flows.a.d => 12:7 template-syntax
          ab {% if x %} => 12:20 template-syntax
          {{ 'open }} => 12:10 template-syntax
          {{ }} => 12:10 template-syntax
          {{ a ! b }} => 12:12 template-syntax
          {% endif %} => 12:10 template-syntax
          {# never closed => 12:7 template-syntax
          {{ flows.a.d.upper(1) }} => 12:26 template-untranslatable
          {{ flows.a.d | replace('x') }} => 12:20 template-syntax
          {{ flows.a.d | tojson(indent=2) }} => 12:36 template-untranslatable
          {{ flows.a.d is sameish }} => 12:20 template-untranslatable
          {{ lipsum(3) }} => 12:10 template-untranslatable
          {{ sources.p.nope }} => 12:10 unknown-name
          {{ ((((((((((((((((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))))))))))) }} => 12:50 template-untranslatable
          """)
  void what_has_no_translation_is_refused_at_its_place(String template, String finding) {
    Imported imported = read(template);
    Diagnostic found = imported.diagnostics().getFirst();
    assertEquals(finding, found.span() + " " + found.code(), found.oneLine());
    assertTrue(imported.workflow().isEmpty());
  }

  @Test
  void an_expression_has_the_place_of_its_braces() {
    Template.Text text = (Template.Text) template("one\ntwo {{ flows.a.d.x }}");
    assertEquals(new SourceSpan(13, 11), text.parts().get(1).span());
  }

  @Test
  void an_output_that_no_step_declares_is_a_warning_and_fails_the_step() {
    Diagnostic found = read("{{ flows.a.nope }}").diagnostics().getFirst();
    assertEquals("template-undefined", found.code());
    assertTrue(found.message().contains("it has d, other"), found.oneLine());
    assertThrows(ExpressionException.class, () -> rendered("{{ flows.a.nope }}"));
    assertEquals(List.of(), read("{{ flows.a.nope | default('x') }}").diagnostics());
  }

  @Test
  void values_of_a_source_can_be_read() throws Exception {
    assertEquals("process", rendered("{{ sources.p.type }}"));
    assertEquals("cat", rendered("{{ sources.p.configuration.command[0] }}"));
    assertEquals("cat", rendered("{{ sources.p.command | first }}"));
  }
}
