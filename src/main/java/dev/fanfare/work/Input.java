package dev.fanfare.work;

import dev.fanfare.definition.Output;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Work with every value evaluated. One record per kind of work that runs here. */
public sealed interface Input {

  /**
   * Shell commands.
   *
   * @param commands one script, joined by line feeds
   * @param shell the interpreter with its arguments, such as {@code bash -eu}
   * @param workdir folder relative to the workspace, empty for the workspace itself
   * @param env environment of the script, on top of what every script gets
   * @param outputs what it yields; paths are literals
   */
  record ShellInput(
      List<String> commands,
      String shell,
      String workdir,
      Map<String, String> env,
      Map<String, Output> outputs)
      implements Input {
    public ShellInput {
      commands = List.copyOf(commands);
      env = ordered(env);
      outputs = ordered(outputs);
    }
  }

  /**
   * One HTTP request.
   *
   * @param body text, or any other JSON value
   * @param expect statuses that count as success; empty means any 2xx
   */
  record HttpInput(
      String method,
      String url,
      Map<String, String> headers,
      Map<String, String> query,
      Optional<Object> body,
      List<Integer> expect)
      implements Input {
    public HttpInput {
      headers = ordered(headers);
      query = ordered(query);
      expect = List.copyOf(expect);
    }
  }

  /** A Java step by its bean name. */
  record CallInput(String bean, @Nullable Object with) implements Input {}

  /**
   * A run of another workflow.
   *
   * @param params values by name
   * @param await whether the step waits for the run's end
   */
  record WorkflowInput(String workflow, Map<String, Object> params, boolean await)
      implements Input {
    public WorkflowInput {
      params = ordered(params);
    }
  }

  /** No work: the value is the output. */
  record PassInput(@Nullable Object output) implements Input {}

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
