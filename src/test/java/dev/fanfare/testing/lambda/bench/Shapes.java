package dev.fanfare.testing.lambda.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The workflows whose cost is counted. */
final class Shapes {

  /** Rounds before those that count. */
  static final int WARM_UP = 5;

  /** A Java step that returns at once. */
  static final String CALL = "call: fanfare-bench-noop";

  /** The least that a shell can do. */
  static final String SHELL = "run: 'true'";

  private Shapes() {}

  /**
   * A workflow.
   *
   * @param steps how many it has
   */
  record Shape(String yaml, int steps) {}

  /** One step after another. */
  static Shape chain(String work, int length) {
    StringBuilder yaml = new StringBuilder("name: chain\nsteps:\n");
    for (int i = 1; i <= length; i++) {
      step(yaml, "s" + i, work, i == 1 ? List.of() : List.of("s" + (i - 1)));
    }
    return new Shape(yaml.toString(), length);
  }

  /** A first step, so many beside each other, and one that waits for all. */
  static Shape fan(int width) {
    StringBuilder yaml = new StringBuilder("name: fan\nsteps:\n");
    step(yaml, "root", CALL, List.of());
    List<String> all = IntStream.rangeClosed(1, width).mapToObj(i -> "f" + i).toList();
    all.forEach(name -> step(yaml, name, CALL, List.of("root")));
    step(yaml, "join", CALL, all);
    return new Shape(yaml.toString(), width + 2);
  }

  /** One, two beside each other, one. */
  static Shape diamond() {
    StringBuilder yaml = new StringBuilder("name: diamond\nsteps:\n");
    step(yaml, "a", CALL, List.of());
    step(yaml, "b", CALL, List.of("a"));
    step(yaml, "c", CALL, List.of("a"));
    step(yaml, "d", CALL, List.of("b", "c"));
    return new Shape(yaml.toString(), 4);
  }

  private static void step(StringBuilder yaml, String name, String work, List<String> needs) {
    String after =
        needs.isEmpty() ? "" : needs.stream().collect(Collectors.joining(", ", ", needs: [", "]"));
    yaml.append(String.format(Locale.ROOT, "  %s: { %s%s }%n", name, work, after));
  }
}
