package dev.fanfare.dialect.fanfare;

import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** HTTP statuses: {@code 503}, or a class of them, {@code 5xx}. */
final class HttpStatuses {

  private static final int MIN = 100;
  private static final int MAX = 599;
  private static final Pattern CLASS = Pattern.compile("[1-5](xx|XX)");

  private HttpStatuses() {}

  /** Whether a value is meant as a status: a number or a class. */
  static boolean isStatus(YamlNode node) {
    return node instanceof Scalar scalar
        && (scalar.value() instanceof Long || CLASS.matcher(scalar.text()).matches());
  }

  /** The statuses a value stands for; anything else is reported. */
  static List<Integer> of(YamlNode node, String what, Values values) {
    if (node instanceof Scalar scalar && CLASS.matcher(scalar.text()).matches()) {
      int first = (scalar.text().charAt(0) - '0') * 100;
      return IntStream.range(first, first + 100).boxed().toList();
    }
    return values.integer(node, "a status in " + what, MIN, MAX).stream().toList();
  }
}
