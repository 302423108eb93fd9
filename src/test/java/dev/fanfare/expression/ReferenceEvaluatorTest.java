package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.fanfare.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random expressions have the same values here and in CEL's own evaluator. */
class ReferenceEvaluatorTest {

  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("params", SimpleType.DYN)
          .addLibraries(CelExtensions.strings(), CelExtensions.lists(2), CelExtensions.math())
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(CelExtensions.strings(), CelExtensions.lists(2), CelExtensions.math())
          .build();

  private int compared;
  private int failed;

  @Test
  void random_expressions_agree_with_the_reference() throws Exception {
    long seed = Long.getLong("fanfare.seed", System.nanoTime());
    System.out.println("seed of ReferenceEvaluatorTest: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 4_000; i++) {
      compare(new RandomExpressions(random).any(4), seed);
    }
    assertTrue(compared > 1_000, "values compared: " + compared);
    assertTrue(failed > 100, "failures compared: " + failed);
  }

  private void compare(String source, long seed) {
    CelAbstractSyntaxTree tree;
    try {
      tree = COMPILER.parse(source).getAst();
    } catch (CelValidationException e) {
      return; // not in the language
    }
    Object expected;
    try {
      Object value = RUNTIME.createProgram(tree).eval(Map.of("params", RandomExpressions.params()));
      expected = Json.write(plain(value));
    } catch (CelEvaluationException e) {
      expected = null;
    } catch (NotComparable e) {
      return;
    }
    Object actual;
    try {
      Object value =
          Expressions.evaluate(
              Sample.template(source),
              name -> name.equals("params") ? RandomExpressions.params() : null);
      actual = Json.write(plain(value));
    } catch (ExpressionException e) {
      actual = null;
    }
    assertEquals(expected, actual, "seed " + seed + ": " + source);
    if (expected == null) {
      failed++;
    } else {
      compared++;
    }
  }

  private static final class NotComparable extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case dev.cel.common.values.NullValue n -> null;
      case Long v -> v;
      case Double v when Double.isFinite(v) -> v + 0.0;
      case String v -> v;
      case Boolean v -> v;
      case Optional<?> v -> v.map(ReferenceEvaluatorTest::plain).orElse(null);
      case List<?> v -> {
        List<@Nullable Object> list = new java.util.ArrayList<>();
        v.forEach(each -> list.add(plain(each)));
        yield list;
      }
      case Map<?, ?> v -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        v.forEach((key, each) -> map.put(String.valueOf(key), plain(each)));
        yield map;
      }
      default -> throw new NotComparable();
    };
  }
}
