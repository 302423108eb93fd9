package dev.fanfare.engine;

import java.util.Set;

/**
 * Where a decision is taken.
 *
 * @param inline whether steps without work ({@code pass}) are completed at once, in the same
 *     decision; a trigger and a timer hand them out instead, so that they stay quick
 * @param maxInline most such steps completed in one decision; the rest is handed out
 * @param maxLosses how often a step may vanish with its worker before it fails
 * @param entropy what nobody can guess, fresh for each decision; tokens are made from it
 * @param images whose steps are done elsewhere, so that no reporter goes on with one in place
 */
public record Context(
    boolean inline, int maxInline, int maxLosses, String entropy, Set<String> images) {

  /** A report: whoever reports has time to decide what follows. */
  public static final Context REPORT = new Context(true, 1_000, 50);

  /** A trigger, a timer or a sweep. */
  public static final Context OUTSIDE = new Context(false, 0, 50);

  public Context(boolean inline, int maxInline, int maxLosses) {
    this(inline, maxInline, maxLosses, "", Set.of());
  }

  /** The same with something that nobody can guess. */
  public Context with(String fresh) {
    return new Context(inline, maxInline, maxLosses, fresh, images);
  }

  /** The same with images whose steps are done elsewhere. */
  public Context with(Set<String> elsewhere) {
    return new Context(inline, maxInline, maxLosses, entropy, elsewhere);
  }
}
