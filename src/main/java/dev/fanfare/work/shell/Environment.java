package dev.fanfare.work.shell;

import dev.fanfare.work.Assignment;
import dev.fanfare.work.WorkException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The environment variables of a script. */
final class Environment {

  /** Names the file for outputs; no two attempts have the same. */
  static final String OUTPUT = "FANFARE_OUTPUT";

  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Environment() {}

  /**
   * What is inherited and the trace, then what the person gave, then Fanfare's own, which wins.
   *
   * @throws WorkException code {@code env_invalid} naming the variable
   */
  static Map<String, String> of(
      Assignment assignment, Map<String, String> given, Scratch scratch, Set<String> inherited)
      throws WorkException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", DEFAULT_PATH);
    System.getenv()
        .forEach(
            (name, value) -> {
              if (inherited.contains(name)) {
                environment.put(name, value);
              }
            });
    if (!given.containsKey("TRACEPARENT")) {
      environment.put("TRACEPARENT", assignment.trace().parent());
      if (!assignment.trace().state().isEmpty()) {
        environment.put("TRACESTATE", assignment.trace().state());
      }
    }
    for (Map.Entry<String, String> variable : given.entrySet()) {
      check(variable.getKey(), variable.getValue());
      environment.put(variable.getKey(), variable.getValue());
    }
    environment.put("FANFARE_RUN_ID", assignment.run().toString());
    environment.put("FANFARE_WORKFLOW", assignment.workflow());
    environment.put("FANFARE_STEP", assignment.step());
    environment.put("FANFARE_ATTEMPT", Integer.toString(assignment.attempt()));
    environment.put("FANFARE_IDEMPOTENCY_KEY", assignment.idempotencyKey());
    environment.put("FANFARE_WORKSPACE", assignment.workspace().toString());
    environment.put(OUTPUT, scratch.output().toString());
    environment.put("FANFARE_SKIP", scratch.skip().toString());
    environment.put("FANFARE_SCRATCH", scratch.own().toString());
    return environment;
  }

  private static void check(String name, String value) throws WorkException {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new WorkException(
          "env_invalid",
          "\"%s\" cannot be the name of an environment variable. Use letters, digits and _."
              .formatted(name.replace('\0', '\uFFFD')));
    }
    if (value.indexOf('\0') >= 0) {
      throw new WorkException(
          "env_invalid",
          ("The value of the environment variable %s holds a NUL character, which no environment"
                  + " can carry. Hand it over in a file.")
              .formatted(name));
    }
  }

  /** Whether a shell hands all of them on: one drops what it could not name itself. */
  static boolean passesShell(Map<String, String> environment) {
    return environment.keySet().stream().allMatch(name -> SHELL_NAME.matcher(name).matches());
  }

  /**
   * Shell that sets the variables which the JVM cannot hand over itself, since it would write '?'
   * in a C locale; empty where it can.
   */
  static String exports(Map<String, String> environment) {
    return exports(environment, System.getProperty("sun.jnu.encoding", ""));
  }

  static String exports(Map<String, String> environment, String encoding) {
    StringBuilder exports = new StringBuilder();
    if (!encoding.equalsIgnoreCase("UTF-8")) {
      environment.forEach(
          (name, value) -> {
            if (!isAscii(value) && SHELL_NAME.matcher(name).matches()) {
              exports.append("export %s='%s'\n".formatted(name, value.replace("'", "'\\''")));
            }
          });
    }
    return exports.toString();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
