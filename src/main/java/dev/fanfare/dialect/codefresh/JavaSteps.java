package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.SourceSpan;

/** Types of steps that Codefresh's cloud does, and a Java step of the user's can. */
final class JavaSteps {

  private JavaSteps() {}

  /** The name of the bean that does a type. */
  static String bean(String type) {
    return "codefresh/" + type;
  }

  /** Says that a type needs a bean: no file shows whether there is one. */
  static void warn(String type, SourceSpan span, Context context) {
    context
        .problems()
        .warning(
            "needs-java-step",
            "'" + type + "' is done by the Java step '" + bean(type) + "'",
            span,
            "where nobody has supplied one the step fails; docs/dialects/codefresh.md shows how");
  }
}
