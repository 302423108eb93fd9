package dev.fanfare.expression;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Compiled expressions by their source. A tree does not depend on the names in scope, so the source
 * alone is the key.
 *
 * <p>Two generations: when the young one is full it becomes the old one and the old one is
 * forgotten, so what is in use stays and the whole is bounded. Threads may compile the same source
 * twice; either tree will do.
 */
final class Programs {

  /** Longest source, in characters. */
  static final int LONGEST_SOURCE = 12_000;

  private static final int MOST_PROGRAMS = 1_000;
  private static final int MOST_CHARACTERS = 400_000;

  private static final class Generation {
    private final Map<String, Compiled> programs = new ConcurrentHashMap<>();
    private final AtomicInteger characters = new AtomicInteger();
  }

  private volatile Generation young = new Generation();
  private volatile Generation old = new Generation();

  Compiled get(String source) {
    Compiled known = young.programs.get(source);
    if (known != null) {
      return known;
    }
    known = old.programs.get(source);
    Compiled compiled = known == null ? compile(source) : known;
    keep(compiled);
    return compiled;
  }

  private static Compiled compile(String source) {
    if (source.length() > LONGEST_SOURCE) {
      return Compiled.unreadable(
          "",
          new Compiled.Problem(
              "expression-too-long",
              "an expression has at most 12,000 characters, this one has " + source.length(),
              0,
              "move the work into a step, or the data into a file"));
    }
    return CelReader.read(source);
  }

  private void keep(Compiled compiled) {
    if (compiled.source().isEmpty()) {
      return;
    }
    Generation current = young;
    @Nullable Compiled before = current.programs.putIfAbsent(compiled.source(), compiled);
    if (before == null
        && (current.characters.addAndGet(compiled.source().length()) > MOST_CHARACTERS
            || current.programs.size() > MOST_PROGRAMS)) {
      turn(current);
    }
  }

  private synchronized void turn(Generation full) {
    if (young == full) {
      old = full;
      young = new Generation();
    }
  }

  /** Programs held now. */
  int size() {
    return young.programs.size() + old.programs.size();
  }
}
