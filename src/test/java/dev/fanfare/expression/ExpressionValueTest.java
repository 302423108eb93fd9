package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionValueTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          1 ~ 1
          -7 ~ -7
          1.5 ~ 1.5
          "a" ~ "a"
          'a"b' ~ "a\\"b"
          r"\\d" ~ "\\\\d"
          null ~ null
          true ~ true
          [] ~ []
          {} ~ {}
          [1, "a", null] ~ [1, "a", null]
          {"a": {"b": 1}} ~ {"a": {"b": 1}}
          {1: "a", true: "b"} ~ {"1": "a", "true": "b"}
          params.x + 1 ~ 3
          params.x > 1.5 ~ true
          params.x + 0.5 ~ 2.5
          params.x * params.ratio ~ 1.0
          params.x - 3 ~ -1
          params.x / 2.0 ~ 1.0
          7 / 2 ~ 3
          -7 / 2 ~ -3
          -7 % 3 ~ -1
          2 == 2.0 ~ true
          2 != 2.5 ~ true
          9007199254740993 == 9007199254740992.0 ~ false
          9007199254740993 > 9007199254740992.0 ~ true
          "a" < "b" ~ true
          "a" == 1 ~ false
          [1, 2] == [1.0, 2.0] ~ true
          {"a": 1} == {"a": 1.0} ~ true
          {"a": 1} == {"b": 1} ~ false
          null == null ~ true
          params.none == null ~ true
          params.s == null ~ false
          params.flag && params.x == 2 ~ true
          false && params.nope ~ false
          params.nope || true ~ true
          !params.flag ~ false
          params.flag ? "yes" : null ~ "yes"
          params.x == 3 ? "yes" : null ~ null
          params["weird key"] ~ 1
          params.`weird key` ~ 1
          params.list[0] ~ 1
          params.list[1.0] ~ 2
          params.list[params.x] ~ 3
          "build" in steps ~ true
          4 in params.list ~ false
          2.0 in params.list ~ true
          steps.build.output.size ~ 10
          steps["get items"].output[1].id ~ 2
          steps["get items"].output.map(i, i.id) ~ [1, 2]
          steps["unit-test"].status == "failed" ~ true
          has(steps.build.output.jar) ~ true
          has(steps.build.output.tag) ~ false
          has(steps["unit-test"].output.tag) ~ false
          steps.build.output.?tag.orValue("none") ~ "none"
          steps.?nope.?output.?x.orValue(1) ~ 1
          steps.build.output.?jar.orValue("none") ~ "app.jar"
          params.?none ~ null
          params.list[?9].orValue(0) ~ 0
          params.list[?0].or(optional.of(9)).value() ~ 1
          optional.none().or(optional.of(9)).value() ~ 9
          optional.of(1).hasValue() ~ true
          optional.ofNonZeroValue("").hasValue() ~ false
          params.?x.orValue(1 / 0) ~ 2
          [1, ?params.?nope, 2] ~ [1, 2]
          {?"a": params.?x, ?"b": params.?nope} ~ {"a": 2}
          params.list.map(i, i * 2) ~ [2, 4, 6]
          params.list.map(i, i > 1, i * 2) ~ [4, 6]
          params.list.filter(i, i != 2) ~ [1, 3]
          params.list.all(i, i > 0) ~ true
          params.list.exists(i, i > 2) ~ true
          params.list.exists_one(i, i > 1) ~ false
          params.empty.all(i, false) ~ true
          [0, 1].exists(i, 1 / i == 1) ~ true
          [0, 1].all(i, 1 / i == 2) ~ false
          [1, 2].map(a, [3, 4].map(b, a * b)) ~ [[3, 4], [6, 8]]
          [1, 2].map(item, item + 1) ~ [2, 3]
          {"a": 1, "b": 2}.map(k, k) ~ ["a", "b"]
          {"a": 1}.exists(k, k == "a") ~ true
          cel.bind(v, params.x, v * v) ~ 4
          [[1], [2]].flatten() ~ [1, 2]
          [[[1]]].flatten(2) ~ [1]
          [3, 1.5, 2].sort() ~ [1.5, 2, 3]
          params.names.sortBy(n, n) ~ ["a", "b", "c"]
          [1, 1.0, "1", null, null].distinct() ~ [1, "1", null]
          lists.range(3) ~ [0, 1, 2]
          [1, 2, 3].slice(1, 2) ~ [2]
          [1, 2].reverse() ~ [2, 1]
          [1, 2].last().value() ~ 2
          params.names.join("-") ~ "b-a-c"
          "a,b,,c".split(",") ~ ["a", "b", "", "c"]
          "a,b,c".split(",", 2) ~ ["a", "b,c"]
          "abc".split("") ~ ["a", "b", "c"]
          "😀é".size() ~ 2
          "😀é".substring(1) ~ "é"
          "😀é".reverse() ~ "é😀"
          "a😀b".indexOf("b") ~ 2
          "a😀b".charAt(1) ~ "😀"
          "abcabc".lastIndexOf("abc") ~ 3
          "abcabc".indexOf("c", 3) ~ 5
          "aabaabaaab".indexOf("aabaaa") ~ 3
          "abc".replace("", "-") ~ "-a-b-c-"
          "aaa".replace("a", "b", 2) ~ "bba"
          "abababab".replace("ababa", "x") ~ "xbab"
          "ÀB".lowerAscii() ~ "Àb"
          "x1".matches("[a-z][0-9]") ~ true
          "%s|%d|%.2f|%x|%%|%s".format(["a", 1, 1.005, 255, [1, {"b": null}]]) ~ "a|1|1.01|ff|%|[1,{\\"b\\":null}]"
          math.greatest(1, 2.5, -3) ~ 2.5
          math.least([3, 2]) ~ 2
          math.round(-1.5) ~ -2.0
          math.bitShiftLeft(1, 4) ~ 16
          int("12") + int(2.9) ~ 14
          int(timestamp("1970-01-01T00:01:00Z")) ~ 60
          double("1e3") ~ 1000.0
          string(3.0) + string(2.5) + string(true) ~ "32.5true"
          bool("false") ~ false
          size(b"abc") ~ 3
          b"abc" ~ "YWJj"
          string(base64.decode(base64.encode("hé"))) ~ "hé"
          fromJson(toJson(params.list)) ~ [1, 2, 3]
          type(1) == int && type("") == string && type(null) == null_type ~ true
          timestamp(run.startedAt) - duration("36h") ~ "2026-01-30T00:00:00Z"
          timestamp("2026-01-31T12:00:00Z") - timestamp("2026-01-31T10:30:00Z") ~ "5400s"
          duration("1.5s") + duration("500ms") ~ "2s"
          timestamp(run.startedAt).getDayOfWeek() ~ 6
          item.name + string(index) ~ "shard1"
          // a comment\\u000A 1 ~ 1
          """)
  void an_expression_has_its_value(String source, String json) throws Exception {
    String written = source.replace("\\u000A", "\n");
    assertEquals(Json.parse(json), Sample.evaluate(written));
    assertEquals(java.util.List.of(), Sample.diagnostics(written));
  }

  @ParameterizedTest(name = "{0} fails: {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          1 / 0 ~ 3:9 ~ division by zero
          params.x % 0 ~ 3:16 ~ division by 0
          params.x + 9223372036854775807 ~ 3:16 ~ too large
          params.y ~ 3:14 ~ there is no "y" in params; did you mean "x"?
          steps.build.output.tag ~ 3:26 ~ there is no "tag" in steps.build.output
          steps["unit-test"].output.x ~ 3:33 ~ is null and has no "x"; its step may not have run
          params.s.length ~ 3:16 ~ params.s is text and has no "length"; write size(params.s)
          params.list[3] ~ 3:18 ~ params.list has 3 elements and none at this index
          params.list["a"] ~ 3:18 ~ params.list is a list: its index is a whole number, not text
          params.s + params.x ~ 3:16 ~ + cannot take text and a whole number; make the other one text
          params.s * 2 ~ 3:16 ~ * cannot take text and a whole number; make the text a number
          params.x && true ~ 3:14 ~ params.x is a whole number where true or false is needed
          params.s ? 1 : 2 ~ 3:14 ~ params.s is text where true or false is needed
          params.x.map(i, i) ~ 3:14 ~ params.x is a whole number where a list or a map is needed
          params.list.map(i, i / 0) ~ 3:28 ~ division by zero
          params.list.join(",") ~ 3:19 ~ join takes a list of texts
          int(params.s) ~ 3:7 ~ not a whole number
          params.s.matches("(") ~ 3:16 ~ the regular expression cannot be read
          1.0 / 0 ~ 3:7 ~ not a finite number
          type(1) ~ 3:7 ~ the result is the type int
          params.s.substring(5) ~ 3:16 ~ the text has 2 characters
          timestamp(params.s) ~ 3:7 ~ not a timestamp
          {"a": 1, "a": 2} ~ 3:16 ~ the same key twice
          params.?nope.value() ~ 3:20 ~ the optional is empty
          """)
  void a_failure_says_what_and_where(String source, String place, String message) {
    String failure = Sample.failure(source);
    assertTrue(failure.contains(message), failure);
    assertTrue(failure.contains(source), failure);
    assertTrue(failure.contains(" at " + place + " "), failure);
  }
}
