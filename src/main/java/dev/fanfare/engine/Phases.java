package dev.fanfare.engine;

import dev.fanfare.graph.Node;

/** When a node comes among all there is of the step around it: a hook, or what the step is. */
final class Phases {

  /** The step itself, and all that is inside it. */
  static final int CONTENT = 1;

  private Phases() {}

  /** What is less comes before. */
  static int of(Node node) {
    return node.moment()
        .map(
            moment ->
                switch (moment) {
                  case BEFORE -> CONTENT - 1;
                  case ON_SUCCESS, ON_FAILURE, ON_CANCEL -> CONTENT + 1;
                  case ALWAYS -> CONTENT + 2;
                })
        .orElse(CONTENT);
  }

  /** Whether it is a hook that comes after its step. */
  static boolean isAfter(Node node) {
    return of(node) > CONTENT;
  }
}
