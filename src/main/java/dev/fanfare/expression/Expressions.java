package dev.fanfare.expression;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks and evaluates expressions and templates. Safe for use by many threads.
 *
 * <p>The language is described in {@code docs/expressions.md}.
 */
public final class Expressions {

  private static final int LONGEST_QUOTE = 120;

  private static final Programs PROGRAMS = new Programs();

  private Expressions() {}

  /**
   * What is wrong with expressions, and what they read.
   *
   * @param diagnostics in written order; empty where all is well
   */
  public record Checked(List<Diagnostic> diagnostics, References references) {
    public Checked {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * Compiles and checks every expression of a template; never throws.
   *
   * @param names the root names in scope
   */
  public static Checked check(Template template, Set<String> names) {
    Findings findings = new Findings();
    check(template, names, findings);
    return findings.checked();
  }

  /** Compiles and checks one expression; never throws. */
  public static Checked check(Expr expr, Set<String> names) {
    Findings findings = new Findings();
    findings.add(expr, names, false);
    return findings.checked();
  }

  private static void check(Template template, Set<String> names, Findings findings) {
    switch (template) {
      case Template.Literal literal -> {}
      case Template.Expression expression -> findings.add(expression.expr(), names, false);
      case Template.Text text -> text.parts().forEach(part -> checkPart(part, names, findings));
      case Template.Items items -> items.items().forEach(item -> check(item, names, findings));
      case Template.Entries entries ->
          entries.entries().values().forEach(entry -> check(entry, names, findings));
    }
  }

  private static void checkPart(Template part, Set<String> names, Findings findings) {
    if (part instanceof Template.Expression expression) {
      findings.add(expression.expr(), names, true);
    } else {
      check(part, names, findings);
    }
  }

  /** What the checks of a template's expressions found so far. */
  private static final class Findings {
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<References.StepRead> steps = new ArrayList<>();
    private final List<References.GuardedRead> guarded = new ArrayList<>();
    private boolean dynamicSteps;

    /**
     * @param inText whether the value becomes a part of a text; a list in it becomes JSON then,
     *     into which nothing can be put afterwards
     */
    void add(Expr expr, Set<String> inScope, boolean inText) {
      Compiled compiled = PROGRAMS.get(expr.source());
      Node root = compiled.root();
      if (root == null) {
        report(expr, problem(compiled));
        return;
      }
      Checker checker = new Checker(expr.source(), inScope);
      checker.kind(root);
      checker.problems.forEach(problem -> report(expr, problem));
      names.addAll(checker.names);
      checker.steps.forEach(
          step ->
              steps.add(
                  new References.StepRead(step.step(), step.field(), place(expr, step.at()))));
      dynamicSteps |= checker.dynamicSteps;
      Flow flow = new Flow(inScope);
      flow.walk(root, References.Use.HANDED_ON);
      for (Flow.Read read : flow.reads) {
        References.Use use =
            inText && read.use() == References.Use.INSIDE ? References.Use.LOOKED_AT : read.use();
        guarded.add(
            new References.GuardedRead(read.root(), read.name(), use, place(expr, read.at())));
      }
    }

    private void report(Expr expr, Compiled.Problem problem) {
      diagnostics.add(
          Diagnostic.error(
              problem.code(), problem.message(), place(expr, problem.at()), problem.hint()));
    }

    Checked checked() {
      return new Checked(diagnostics, new References(names, steps, dynamicSteps, guarded));
    }
  }

  /**
   * The value of a template: a literal, the typed value of a lone expression, rendered text, lists
   * and maps of these.
   *
   * @return JSON as Java; numbers are {@code Long} or {@code Double}, maps {@link LinkedHashMap}s
   */
  public static @Nullable Object evaluate(Template template, Scope scope)
      throws ExpressionException {
    return evaluate(template, scope, new Size());
  }

  private static @Nullable Object evaluate(Template template, Scope scope, Size size)
      throws ExpressionException {
    return switch (template) {
      case Template.Literal literal -> literal.value();
      case Template.Expression expression -> value(expression.expr(), scope, size);
      case Template.Text text -> render(text, scope, size);
      case Template.Items items -> {
        List<@Nullable Object> values = new ArrayList<>(items.items().size());
        for (Template item : items.items()) {
          values.add(evaluate(item, scope, size));
        }
        yield values;
      }
      case Template.Entries entries -> {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Template> entry : entries.entries().entrySet()) {
          values.put(entry.getKey(), evaluate(entry.getValue(), scope, size));
        }
        yield values;
      }
    };
  }

  private static String render(Template.Text text, Scope scope, Size size)
      throws ExpressionException {
    StringBuilder rendered = new StringBuilder();
    for (Template part : text.parts()) {
      rendered.append(text(part, scope, size));
    }
    return rendered.toString();
  }

  /**
   * Whether a condition holds.
   *
   * @throws ExpressionException also when the value is neither a boolean nor the text {@code true}
   *     or {@code false}
   */
  public static boolean test(Template template, Scope scope) throws ExpressionException {
    Object value = evaluate(template, scope);
    return switch (value) {
      case Boolean bool -> bool;
      case String text when text.strip().equals("true") -> true;
      case String text when text.strip().equals("false") -> false;
      case null, default ->
          throw failure(
              written(template),
              template.span(),
              "a condition must be true or false, but this is "
                  + Kind.of(value).words()
                  + "; compare it with something");
    };
  }

  /**
   * The value of a template as text, for environments, addresses and headers: null is empty, a
   * whole decimal number has no point ({@code 3.0} is {@code 3}), lists and maps are compact JSON.
   */
  public static String text(Template template, Scope scope) throws ExpressionException {
    return text(template, scope, new Size());
  }

  private static String text(Template template, Scope scope, Size size) throws ExpressionException {
    Object value = evaluate(template, scope, size);
    if (value instanceof String text) {
      return text;
    }
    try {
      return Plain.text(new Budget(), value);
    } catch (Failure e) {
      throw failure(written(template), template.span(), e.sentence());
    }
  }

  private static @Nullable Object value(Expr expr, Scope scope, Size size)
      throws ExpressionException {
    Compiled compiled = PROGRAMS.get(expr.source());
    Node root = compiled.root();
    if (root == null) {
      Compiled.Problem problem = problem(compiled);
      String hint = problem.hint().isEmpty() ? "" : "; " + problem.hint();
      throw failure(expr.source(), place(expr, problem.at()), problem.message() + hint);
    }
    Budget budget = new Budget();
    try {
      return size.counted(Plain.of(budget, new Evaluation(scope, budget).value(root)));
    } catch (Failure e) {
      throw failure(expr.source(), place(expr, e.at()), e.sentence());
    }
  }

  /** Bounds what the expressions of one template yield together. */
  private static final class Size {
    private long characters;

    @Nullable Object counted(@Nullable Object value) {
      characters += value instanceof String text ? text.length() : 0;
      if (characters > 4L * Budget.CHARACTERS) {
        throw Failure.limit("the texts of this value are larger than 4 MiB together");
      }
      return value;
    }
  }

  private static Compiled.Problem problem(Compiled compiled) {
    Compiled.Problem problem = compiled.problem();
    return problem == null
        ? new Compiled.Problem("expression-syntax", "the expression cannot be read", 0, "")
        : problem;
  }

  private static String written(Template template) {
    return template instanceof Template.Expression expression ? expression.expr().source() : "";
  }

  private static ExpressionException failure(String source, SourceSpan span, String sentence) {
    String oneLine = source.strip().replaceAll("\\s+", " ");
    String quote =
        oneLine.length() > LONGEST_QUOTE
            ? oneLine.substring(0, oneLine.offsetByCodePoints(0, LONGEST_QUOTE - 20)) + "..."
            : oneLine;
    String what = quote.isEmpty() ? "the value" : "${{ " + quote + " }}";
    String where = span.line() == 0 ? "" : " at " + span;
    return new ExpressionException(what + where + " has no value: " + sentence, source, span);
  }

  /**
   * Where an offset of an expression lies in the file. On the lines after the first one the column
   * is that of the expression's own text.
   */
  private static SourceSpan place(Expr expr, int at) {
    if (expr.span().line() == 0) {
      return SourceSpan.NONE;
    }
    int line = expr.span().line();
    int column = expr.span().column();
    int[] characters = expr.source().codePoints().limit(Math.max(at, 0)).toArray();
    for (int character : characters) {
      column++;
      if (character == '\n') {
        line++;
        column = 1;
      }
    }
    return new SourceSpan(line, column);
  }
}
