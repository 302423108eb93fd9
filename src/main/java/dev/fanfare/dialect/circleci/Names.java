package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Nearest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Names of jobs as names of steps: unique among siblings, of the characters a step may have. */
final class Names {

  private static final int MAX = 120;

  private final Set<String> taken = new HashSet<>();

  /** A name for a step; what a step cannot be called becomes dashes. */
  String step(String written) {
    String legal = written.replaceAll("[^A-Za-z0-9_ -]", "-").replaceAll("^[ -]+|[ ]+$", "");
    String base =
        legal.isEmpty() ? "job" : legal.substring(0, Math.min(MAX, legal.length())).strip();
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  /** A name for a workflow, which may contain dots. */
  static String workflow(String written) {
    String legal = written.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[._-]+", "");
    return legal.isEmpty() ? "circleci" : legal.substring(0, Math.min(MAX, legal.length()));
  }

  /** What to say about a name that is none. */
  static String suggestion(String name, Collection<String> known, String what) {
    return Nearest.to(name, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "there are no " + what
                    : "the "
                        + what
                        + " are "
                        + String.join(", ", known.stream().limit(20).toList()));
  }
}
