package dev.fanfare.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.expression.Scope;
import dev.fanfare.work.Input.HttpInput;
import dev.fanfare.work.Input.PassInput;
import dev.fanfare.work.Input.ShellInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputsTest {

  private static final Scope SCOPE =
      name ->
          name.equals("params")
              ? Map.of("version", "1.2", "n", 3L, "evil", "$(touch x)", "list", List.of(1L, "a"))
              : null;

  private static Template expr(String source) {
    return new Template.Expression(new Expr(source, SourceSpan.NONE));
  }

  private static Template text(String literal, String source) {
    return new Template.Text(List.of(Template.literal(literal), expr(source)), SourceSpan.NONE);
  }

  private static Step step(Work work, Map<String, Template> env, Map<String, Output> outputs) {
    return StepDraft.of("s", work, SourceSpan.NONE).outputs(outputs).env(env).step();
  }

  private static Input input(Work work, Map<String, Template> env, Map<String, Output> outputs)
      throws WorkException {
    Map<String, Template> workflowEnv =
        Map.of("A", Template.literal("workflow"), "B", expr("params.n"));
    return Inputs.of(work, step(work, env, outputs), workflowEnv, SCOPE);
  }

  @Test
  void a_script_keeps_its_text_and_its_values_become_environment() throws Exception {
    Work.Run run =
        new Work.Run(
            List.of("echo $X ${{ params.evil }}"),
            Optional.empty(),
            Optional.of(text("dir-", "params.version")),
            Optional.empty());
    Output file = new Output.File(text("target/", "params.version"), SourceSpan.NONE);
    Input input =
        input(
            run,
            Map.of(
                "A", Template.literal("step"), "X", expr("params.evil"), "L", expr("params.list")),
            Map.of("f", file));
    assertTrue(input instanceof ShellInput);
    ShellInput shell = (ShellInput) input;
    assertEquals(List.of("echo $X ${{ params.evil }}"), shell.commands());
    assertEquals("sh", shell.shell());
    assertEquals("dir-1.2", shell.workdir());
    assertEquals(Map.of("A", "step", "B", "3", "X", "$(touch x)", "L", "[1,\"a\"]"), shell.env());
    assertTrue(
        shell.outputs().get("f") instanceof Output.File f
            && f.path() instanceof Template.Literal path
            && "target/1.2".equals(path.value()));
  }

  @Test
  void texts_that_occur_in_the_commands_are_rendered_and_null_leaves_them() throws Exception {
    Work.Run run =
        new Work.Run(
            List.of("echo ${{V}} ${{L}}", "echo ${{GONE}}"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(
                "${{V}}", expr("params.version"),
                "${{L}}", expr("params.list"),
                "${{GONE}}", expr("null"),
                "${{ELSEWHERE}}", expr("params.nothing.of.that.name")),
            Optional.of("codefresh"));
    ShellInput shell = (ShellInput) input(run, Map.of(), Map.of());
    assertEquals(Map.of("${{V}}", "1.2", "${{L}}", "[1,\"a\"]"), shell.replaced());
    assertEquals(Optional.of("codefresh"), shell.tools());
    ShellInput filled = shell.withTexts(text -> text.replace("1.2", "secret"));
    assertEquals("secret", filled.replaced().get("${{V}}"));
    assertEquals(shell.commands(), filled.commands());
  }

  @Test
  void a_request_keeps_the_types_of_its_body() throws Exception {
    Template body =
        new Template.Entries(
            Map.of("n", expr("params.n"), "t", text("v", "params.version")), SourceSpan.NONE);
    Work.Http http =
        new Work.Http(
            "put",
            text("https://example.test/", "params.version"),
            Map.of("X-N", expr("params.n")),
            Map.of("q", expr("params.version")),
            Optional.of(body),
            List.of(201));
    assertEquals(
        new HttpInput(
            "PUT",
            "https://example.test/1.2",
            Map.of("X-N", "3"),
            Map.of("q", "1.2"),
            Optional.of(Map.of("n", 3L, "t", "v1.2")),
            List.of(201)),
        input(http, Map.of(), Map.of()));
  }

  @Test
  void a_failing_expression_and_work_for_nobody_are_errors_as_data() throws Exception {
    Work.Pass bad = new Work.Pass(Optional.of(expr("params.none.x")));
    WorkException failed = assertThrows(WorkException.class, () -> input(bad, Map.of(), Map.of()));
    assertEquals("expression_failed", failed.error().code());
    Work.Sleep sleep = new Work.Sleep(Template.literal("1s"));
    assertEquals(
        "not_executable",
        assertThrows(WorkException.class, () -> input(sleep, Map.of(), Map.of())).error().code());
    assertEquals(
        new PassInput(3L), input(new Work.Pass(Optional.of(expr("params.n"))), Map.of(), Map.of()));
  }

  @Test
  void computed_outputs_use_what_the_work_yielded() {
    Output id = new Output.Value(expr("output.body.id + params.n"), SourceSpan.NONE);
    Work.Call call = new Work.Call("b", Template.literal(null));
    Step calling = step(call, Map.of(), Map.of("id", id));
    Outcome answer = Outcome.Succeeded.of(Map.of("body", Map.of("id", 4L)));
    assertEquals(Outcome.Succeeded.of(Map.of("id", 7L)), Inputs.computed(answer, calling, SCOPE));
    assertTrue(
        Inputs.computed(Outcome.Succeeded.of("text"), calling, SCOPE)
                instanceof Outcome.Failed failed
            && failed.error().code().equals("expression_failed"));

    Work.Run run = new Work.Run(List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    Output more = new Output.Value(expr("output.a + '!'"), SourceSpan.NONE);
    Step script = step(run, Map.of(), Map.of("b", more));
    assertEquals(
        Outcome.Succeeded.of(Map.of("a", "x", "b", "x!")),
        Inputs.computed(Outcome.Succeeded.of(Map.of("a", "x")), script, SCOPE));
    Outcome stopped = new Outcome.Stopped("x");
    assertEquals(stopped, Inputs.computed(stopped, script, SCOPE));
  }
}
