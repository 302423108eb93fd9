package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack ends by the count of its work. The clock here only catches one that does not. */
class BudgetTest {

  private static final Pattern LIMITS =
      Pattern.compile(
          "more work|iterates more|grows past|larger than|too deeply|too complex|longer");

  private static final Map<String, Object> PARAMS =
      Map.of("s", "x".repeat(1_000_000), "a", "a".repeat(100_000), "l", numbers());

  private static List<Object> numbers() {
    List<Object> numbers = new ArrayList<>();
    for (long i = 0; i < 100_000; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  static Stream<Arguments> attacks() {
    String doubling = "[1]" + ".map(x, [x, x])".repeat(45);
    return Stream.of(
            "lists.range(1000000000)",
            "lists.range(100000).map(x, x)",
            "lists.range(100).map(x, lists.range(100).map(y, lists.range(100).map(z, 1)))",
            "['aaaaaaaaaaaaaaaa']" + ".map(x, x + x)".repeat(60),
            doubling,
            doubling + " == " + doubling,
            doubling + " in [" + doubling + "]",
            "toJson(" + doubling + ")",
            doubling + ".flatten(100)",
            "[" + doubling + ", " + doubling + "].distinct()",
            "params.s.replace('x', params.s)",
            "params.s.replace('', 'ab')",
            "params.l.slice(0, 9000).map(x, 'a').join(params.s)",
            "params.s.split('')",
            "lists.range(9999).exists(x, -1 in params.l)",
            "lists.range(9999).all(x, params.l == params.l)",
            "lists.range(9999).map(x, params.s + 'y')",
            "lists.range(9999).map(x, params.s.reverse())",
            "lists.range(9999).exists(x, params.s.contains('xxxxxxxxxxxxxxxxxxxxxxxxy'))",
            "lists.range(9999).exists(x, params.s.lastIndexOf(params.a) > 0)",
            "lists.range(9999).map(x, params.l.slice(0, 90000))",
            "lists.range(9999).map(x, params.l.sort())",
            "lists.range(9999).map(x, [x]).distinct()",
            "lists.range(9999).map(x, math.greatest(params.l))",
            "lists.range(9999).map(x, toJson(params.l))",
            "lists.range(9999).map(x, fromJson(params.a) == 1)",
            "lists.range(9999).map(x, strings.quote(params.s))",
            "lists.range(9999).map(x, base64.encode(params.a))",
            "lists.range(9999).map(x, '%.100f%.100f%.100f'.format([1e300, 1e300, 1e300]))",
            "params.s.matches('(x+x+)+y')",
            "params.s.matches('((((a?){30}){30}){30})')",
            "params.a.matches('((a{100}){100}){100}')",
            "'a'.matches('" + "a".repeat(2_000) + "')",
            "lists.range(9999).exists(x, 'aaaaaaaaaaaa'.matches('((a{10}){10}){9}b'))",
            "(".repeat(5_000) + "1" + ")".repeat(5_000),
            "[".repeat(5_000) + "]".repeat(5_000),
            "1" + "+1".repeat(5_900),
            "params" + ".a".repeat(5_900),
            "params" + "[0]".repeat(3_900),
            "true" + "?true:true".repeat(1_000),
            "f(".repeat(4_000) + ")".repeat(4_000),
            "'" + "a".repeat(20_000) + "'")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void an_attack_is_stopped_by_a_limit_and_told_so(String source) {
    String message =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> {
              Expressions.check(Sample.template(source), Sample.NAMES);
              return String.valueOf(
                  assertThrows(
                          ExpressionException.class,
                          () ->
                              Expressions.evaluate(
                                  Sample.template(source), Map.of("params", PARAMS)::get))
                      .getMessage());
            });
    boolean limited = LIMITS.matcher(message).find() || message.contains("12,000 characters");
    boolean notJson = source.contains("fromJson") && message.contains("not JSON");
    assertTrue(limited || notJson, message);
  }

  @ParameterizedTest
  @MethodSource("generous")
  void honest_work_on_large_values_fits(String source) throws Exception {
    Object value = Expressions.evaluate(Sample.template(source), Map.of("params", PARAMS)::get);
    assertTrue(value != null);
  }

  static Stream<Arguments> generous() {
    return Stream.of(
            "params.s.contains('needle in a hay stack')",
            "params.s.replace('y', 'z').size()",
            "params.l.sort().size()",
            "params.l.distinct().size()",
            "50000 in params.l",
            "lists.range(9000).map(x, x * 2).filter(x, x > 1000).size() > 0 || true",
            "params.a.matches('^a+$')",
            "lists.range(4000).map(x, string(x)).join(',').split(',').size()",
            "params.l",
            "params.s")
        .map(
            source ->
                source.startsWith("lists.range(9000)") ? source.replace("9000", "4900") : source)
        .map(Arguments::of);
  }
}
