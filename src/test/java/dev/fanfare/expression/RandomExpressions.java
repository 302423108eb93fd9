package dev.fanfare.expression;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random expressions that are mostly well typed, over values of every kind.
 *
 * <p>Left out is what the reference does against CEL's specification: {@code "".indexOf("x")} fails
 * there, {@code math.round} ends at the largest whole number, {@code flatten} and a second {@code
 * sortBy} lose the kind of their elements.
 */
final class RandomExpressions {

  private final Random random;

  RandomExpressions(Random random) {
    this.random = random;
  }

  static Map<String, Object> params() {
    return Map.of(
        "n",
        3L,
        "d",
        2.5,
        "s",
        "héllo",
        "b",
        true,
        "l",
        List.of(1L, 2L, 3L),
        "t",
        List.of("x", "yy"),
        "m",
        Map.of("k", 1L, "q", "v"));
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  String any(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> whole(depth);
      case 1 -> decimal(depth);
      case 2 -> text(depth);
      case 3 -> bool(depth);
      case 4 -> wholes(depth);
      default -> texts(depth);
    };
  }

  String whole(int depth) {
    if (depth == 0) {
      return pick("0", "1", "7", "-3", "params.n", "9223372036854775807", "params.l[0]");
    }
    int d = depth - 1;
    return switch (random.nextInt(10)) {
      case 0, 1 -> "(" + whole(d) + pick(" + ", " - ", " * ") + whole(d) + ")";
      case 2 -> "(" + whole(d) + pick(" / ", " % ") + whole(d) + ")";
      case 3 -> "size(" + pick(text(d), wholes(d)) + ")";
      case 4 -> "(" + bool(d) + " ? " + whole(d) + " : " + whole(d) + ")";
      case 5 -> "(" + wholes(d) + ")[" + whole(d) + "]";
      case 6 -> "('z' + " + text(d) + ")." + pick("indexOf(", "lastIndexOf(") + text(d) + ")";
      case 7 -> "math.greatest(" + whole(d) + ", " + whole(d) + ")";
      case 8 -> "-(" + whole(d) + ")";
      default -> whole(d);
    };
  }

  String decimal(int depth) {
    if (depth == 0) {
      return pick("0.0", "1.5", "-2.25", "params.d", "100.25");
    }
    int d = depth - 1;
    return switch (random.nextInt(4)) {
      case 0 -> "(" + decimal(d) + pick(" + ", " - ", " * ", " / ") + decimal(d) + ")";
      case 1 -> "double(size(" + wholes(d) + "))";
      case 2 -> "math.abs(" + decimal(d) + ")";
      default -> pick("math.ceil(", "math.floor(", "math.round(", "math.trunc(") + decimal(d) + ")";
    };
  }

  String text(int depth) {
    if (depth == 0) {
      return pick("\"\"", "'a'", "\"abcabc\"", "'é😀z'", "params.s", "params.m.q", "params.t[1]");
    }
    int d = depth - 1;
    return switch (random.nextInt(9)) {
      case 0, 1 -> "(" + text(d) + " + " + text(d) + ")";
      case 2 -> "string(" + pick(whole(d), bool(d)) + ")";
      case 3 -> "(" + text(d) + ").replace(" + text(d) + ", " + text(d) + ")";
      case 4 -> "(" + text(d) + ").substring(" + whole(0) + ")";
      case 5 -> "(" + text(d) + ")." + pick("upperAscii()", "lowerAscii()", "trim()");
      case 6 -> "(" + texts(d) + ").join(" + text(d) + ")";
      case 7 -> "(" + text(d) + ").charAt(" + whole(0) + ")";
      default -> "(" + bool(d) + " ? " + text(d) + " : " + text(d) + ")";
    };
  }

  String bool(int depth) {
    if (depth == 0) {
      return pick("true", "false", "params.b", "has(params.s)", "has(params.nope)", "params.nope");
    }
    int d = depth - 1;
    return switch (random.nextInt(9)) {
      case 0, 1 -> "(" + bool(d) + pick(" && ", " || ") + bool(d) + ")";
      case 2 -> "!(" + bool(d) + ")";
      case 3 -> "(" + whole(d) + pick(" < ", " <= ", " == ", " != ", " >= ") + whole(d) + ")";
      case 4 -> "(" + text(d) + pick(" < ", " > ", " == ") + text(d) + ")";
      case 5 ->
          "(" + text(d) + ")." + pick("contains(", "startsWith(", "endsWith(") + text(d) + ")";
      case 6 -> "(" + whole(d) + " in " + wholes(d) + ")";
      case 7 ->
          "("
              + wholes(d)
              + ")."
              + pick("all", "exists", "exists_one")
              + "(e, e > "
              + whole(d)
              + ")";
      default -> "(" + wholes(d) + " == " + wholes(d) + ")";
    };
  }

  String wholes(int depth) {
    if (depth == 0) {
      return pick("[]", "[1, 2]", "params.l", "[3, 1, 2, 1]");
    }
    int d = depth - 1;
    return switch (random.nextInt(7)) {
      case 0 -> "[" + whole(d) + ", " + whole(d) + "]";
      case 1 -> "(" + wholes(d) + " + " + wholes(d) + ")";
      case 2 -> "(" + wholes(d) + ").map(e, e " + pick("+", "*", "/") + " " + whole(d) + ")";
      case 3 -> "(" + wholes(d) + ").filter(e, e " + pick("<", ">") + " " + whole(d) + ")";
      case 4 -> "(" + wholes(d) + ")." + pick("sort()", "distinct()");
      case 5 -> "(" + wholes(d) + ").slice(" + pick("0, 1", "1, 2", "2, 9") + ")";
      default -> "(" + wholes(d) + ").map(e, e > 1, e)";
    };
  }

  String texts(int depth) {
    if (depth == 0) {
      return pick("[]", "['b', 'a']", "params.t");
    }
    int d = depth - 1;
    return switch (random.nextInt(4)) {
      case 0 -> "(" + text(d) + ").split(" + text(d) + ")";
      case 1 -> "(" + texts(d) + ").map(e, e + " + text(d) + ")";
      case 2 -> "(" + wholes(d) + ").map(e, e > 1 ? 'p' : 'q')";
      default -> "(" + texts(d) + ")." + pick("sort()", "distinct()", "sortBy(e, size(e))");
    };
  }
}
