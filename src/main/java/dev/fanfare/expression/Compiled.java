package dev.fanfare.expression;

import org.jspecify.annotations.Nullable;

/**
 * What became of a source text: a tree, or the reason why there is none. Exactly one is present.
 *
 * @param source the text
 * @param root the tree
 * @param problem why the text cannot be read
 */
record Compiled(String source, @Nullable Node root, @Nullable Problem problem) {

  /**
   * Something wrong with an expression.
   *
   * @param code kind of the finding, as in {@link dev.fanfare.definition.Diagnostic}
   * @param at offset in the source, in code points
   * @param hint what to write instead; empty where the message says it all
   */
  record Problem(String code, String message, int at, String hint) {}

  static Compiled of(String source, Node root) {
    return new Compiled(source, root, null);
  }

  static Compiled unreadable(String source, Problem problem) {
    return new Compiled(source, null, problem);
  }
}
