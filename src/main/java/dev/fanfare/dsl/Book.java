package dev.fanfare.dsl;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The names of a workflow's steps: each is there once. */
final class Book {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}");

  private final String workflow;
  private final Map<String, String> taken = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  Book(String workflow) {
    this.workflow = workflow;
  }

  String workflow() {
    return workflow;
  }

  /** Takes a name that somebody wrote. */
  String take(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new FlowException(
          ("workflow '%s': a step cannot be called '%s': letters, digits, '_' and '-', at most 100;"
                  + " put other text into title(..)")
              .formatted(workflow, name));
    }
    String before = taken.put(name, "a step");
    if (before != null) {
      throw new FlowException(
          "workflow '%s': the name '%s' is taken by %s; each step has a name of its own"
              .formatted(workflow, name, before));
    }
    return name;
  }

  /** A name for a step that has none. */
  String next(String kind) {
    String name = kind + "-" + counts.merge(kind, 1, Integer::sum);
    String before = taken.put(name, "a " + kind + " without a name; call that one .named(..)");
    if (before != null) {
      throw new FlowException(
          "workflow '%s': a %s without a name would be called '%s', as another step is; call it"
                  .formatted(workflow, kind, name)
              + " .named(..)");
    }
    return name;
  }

  void release(String name) {
    taken.remove(name);
  }
}
