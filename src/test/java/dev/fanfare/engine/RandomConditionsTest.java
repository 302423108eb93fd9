package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Drawn workflows of steps with needs and steps with {@code join: when} that read each other, also
 * in circles, moved in a drawn order.
 *
 * <p>Their conditions ask how steps have ended, so that one which holds goes on to hold. Then a
 * step has begun when all is over if and only if its condition holds when all is over, in whatever
 * order things happened; and at no time does one wait whose condition holds. Of those that read
 * each other in a circle one is given up, and may find its condition true later.
 */
class RandomConditionsTest {

  private static final long SEED = Long.getLong("fanfare.seed", 20_261_121L);
  private static final int RUNS = 400;

  private static final List<StepStatus> NOT_BEGUN = List.of(StepStatus.NOT_RUN, StepStatus.PENDING);

  private static final List<StepStatus> ENDS =
      List.of(StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.NOT_RUN, StepStatus.SKIPPED);

  /** A condition, and the same as an expression. */
  private record Condition(String text, Predicate<Map<String, StepStatus>> holds) {}

  /** One workflow. */
  private static final class Drawn {
    private final Random random;

    /** Whether steps may read each other. */
    private final boolean circles;

    private final List<String> paths = new ArrayList<>();
    private final Map<String, Condition> conditions = new TreeMap<>();
    private final StringBuilder yaml = new StringBuilder("steps:\n");

    Drawn(long seed) {
      this.random = new Random(seed);
      this.circles = random.nextBoolean();
    }

    private void draw() {
      int groups = random.nextInt(3);
      int top = 2 + random.nextInt(6);
      for (int i = 0; i < top; i++) {
        paths.add("s" + i);
      }
      for (int g = 0; g < groups; g++) {
        paths.add("g" + g);
        for (int i = 0; i < 2; i++) {
          paths.add("g" + g + ".c" + i);
        }
      }
      for (int i = 0; i < top; i++) {
        yaml.append("  s")
            .append(i)
            .append(": { call: w")
            .append(around("s" + i, i))
            .append(" }\n");
      }
      for (int g = 0; g < groups; g++) {
        String group = "g" + g;
        yaml.append("  ").append(group).append(":\n    parallel:\n      steps:\n");
        for (int i = 0; i < 2; i++) {
          String child = group + ".c" + i;
          yaml.append("        c").append(i).append(": { call: w");
          yaml.append(random.nextInt(3) == 0 ? "" : condition(child)).append(" }\n");
        }
        if (random.nextInt(3) == 0) {
          yaml.append("    ").append(condition(group).substring(2).replace(", when", "\n    when"));
          yaml.append('\n');
        }
      }
    }

    /** Needs of steps before it, or a condition on any. */
    private String around(String path, int before) {
      if (random.nextInt(3) > 0) {
        return condition(path);
      }
      String tolerate = random.nextBoolean() ? ", onFailure: tolerate" : "";
      if (before == 0 || random.nextBoolean()) {
        return tolerate;
      }
      String on = random.nextBoolean() ? "" : ", on: finished";
      return ", needs: { step: s" + random.nextInt(before) + on + " }" + tolerate;
    }

    private String condition(String path) {
      Condition condition = condition(path, 2);
      conditions.put(path, condition);
      return ", join: when, when: \"${{ " + condition.text() + " }}\"";
    }

    private Condition condition(String reader, int depth) {
      if (depth > 0 && random.nextInt(3) == 0) {
        Condition one = condition(reader, depth - 1);
        Condition two = condition(reader, depth - 1);
        return random.nextBoolean()
            ? new Condition(
                "(" + one.text() + " && " + two.text() + ")", one.holds().and(two.holds()))
            : new Condition(
                "(" + one.text() + " || " + two.text() + ")", one.holds().or(two.holds()));
      }
      List<String> others =
          paths.subList(0, circles ? paths.size() : paths.indexOf(reader)).stream()
              .filter(path -> !path.equals(reader))
              .filter(path -> !path.startsWith(reader + ".") && !reader.startsWith(path + "."))
              .toList();
      if (others.isEmpty()) {
        return new Condition("1 < 2", all -> true);
      }
      String read = others.get(random.nextInt(others.size()));
      StepStatus status = ENDS.get(random.nextInt(ENDS.size()));
      String text =
          "steps['" + read + "'].status == '" + status.name().toLowerCase(Locale.ROOT) + "'";
      return new Condition(text, all -> all.get(read) == status);
    }

    private Map<String, StepStatus> statuses(Play play) {
      Map<String, StepStatus> statuses = new TreeMap<>();
      paths.forEach(path -> statuses.put(path, play.status(path)));
      return statuses;
    }

    /** Whether what is around a step is open, so that it may begin. */
    private static boolean mayBegin(String path, Map<String, StepStatus> statuses) {
      return Optional.of(path.indexOf('.'))
          .filter(dot -> dot > 0)
          .map(dot -> statuses.get(path.substring(0, dot)) == StepStatus.RUNNING)
          .orElse(true);
    }

    void play() {
      draw();
      String text = yaml.toString();
      Play play = Play.of(text);
      nothingWaitsThatCouldGo(play, text);
      while (!play.claimed().isEmpty()) {
        List<String> claimed = play.claimed();
        String step = claimed.get(random.nextInt(claimed.size()));
        switch (random.nextInt(4)) {
          case 0 -> play.begin(step);
          case 1 -> play.fail(step);
          default -> play.succeed(step);
        }
        nothingWaitsThatCouldGo(play, text);
      }
      assertTrue(play.run().isTerminal(), text);
      Map<String, StepStatus> ends = statuses(play);
      conditions.forEach(
          (path, condition) -> {
            boolean opened = mayHaveBegun(path, ends);
            boolean begun = !NOT_BEGUN.contains(ends.get(path));
            boolean holds = opened && condition.holds().test(ends);
            // Of steps that wait for each other in a circle one is given up for the others.
            if (begun || !circles) {
              assertEquals(holds, begun, path + " of " + ends + "\n" + text);
            }
          });
    }

    /** Whether a step's group, if it is in one, has been opened. */
    private static boolean mayHaveBegun(String path, Map<String, StepStatus> ends) {
      int dot = path.indexOf('.');
      return dot < 0 || ends.get(path.substring(0, dot)) != StepStatus.NOT_RUN;
    }

    private void nothingWaitsThatCouldGo(Play play, String text) {
      Map<String, StepStatus> now = statuses(play);
      conditions.forEach(
          (path, condition) ->
              assertFalse(
                  now.get(path) == StepStatus.PENDING
                      && mayBegin(path, now)
                      && condition.holds().test(now),
                  path + " waits in " + now + "\n" + text));
    }
  }

  @Test
  void a_step_has_begun_if_and_only_if_its_condition_holds_in_the_end() {
    System.out.println("conditions: " + RUNS + " runs from seed " + SEED);
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      new Drawn(seed).play();
    }
  }
}
