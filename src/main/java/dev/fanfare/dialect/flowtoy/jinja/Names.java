package dev.fanfare.dialect.flowtoy.jinja;

import java.util.List;
import java.util.Optional;

/** What the names of a template stand for. */
public interface Names {

  /**
   * A value, read along a path.
   *
   * @param value what it is
   * @param optional CEL for an optional of it, empty where it is not there
   * @param used how many words of the path it takes
   * @param complaint what a person should know where the value is read without a fallback; empty
   *     where there is nothing to say
   */
  record Reading(Cel value, String optional, int used, String complaint) {}

  /**
   * What the beginning of a path stands for.
   *
   * @param path a name, and members of it as far as they are written down: {@code flows.a.b}
   * @param at where it begins in the template
   * @throws Untranslatable where there is no such value
   */
  Reading read(List<String> path, int at);

  /** Tells a person something about a place in the template. */
  void warn(String complaint, int at);

  /** A function of templates, where there is one of that name. */
  default Optional<Cel> call(String function, List<String> arguments, int at) {
    return Optional.empty();
  }
}
