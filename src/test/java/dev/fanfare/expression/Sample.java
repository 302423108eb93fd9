package dev.fanfare.expression;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values and places that the tests of this package share. */
final class Sample {

  static final SourceSpan HERE = new SourceSpan(3, 7);

  static final Set<String> NAMES =
      Set.of(
          "params",
          "env",
          "event",
          "steps",
          "item",
          "index",
          "run",
          "workflow",
          "secrets",
          "matrix");

  static final Map<String, Object> VALUES =
      Json.parseOwnObject(
          """
          {"params": {"x": 2, "ratio": 0.5, "s": "hi", "list": [1, 2, 3], "flag": true, "none": null,
                      "empty": [], "names": ["b", "a", "c"], "weird key": 1},
           "env": {"CI": "true"},
           "event": {"ref": "refs/heads/main", "amount": 150, "user": {"name": "Ada"}},
           "steps": {"build": {"status": "succeeded", "exitCode": 0, "error": null,
                               "output": {"jar": "app.jar", "size": 10}},
                     "unit-test": {"status": "failed", "exitCode": 1, "output": null},
                     "get items": {"status": "succeeded", "output": [{"id": 1}, {"id": 2}]}},
           "item": {"name": "shard", "n": 4}, "index": 1,
           "run": {"id": "r1", "startedAt": "2026-01-31T12:00:00Z"},
           "workflow": {"name": "w"}, "secrets": {"TOKEN": "hunter2"}, "matrix": {"os": "linux"}}
          """);

  static final Scope SCOPE = VALUES::get;

  private Sample() {}

  static Template template(String source) {
    return new Template.Expression(new Expr(source, HERE));
  }

  static @Nullable Object evaluate(String source) throws ExpressionException {
    return Expressions.evaluate(template(source), SCOPE);
  }

  static List<Diagnostic> diagnostics(String source) {
    return Expressions.check(template(source), NAMES).diagnostics();
  }

  /** The message of the failure that an expression must end in. */
  static String failure(String source) {
    try {
      Object value = evaluate(source);
      throw new AssertionError(source + " has the value " + value + " and should have none");
    } catch (ExpressionException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
