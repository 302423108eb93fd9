package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Problems;
import java.util.Optional;
import java.util.regex.Pattern;

/** The environment of who typed the command, as far as the environment of a DAG refers to it. */
final class Outside {

  private static final Pattern SECRET =
      Pattern.compile("(?i).*(token|secret|passw|credential|api_?key|private_?key).*");

  private final ImportInputs inputs;
  private final Problems problems;

  Outside(ImportInputs inputs, Problems problems) {
    this.inputs = inputs;
    this.problems = problems;
  }

  Optional<String> value(String name) {
    if (SECRET.matcher(name).matches()) {
      problems.warning(
          "dagu-secret-in-environment",
          "'"
              + name
              + "' looks like a secret: it is not taken from the environment, which is kept"
              + " with the run",
          SourceSpan.NONE,
          "list it under 'secrets', or give it as a parameter where it is none");
      return Optional.empty();
    }
    return inputs.environment(name);
  }
}
