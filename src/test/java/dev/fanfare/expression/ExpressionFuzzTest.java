package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any text is a value, a failure or a diagnostic, and never anything else. */
class ExpressionFuzzTest {

  private static final List<String> PIECES =
      List.of(
          "params",
          "steps",
          ".x",
          ".?x",
          "[0]",
          "[?0]",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          "?",
          " ",
          "+",
          "-",
          "*",
          "/",
          "%",
          "==",
          "!=",
          "<",
          ">=",
          "&&",
          "||",
          "!",
          " in ",
          "1",
          "2.5",
          "\"a\"",
          "'",
          "\"",
          "\\",
          "\n",
          "has(",
          "size(",
          "int(",
          "string(",
          "type(",
          ".map(x, ",
          ".filter(x, ",
          ".all(x, ",
          "x",
          "null",
          "true",
          ".join(",
          ".split(",
          ".replace(",
          ".matches(",
          ".format(",
          "math.greatest(",
          "lists.range(",
          "cel.bind(y, ",
          "optional.of(",
          ".orValue(",
          ".value()",
          "timestamp(",
          "duration(",
          "toJson(",
          "fromJson(",
          "base64.decode(",
          "params.list",
          "params.s",
          "item",
          "é",
          "😀",
          "\u0000",
          "`",
          "$",
          "${{",
          "}}",
          "@",
          "#",
          "//",
          ";",
          "=",
          "|",
          "&",
          "9223372036854775807",
          "1e308",
          "0x",
          "b\"",
          "r\"",
          "1u",
          ".",
          "..",
          "A{",
          ".flatten()",
          ".sort()",
          ".sortBy(x, ",
          ".distinct()",
          ".first()",
          ".substring(",
          ".charAt(",
          "\"(\"",
          "-1",
          ".getHours(",
          "0");

  @Test
  void no_text_escapes_as_another_exception() {
    long seed = Long.getLong("fanfare.seed", System.nanoTime());
    System.out.println("seed of ExpressionFuzzTest: " + seed);
    Random random = new Random(seed);
    int values = 0;
    for (int i = 0; i < 20_000; i++) {
      String source = random.nextInt(4) == 0 ? mutated(random) : pieces(random);
      values += outcome(source, seed) ? 1 : 0;
    }
    assertFalse(values == 0, "no text had a value, seed " + seed);
  }

  private static boolean outcome(String source, long seed) {
    try {
      Expressions.check(Sample.template(source), Sample.NAMES);
      Expressions.text(Sample.template(source), Sample.SCOPE);
      return true;
    } catch (ExpressionException e) {
      assertFalse(String.valueOf(e.getMessage()).contains("defect"), source);
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + ", source: " + source, e);
    }
  }

  private static String pieces(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /** A good expression with a piece put in, or a character taken out. */
  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(new RandomExpressions(random).any(3));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      if (at < text.length() && random.nextBoolean()) {
        text.deleteCharAt(at);
      } else {
        text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString();
  }
}
