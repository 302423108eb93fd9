package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.References;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a secret may be read: in what a step hands to its work, and only to be handed on. Whatever
 * else is written is evaluated by the engine and stored, and the engine never has a value.
 */
final class SecretRules {

  /** Names that the workflow's {@code env} may use. */
  static final Set<String> ENV_NAMES = Set.of("params", "event", "run", "workflow", "secrets");

  /** What becomes of the value of a template. */
  enum Place {
    /** It is stored, or decides something. */
    STORED,
    /** It goes to the work as a text. */
    TEXT,
    /** It goes to the work with the structure that it has. */
    VALUE
  }

  private final Set<String> declared;
  private final Set<String> secretEnv = new HashSet<>();
  private final List<Diagnostic> diagnostics;

  SecretRules(Workflow workflow, List<Diagnostic> diagnostics) {
    this.declared = new HashSet<>(workflow.secrets());
    this.diagnostics = diagnostics;
    for (Map.Entry<String, Template> entry : workflow.env().entrySet()) {
      boolean readsSecret =
          Expressions.check(entry.getValue(), ENV_NAMES).references().guarded().stream()
              .anyMatch(read -> read.root().equals("secrets"));
      if (readsSecret) {
        secretEnv.add(entry.getKey());
      }
    }
  }

  /** Reports every read of a secret that the template must not do. */
  void check(References references, Place place) {
    for (References.GuardedRead read : references.guarded()) {
      if (read.root().equals("secrets")) {
        secret(read, place);
      } else if (read.name().isEmpty() ? !secretEnv.isEmpty() : secretEnv.contains(read.name())) {
        use(read, place, read.name().isEmpty() ? "env" : "env." + read.name());
      }
    }
  }

  private void secret(References.GuardedRead read, Place place) {
    if (read.name().isEmpty()) {
      error(
          "unknown-secret",
          "a secret is read by its name",
          read.span(),
          "write secrets.NAME with a name that is listed under 'secrets'");
    } else if (!declared.contains(read.name())) {
      String hint =
          Nearest.to(read.name(), declared)
              .map(near -> "did you mean '" + near + "'?")
              .orElse("list it at the top of the file: 'secrets: [" + read.name() + "]'");
      error(
          "unknown-secret",
          "the secret '" + read.name() + "' is not listed under 'secrets'",
          read.span(),
          hint);
    } else {
      use(read, place, "secrets." + read.name());
    }
  }

  private void use(References.GuardedRead read, Place place, String what) {
    if (place == Place.STORED) {
      error(
          "secret-stored",
          what + " is a secret and would be stored here",
          read.span(),
          "read it in what a step hands to its work: env, url, headers, query, body, with,"
              + " payload");
    } else if (read.use() == References.Use.LOOKED_AT
        || (read.use() == References.Use.INSIDE && place == Place.TEXT)) {
      error(
          "secret-used",
          what + " is a secret: it can be handed on and joined with text, nothing else",
          read.span(),
          "let the step that gets it do the rest");
    }
  }

  private void error(String code, String message, SourceSpan span, String hint) {
    diagnostics.add(Diagnostic.error(code, message, span, hint));
  }
}
