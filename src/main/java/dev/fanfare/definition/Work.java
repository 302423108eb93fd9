package dev.fanfare.definition;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a leaf step does. One record per kind of work. */
public sealed interface Work extends Body {

  /**
   * Shell commands in the run's workspace.
   *
   * @param commands literal text, one element per command of a written list; run as one script that
   *     stops at the first failure
   * @param shell the interpreter, {@code sh} when absent
   * @param workdir folder relative to the workspace; or absolute, or below the user's home ({@code
   *     ~/x})
   * @param image a container image the commands ask for
   * @param texts text to replace in the commands before they run, and what it becomes; where that
   *     is null the text stays as it is written. For dialects that write values into scripts; their
   *     own language hands every value over in the environment
   * @param tools the name of a set of programs that the commands expect on their path
   */
  record Run(
      List<String> commands,
      Optional<String> shell,
      Optional<Template> workdir,
      Optional<String> image,
      Map<String, Template> texts,
      Optional<String> tools)
      implements Work {
    public Run {
      commands = List.copyOf(commands);
      texts = Ordered.copyOf(texts);
    }

    /** Those of the texts to replace that occur in the commands. */
    public Map<String, Template> replaced() {
      Map<String, Template> occurring = new LinkedHashMap<>();
      texts.forEach(
          (text, template) -> {
            if (commands.stream().anyMatch(command -> command.contains(text))) {
              occurring.put(text, template);
            }
          });
      return occurring;
    }

    /** Commands that expect no programs but those of the machine. */
    public Run(
        List<String> commands,
        Optional<String> shell,
        Optional<Template> workdir,
        Optional<String> image,
        Map<String, Template> texts) {
      this(commands, shell, workdir, image, texts, Optional.empty());
    }

    /** Commands that run as they are written. */
    public Run(
        List<String> commands,
        Optional<String> shell,
        Optional<Template> workdir,
        Optional<String> image) {
      this(commands, shell, workdir, image, Map.of());
    }
  }

  /**
   * One HTTP request.
   *
   * @param expect statuses that count as success; empty means any 2xx
   */
  record Http(
      String method,
      Template url,
      Map<String, Template> headers,
      Map<String, Template> query,
      Optional<Template> body,
      List<Integer> expect)
      implements Work {
    public Http {
      headers = Ordered.copyOf(headers);
      query = Ordered.copyOf(query);
      expect = List.copyOf(expect);
    }
  }

  /** Another Lambda function. */
  record Lambda(Template function, Template payload, boolean await) implements Work {}

  /** A Java step by its bean name. */
  record Call(String bean, Template with) implements Work {}

  /**
   * Another workflow, waited for or detached.
   *
   * @param dialect how {@code workflow} is written, where it may name a document of the caller's
   *     own file or a file: {@code dagu}, or {@code dagu:NAME} for the document of that name.
   *     Absent: a registered workflow
   */
  record SubWorkflow(
      Template workflow, Map<String, Template> params, boolean await, Optional<String> dialect)
      implements Work {
    public SubWorkflow {
      params = Ordered.copyOf(params);
    }

    /** A registered workflow. */
    public SubWorkflow(Template workflow, Map<String, Template> params, boolean await) {
      this(workflow, params, await, Optional.empty());
    }
  }

  /** A person decides. */
  record Approval(
      Template message, Optional<Duration> timeout, OnTimeout onTimeout, Optional<Object> schema)
      implements Work {

    /** What happens when nobody decides in time. */
    public enum OnTimeout {
      APPROVE,
      DENY,
      CONTINUE
    }
  }

  /** An event by name, or a callback on a one-time token. */
  record WaitFor(
      Optional<Template> event,
      Optional<Template> match,
      boolean callback,
      Optional<Duration> timeout)
      implements Work {}

  /** Time passes; a duration text or an expression that yields one. */
  record Sleep(Template duration) implements Work {}

  /** No work: a join, or a computed value. */
  record Pass(Optional<Template> output) implements Work {}
}
