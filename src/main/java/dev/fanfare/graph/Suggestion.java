package dev.fanfare.graph;

import dev.fanfare.definition.Nearest;
import java.util.Collection;
import java.util.stream.Collectors;

/** "Did you mean": the known name nearest to one that is not known. */
final class Suggestion {

  private Suggestion() {}

  static String of(String name, Collection<String> known) {
    return Nearest.to(name, known)
        .map(candidate -> "did you mean '" + candidate + "'?")
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "there is no other step"
                    : "the steps are "
                        + known.stream().sorted().limit(8).collect(Collectors.joining(", "))
                        + (known.size() > 8 ? ", ..." : ""));
  }
}
