package dev.fanfare.definition;

import java.util.Optional;

/** Where a named output of a step comes from. */
public sealed interface Output {

  SourceSpan span();

  /** Standard output, trimmed; parsed and queried when a JMESPath is given. */
  record Stdout(Optional<String> jmespath, SourceSpan span) implements Output {}

  /** The path of a file that is kept in the workspace. */
  record File(Template path, SourceSpan span) implements Output {}

  /** The parsed content of a JSON file; queried when a JMESPath is given. */
  record Json(Template path, Optional<String> jmespath, SourceSpan span) implements Output {}

  /**
   * What the work brought, as data: standard output of a script, the body of a response, what
   * anything else yielded. A text that is JSON is parsed. With a JMESPath, what that finds; null
   * where it finds nothing or cannot be asked. For dialects: their own language is stricter.
   */
  record Data(Optional<String> jmespath, SourceSpan span) implements Output {}

  /** A computed value; {@code output} is what the work itself yielded. */
  record Value(Template value, SourceSpan span) implements Output {}
}
