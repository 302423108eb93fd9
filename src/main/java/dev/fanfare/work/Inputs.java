package dev.fanfare.work;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import dev.fanfare.work.Input.CallInput;
import dev.fanfare.work.Input.HttpInput;
import dev.fanfare.work.Input.LambdaInput;
import dev.fanfare.work.Input.PassInput;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.Input.WorkflowInput;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Evaluates what a person wrote into what a worker needs. */
public final class Inputs {

  private Inputs() {}

  /**
   * The input of a step.
   *
   * @param work the step's body
   * @param workflowEnv the environment of every shell step; the step's own wins
   * @throws WorkException with the expression's error, or code {@code not_executable} for work that
   *     is not done by a worker
   */
  public static Input of(Work work, Step step, Map<String, Template> workflowEnv, Scope scope)
      throws WorkException {
    try {
      return switch (work) {
        case Work.Run run -> shell(run, step, workflowEnv, scope);
        case Work.Http http -> http(http, step, scope);
        case Work.Call call -> new CallInput(call.bean(), Expressions.evaluate(call.with(), scope));
        case Work.Pass pass ->
            new PassInput(
                pass.output().isPresent()
                    ? Expressions.evaluate(pass.output().get(), scope)
                    : null);
        case Work.Sleep sleep -> throw notExecutable("sleep", step);
        case Work.Lambda lambda ->
            new LambdaInput(
                Expressions.text(lambda.function(), scope),
                Expressions.evaluate(lambda.payload(), scope),
                lambda.await());
        case Work.SubWorkflow workflow ->
            new WorkflowInput(
                Expressions.text(workflow.workflow(), scope),
                values(workflow.params(), scope),
                workflow.await(),
                workflow.dialect());
        case Work.Approval approval -> throw notExecutable("approval", step);
        case Work.WaitFor waitFor -> throw notExecutable("waitFor", step);
      };
    } catch (ExpressionException e) {
      throw new WorkException(e.error());
    }
  }

  /**
   * The outcome with the step's computed outputs ({@code Output.Value}), which may use {@code
   * output}, what the work yielded, and with those that are its data ({@code Output.Data}) where no
   * worker has taken them. A shell step's object keeps its other outputs; any other output is
   * replaced by the object of the computed ones. An outcome that is no success stays as it is.
   */
  public static Outcome computed(Outcome outcome, Step step, Scope scope) {
    if (!isComputed(step) || !(outcome instanceof Outcome.Succeeded success)) {
      return outcome;
    }
    Object yielded = success.output();
    Scope withOutput = name -> name.equals("output") ? yielded : scope.value(name);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (!takesData(step)) {
      values.putAll(DataOutputs.of(step.outputs(), yielded));
    } else if (hasTaken(step) && yielded instanceof Map<?, ?> object) {
      object.forEach((name, value) -> values.put(String.valueOf(name), value));
    }
    try {
      for (Map.Entry<String, Output> output : step.outputs().entrySet()) {
        if (output.getValue() instanceof Output.Value computed) {
          values.put(output.getKey(), Expressions.evaluate(computed.value(), withOutput));
        }
      }
    } catch (ExpressionException e) {
      return new Outcome.Failed(e.error(), yielded);
    }
    return Yield.of(values, success.exitCode(), "Yield less.");
  }

  /** Whether the outputs of a step need more than its worker. */
  public static boolean isComputed(Step step) {
    return step.outputs().values().stream().anyMatch(Output.Value.class::isInstance)
        || (!takesData(step) && DataOutputs.in(step.outputs()));
  }

  /** Whether the worker itself finds the outputs that are data. */
  private static boolean takesData(Step step) {
    return step.body() instanceof Work.Run || step.body() instanceof Work.Http;
  }

  /** Whether what the worker yielded is the object of outputs that it found. */
  private static boolean hasTaken(Step step) {
    return step.body() instanceof Work.Run || DataOutputs.in(step.outputs());
  }

  private static Input shell(
      Work.Run run, Step step, Map<String, Template> workflowEnv, Scope scope)
      throws ExpressionException {
    Map<String, Template> env = new LinkedHashMap<>(workflowEnv);
    env.putAll(step.env());
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, Output> output : step.outputs().entrySet()) {
      outputs.put(output.getKey(), withLiteralPath(output.getValue(), scope));
    }
    String workdir = run.workdir().isPresent() ? Expressions.text(run.workdir().get(), scope) : "";
    return new ShellInput(
        run.commands(),
        run.shell().orElse("sh"),
        workdir,
        texts(env, scope),
        outputs,
        replaced(run.replaced(), scope),
        run.tools());
  }

  /** What is null is left out: its text stays as it is written. */
  private static Map<String, String> replaced(Map<String, Template> templates, Scope scope)
      throws ExpressionException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Template> entry : templates.entrySet()) {
      Object value = Expressions.evaluate(entry.getValue(), scope);
      if (value != null) {
        Template known = new Template.Literal(value, entry.getValue().span());
        texts.put(entry.getKey(), Expressions.text(known, scope));
      }
    }
    return texts;
  }

  private static Output withLiteralPath(Output output, Scope scope) throws ExpressionException {
    return switch (output) {
      case Output.File file -> new Output.File(literal(file.path(), scope), file.span());
      case Output.Json json ->
          new Output.Json(literal(json.path(), scope), json.jmespath(), json.span());
      case Output.Stdout stdout -> stdout;
      case Output.Data data -> data;
      case Output.Value value -> value;
    };
  }

  private static Template literal(Template path, Scope scope) throws ExpressionException {
    return new Template.Literal(Expressions.text(path, scope), path.span());
  }

  private static Input http(Work.Http http, Step step, Scope scope) throws ExpressionException {
    Optional<Object> body =
        http.body().isPresent()
            ? Optional.ofNullable(Expressions.evaluate(http.body().get(), scope))
            : Optional.empty();
    return new HttpInput(
        http.method().toUpperCase(Locale.ROOT),
        Expressions.text(http.url(), scope),
        texts(http.headers(), scope),
        texts(http.query(), scope),
        body,
        http.expect(),
        step.outputs());
  }

  private static Map<String, String> texts(Map<String, Template> templates, Scope scope)
      throws ExpressionException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Template> entry : templates.entrySet()) {
      texts.put(entry.getKey(), Expressions.text(entry.getValue(), scope));
    }
    return texts;
  }

  private static Map<String, Object> values(Map<String, Template> templates, Scope scope)
      throws ExpressionException {
    Map<String, Object> values = new LinkedHashMap<>();
    Template all = new Template.Entries(templates, SourceSpan.NONE);
    if (Expressions.evaluate(all, scope) instanceof Map<?, ?> evaluated) {
      evaluated.forEach((name, value) -> values.put(String.valueOf(name), value));
    }
    return values;
  }

  private static WorkException notExecutable(String kind, Step step) {
    return new WorkException(
        ErrorInfo.of(
            "not_executable",
            ("The step \"%s\" is of the kind %s, which no worker of this version does. Check the"
                    + " file with `fanfare plan`.")
                .formatted(step.name(), kind)));
  }
}
