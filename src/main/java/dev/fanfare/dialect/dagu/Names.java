package dev.fanfare.dialect.dagu;

import java.util.HashSet;
import java.util.Set;

/** Names that the language allows, each once. */
final class Names {

  private static final int MAX = 120;

  private final Set<String> taken = new HashSet<>();

  /** A legal name for a step as near as can be to how it is written. */
  String step(String written) {
    String legal = written.strip().replaceAll("[^A-Za-z0-9_ -]", "-").replaceFirst("^[ -]+", "");
    if (legal.length() > MAX) {
      legal = legal.substring(0, MAX).strip();
    }
    return unique(legal.isEmpty() ? "step" : legal);
  }

  String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + " " + i;
    }
    return name;
  }

  /** A legal name of a workflow. */
  static String workflow(String written) {
    String legal = written.strip().replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    String name = legal.length() > MAX ? legal.substring(0, MAX) : legal;
    return name.isEmpty() ? "dag" : name;
  }
}
