package dev.fanfare.work;

import dev.fanfare.definition.Output;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Work with every value evaluated. One record per kind of work that runs here. The values may be
 * secrets: none of them is in a {@code toString}.
 */
public sealed interface Input {

  /** The same work with other texts where a secret may stand: in what the work is handed. */
  Input withTexts(UnaryOperator<String> texts);

  /**
   * Shell commands.
   *
   * @param commands one script, joined by line feeds
   * @param shell the interpreter with its arguments, such as {@code bash -eu}
   * @param workdir folder relative to the workspace, empty for the workspace itself; or absolute,
   *     or below the user's home ({@code ~/x})
   * @param env environment of the script, on top of what every script gets
   * @param outputs what it yields; paths are literals
   * @param replaced texts of the commands, and what stands in their place when they run
   * @param tools the set of programs that the commands expect
   */
  record ShellInput(
      List<String> commands,
      String shell,
      String workdir,
      Map<String, String> env,
      Map<String, Output> outputs,
      Map<String, String> replaced,
      Optional<String> tools)
      implements Input {
    public ShellInput {
      commands = List.copyOf(commands);
      env = ordered(env);
      outputs = ordered(outputs);
      replaced = ordered(replaced);
    }

    /** Commands that run as they are written. */
    public ShellInput(
        List<String> commands,
        String shell,
        String workdir,
        Map<String, String> env,
        Map<String, Output> outputs) {
      this(commands, shell, workdir, env, outputs, Map.of(), Optional.empty());
    }

    /** The same in another environment. */
    public ShellInput with(Map<String, String> other) {
      return new ShellInput(commands, shell, workdir, other, outputs, replaced, tools);
    }

    @Override
    public ShellInput withTexts(UnaryOperator<String> texts) {
      return new ShellInput(
          commands, shell, workdir, each(env, texts), outputs, each(replaced, texts), tools);
    }

    @Override
    public String toString() {
      return "ShellInput[" + shell + ", env=" + env.keySet() + "]";
    }
  }

  /**
   * One HTTP request.
   *
   * @param body text, or any other JSON value
   * @param expect statuses that count as success; empty means any 2xx
   * @param outputs what it yields; without any that is data, the whole response
   */
  record HttpInput(
      String method,
      String url,
      Map<String, String> headers,
      Map<String, String> query,
      Optional<Object> body,
      List<Integer> expect,
      Map<String, Output> outputs)
      implements Input {
    public HttpInput {
      headers = ordered(headers);
      query = ordered(query);
      expect = List.copyOf(expect);
      outputs = ordered(outputs);
    }

    /** A request that yields the whole response. */
    public HttpInput(
        String method,
        String url,
        Map<String, String> headers,
        Map<String, String> query,
        Optional<Object> body,
        List<Integer> expect) {
      this(method, url, headers, query, body, expect, Map.of());
    }

    @Override
    public HttpInput withTexts(UnaryOperator<String> texts) {
      return new HttpInput(
          method,
          texts.apply(url),
          each(headers, texts),
          each(query, texts),
          body.map(value -> deep(value, texts)),
          expect,
          outputs);
    }

    @Override
    public String toString() {
      return "HttpInput[" + method + ", headers=" + headers.keySet() + "]";
    }
  }

  /** A Java step by its bean name. */
  record CallInput(String bean, @Nullable Object with) implements Input {

    @Override
    public CallInput withTexts(UnaryOperator<String> texts) {
      return new CallInput(bean, with == null ? null : deep(with, texts));
    }

    @Override
    public String toString() {
      return "CallInput[" + bean + "]";
    }
  }

  /**
   * A run of another workflow. Its parameters are stored, so no secret can be among them.
   *
   * @param workflow its name; where there is a dialect, also a path
   * @param params values by name
   * @param await whether the step waits for the run's end
   * @param dialect of the caller, where that names documents of its file and other files
   */
  record WorkflowInput(
      String workflow, Map<String, Object> params, boolean await, Optional<String> dialect)
      implements Input {
    public WorkflowInput {
      params = ordered(params);
    }

    @Override
    public WorkflowInput withTexts(UnaryOperator<String> texts) {
      return this;
    }

    @Override
    public String toString() {
      return "WorkflowInput[" + workflow + ", params=" + params.keySet() + "]";
    }
  }

  /**
   * A Lambda function.
   *
   * @param function name or ARN
   * @param payload JSON as Java
   * @param await whether the step waits for what it returns
   */
  record LambdaInput(String function, @Nullable Object payload, boolean await) implements Input {

    @Override
    public LambdaInput withTexts(UnaryOperator<String> texts) {
      return new LambdaInput(function, payload == null ? null : deep(payload, texts), await);
    }

    @Override
    public String toString() {
      return "LambdaInput[" + function + "]";
    }
  }

  /** No work: the value is the output, so no secret can be in it. */
  record PassInput(@Nullable Object output) implements Input {

    @Override
    public PassInput withTexts(UnaryOperator<String> texts) {
      return this;
    }

    @Override
    public String toString() {
      return "PassInput[]";
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static Map<String, String> each(Map<String, String> map, UnaryOperator<String> texts) {
    Map<String, String> changed = new LinkedHashMap<>();
    map.forEach((name, value) -> changed.put(name, texts.apply(value)));
    return changed;
  }

  /** A JSON value with other texts at any depth; the names of members stay. */
  private static Object deep(Object value, UnaryOperator<String> texts) {
    return switch (value) {
      case String text -> texts.apply(text);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        map.forEach(
            (name, member) ->
                changed.put(String.valueOf(name), member == null ? null : deep(member, texts)));
        yield changed;
      }
      case List<?> list -> {
        List<@Nullable Object> changed = new ArrayList<>(list.size());
        for (Object element : list) {
          changed.add(element == null ? null : deep(element, texts));
        }
        yield changed;
      }
      default -> value;
    };
  }
}
