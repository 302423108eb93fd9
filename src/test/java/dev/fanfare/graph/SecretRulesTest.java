package dev.fanfare.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretRulesTest {

  private static final String HEAD =
      """
      name: w
      secrets: [TOKEN, b-c]
      env: { PLAIN: x, HIDDEN: "Bearer ${{ secrets.TOKEN }}" }
      steps:
      """;

  private static List<Diagnostic> check(String yaml) {
    Graphs.Read read =
        Graphs.read(
            new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml", Optional.empty()));
    List<Diagnostic> found = new java.util.ArrayList<>(read.diagnostics());
    read.workflow()
        .ifPresent(
            workflow ->
                found.addAll(GraphCompiler.compile(workflow, CompileInputs.NONE).diagnostics()));
    return found;
  }

  private static List<String> codes(String step) {
    return check(HEAD + "  s: " + step + "\n").stream().map(Diagnostic::code).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ run: x, env: { T: '${{ secrets.TOKEN }}' } }",
        "{ run: x, env: { T: '${{ secrets[\"b-c\"] }}' } }",
        "{ run: x, env: { T: 'a ${{ secrets.TOKEN }} b ${{ secrets.TOKEN + \"x\" }}' } }",
        "{ run: x, env: { T: '${{ params.p == 1 ? secrets.TOKEN : \"none\" }}' } }",
        "{ run: x, env: { T: '${{ env.HIDDEN }}' } }",
        "{ http: { url: 'https://u:${{ secrets.TOKEN }}@h', headers: { A: '${{ env.HIDDEN }}' } }"
            + " }",
        "{ http: { url: 'https://h', query: { q: '${{ secrets.TOKEN }}' } } }",
        "{ http: { url: 'https://h', body: { a: ['${{ secrets.TOKEN }}'] } } }",
        "{ http: { url: 'https://h', body: '${{ {\"a\": [secrets.TOKEN]} }}' } }",
        "{ call: bean, with: '${{ [1, 2].map(n, {\"n\": n, \"t\": secrets.TOKEN}) }}' }",
        "{ call: bean, with: '${{ env }}' }",
        "{ lambda: { function: f, payload: { t: '${{ secrets.TOKEN }}' } } }",
        "{ pass: {}, hooks: { always: { run: x, env: { T: '${{ secrets.TOKEN }}' } } } }",
        "{ pass: { output: '${{ env.PLAIN + string(size(env.PLAIN)) }}' } }",
        "{ when: '${{ has(env.HIDDEN) }}', pass: {} }"
      })
  void a_secret_may_be_handed_on(String step) {
    assertEquals(List.of(), codes(step.replace("params.p", "run.attempt")), () -> "in " + step);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size(secrets.TOKEN)",
        "secrets.TOKEN == \"x\" ? \"a\" : \"b\"",
        "secrets.TOKEN.startsWith(\"x\") ? \"a\" : \"b\"",
        "string(secrets.TOKEN)",
        "base64(secrets.TOKEN + \"x\")",
        "[secrets.TOKEN][0]",
        "[secrets.TOKEN].map(t, t)[0]",
        "[1].filter(n, secrets.TOKEN == \"a\")",
        "{secrets.TOKEN: 1}",
        "steps[secrets.TOKEN].output",
        "secrets.?TOKEN.orValue(\"x\")",
        "has(secrets.TOKEN)",
        "env.HIDDEN.upper()",
        "env[env.PLAIN].upper()",
        "[secrets.TOKEN]",
        "env"
      })
  void a_secret_is_not_looked_at(String expression) {
    List<String> codes = codes("{ run: x, env: { T: '${{ " + expression + " }}' } }");
    assertTrue(codes.contains("secret-used"), expression + ": " + codes);
  }

  @Test
  void a_list_with_a_secret_cannot_be_rendered_into_a_text() {
    assertEquals(List.of("secret-used"), codes("{ call: bean, with: 'x ${{ [secrets.TOKEN] }}' }"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ when: '${{ secrets.TOKEN == \"x\" }}', pass: {} }",
        "{ pass: { output: '${{ secrets.TOKEN }}' } }",
        "{ pass: { output: '${{ env.HIDDEN }}' } }",
        "{ forEach: ['${{ secrets.TOKEN }}'], pass: {} }",
        "{ forEach: [1], key: '${{ secrets.TOKEN }}', pass: {} }",
        "{ forEach: [1], collect: '${{ secrets.TOKEN }}', pass: {} }",
        "{ run: x, workdir: '${{ secrets.TOKEN }}' }",
        "{ run: x, idempotencyKey: '${{ secrets.TOKEN }}' }",
        "{ run: x, outputs: { o: { file: '${{ secrets.TOKEN }}' } } }",
        "{ run: x, outputs: { o: { value: '${{ secrets.TOKEN }}' } } }",
        "{ run: x, onFailure: { output: '${{ secrets.TOKEN }}' } }",
        "{ run: x, onFailure: { when: '${{ secrets.TOKEN == error.code }}' } }",
        "{ approval: { message: '${{ secrets.TOKEN }}' } }",
        "{ waitFor: { event: e, match: '${{ event.x == secrets.TOKEN }}' } }",
        "{ sleep: '${{ secrets.TOKEN }}' }",
        "{ lock: { key: '${{ secrets.TOKEN }}' }, pass: {} }",
        "{ cache: { key: '${{ secrets.TOKEN }}' }, run: x }",
        "{ lambda: { function: '${{ secrets.TOKEN }}' } }",
        "{ workflow: { name: '${{ secrets.TOKEN }}' } }",
        "{ forEach: '${{ [secrets.TOKEN] }}', pass: {} }",
        "{ forEach: [1], batch: '${{ secrets.TOKEN }}', pass: {} }",
        "{ loop: { until: '${{ secrets.TOKEN == \"x\" }}', limit: 2, steps: { a: { pass: {} } } }"
            + " }",
        "{ switch: [{ when: '${{ secrets.TOKEN == \"x\" }}', steps: { a: { pass: {} } } }] }",
        "{ maxParallel: '${{ secrets.TOKEN }}', forEach: [1], pass: {} }",
        "{ pass: {}, hooks: { always: { pass: { output: '${{ secrets.TOKEN }}' } } } }",
        "{ race: { timeout: 1s, onTimeout: { output: '${{ secrets.TOKEN }}' },"
            + " steps: { a: { pass: {} }, b: { pass: {} } } } }",
        "{ parallel: { success: '${{ secrets.TOKEN == \"x\" }}', steps: { a: { pass: {} } } } }",
        "{ workflow: { name: child, params: { t: '${{ secrets.TOKEN }}' } } }"
      })
  void a_secret_is_refused_where_it_would_be_stored(String step) {
    List<String> codes = codes(step);
    assertEquals(List.of("secret-stored"), codes, step);
  }

  @Test
  void outputs_of_the_run_its_parallelism_and_its_concurrency_are_stored() {
    assertEquals(
        List.of("secret-stored", "secret-stored", "secret-stored"),
        check(
                """
                name: w
                secrets: [TOKEN]
                maxParallel: "${{ secrets.TOKEN }}"
                concurrency: { key: "${{ secrets.TOKEN }}" }
                steps: { a: { pass: {} } }
                outputs: { o: "${{ secrets.TOKEN }}" }
                """)
            .stream()
            .map(Diagnostic::code)
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets.TOKN | the secret 'TOKN' is not listed under 'secrets' | did you mean 'TOKEN'?",
        "secrets.X | the secret 'X' is not listed under 'secrets' | list it at the top of the file:"
            + " 'secrets: [X]'",
        "secrets[run.id] | a secret is read by its name | write secrets.NAME with a name that is"
            + " listed under 'secrets'"
      })
  void a_secret_that_is_not_declared_is_an_error_with_its_place(
      String read, String message, String hint) {
    List<Diagnostic> found =
        check(HEAD + "  s:\n    run: x\n    env: { T: \"${{ " + read + " }}\" }\n");
    assertEquals(1, found.size(), found.toString());
    assertEquals("unknown-secret", found.getFirst().code());
    assertEquals(message, found.getFirst().message());
    assertEquals(hint, found.getFirst().hint().strip());
    assertEquals("7:20", found.getFirst().span().toString());
  }
}
