package dev.fanfare.testing.lambda.bench;

import dev.fanfare.json.Json;
import dev.fanfare.testing.Deployables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code scripts/fanfare bench lambda}. */
public final class LambdaBench {

  static final List<String> PARTS = List.of("start", "one", "chain", "chain-run", "fan", "diamond");

  private static final String USAGE =
      "fanfare: bench lambda [PART] [--rounds N]; a part is one of " + String.join(", ", PARTS);

  private LambdaBench() {}

  /** What was asked for. */
  record Asked(List<String> parts, int rounds) {

    /**
     * @throws IllegalArgumentException for what is not understood
     */
    static Asked of(List<String> arguments) {
      List<String> left = new ArrayList<>(arguments);
      int rounds = 3;
      int at = left.indexOf("--rounds");
      if (at >= 0) {
        if (at + 1 == left.size() || !left.get(at + 1).matches("[1-9][0-9]{0,3}")) {
          throw new IllegalArgumentException("--rounds takes a number from 1 to 9999");
        }
        rounds = Integer.parseInt(left.get(at + 1));
        left.subList(at, at + 2).clear();
      }
      if (left.size() > 1 || !PARTS.containsAll(left)) {
        throw new IllegalArgumentException("there is no part '" + String.join(" ", left) + "'");
      }
      return new Asked(left.isEmpty() ? PARTS : List.copyOf(left), rounds);
    }
  }

  /**
   * Prints a JSON object a line.
   *
   * @param arguments a part or none, and {@code --rounds N}
   */
  public static void main(String[] arguments) throws Exception {
    int exitCode = 0;
    try {
      run(Asked.of(List.of(arguments)));
    } catch (IllegalArgumentException e) {
      System.err.println("fanfare: " + e.getMessage() + "\n" + USAGE);
      exitCode = 2;
    }
    System.exit(exitCode);
  }

  private static void run(Asked asked) throws Exception {
    if (asked.parts().contains("start")) {
      try (BenchStage stage = new BenchStage()) {
        new ColdStarts(stage, asked.rounds(), LambdaBench::print).measure();
      }
    }
    List<String> workloads = asked.parts().stream().filter(part -> !part.equals("start")).toList();
    if (!workloads.isEmpty()) {
      try (BenchStage stage = new BenchStage()) {
        Costs costs =
            new Costs(stage, Deployables.BENCH.unpacked(), asked.rounds(), LambdaBench::print);
        for (String workload : workloads) {
          switch (workload) {
            case "one" -> costs.measure(workload, Shapes.chain(Shapes.CALL, 1), 100);
            case "chain" -> costs.measure(workload, Shapes.chain(Shapes.CALL, 100), 1);
            case "chain-run" -> costs.measure(workload, Shapes.chain(Shapes.SHELL, 100), 1);
            case "fan" -> costs.measure(workload, Shapes.fan(1_000), 1);
            case "diamond" -> costs.measure(workload, Shapes.diamond(), 100);
            default -> throw new IllegalStateException("no workload " + workload);
          }
        }
      }
    }
  }

  private static void print(Map<String, Object> line) {
    System.out.println(Json.write(line));
  }
}
