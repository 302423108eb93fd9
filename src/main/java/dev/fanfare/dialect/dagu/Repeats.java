package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code repeatPolicy}: a loop of which each turn does the work, asks whether to go on, and fails
 * where the work has failed and is not repeated.
 */
final class Repeats {

  private static final int UNLIMITED = 1_000_000;

  /** Where the output of a failed turn keeps the exit code. */
  private static final String EXIT = "DAGU_EXIT";

  private static final String FAILED = "type(o) == map && \"" + EXIT + "\" in o";

  private final Place place;
  private final Scope scope;
  private final Draft draft;
  private final String work;

  Repeats(Place place, Scope scope, Draft draft) {
    this.place = place;
    this.scope = scope;
    this.draft = draft;
    this.work = draft.inner("work");
  }

  /**
   * The loop.
   *
   * @param body does the work once
   */
  Structure loop(StepDraft body, Fields fields) {
    Fields policy =
        (fields.has("repeat_policy") ? Optional.of(fields) : place.defaults)
            .flatMap(owner -> owner.section("repeat_policy", "repeat_policy"))
            .orElseThrow();
    SourceSpan span = policy.span();
    Optional<String> condition = policy.text("condition");
    Optional<String> expected = policy.text("expected");
    List<Integer> codes = Policies.integers(policy, "exit_code");
    boolean until = until(policy, condition, expected);
    Optional<Integer> limit = policy.integer("limit", 1, UNLIMITED);
    Optional<Conditions.Condition> asked =
        condition.map(
            text -> new Conditions.Condition(text, expected, false, place.age == Age.OLD, span));
    List<Step> turn = new ArrayList<>();
    boolean simple = asked.isEmpty() && codes.isEmpty() && !until;
    turn.add(simple ? body.step() : body.onFailure(remembered(span)).step());
    String met = met(asked, codes, turn, span);
    String again = until ? "!(" + met + ")" : "(" + met + ")";
    String over = limit.map(most -> "iteration + 1 >= " + most).orElse("false");
    String done = "!" + again + " || " + over;
    if (!simple) {
      ends(turn, done, span);
    }
    String status = Cel.step(work) + ".status";
    return new Structure.Loop(
        turn,
        Optional.empty(),
        Optional.of(Cel.template(status + " == \"skipped\" || " + done, span)),
        limit.orElse(UNLIMITED),
        policy.seconds("interval_sec"),
        Policies.factor(policy).isPresent() ? Retry.Backoff.EXPONENTIAL : Retry.Backoff.FIXED,
        Policies.factor(policy).orElse(Retry.NONE.factor()),
        closed(policy),
        span);
  }

  /** A failure that the loop decides about: its exit code is kept, and nothing else comes of it. */
  private static OnFailure remembered(SourceSpan span) {
    Template kept =
        Cel.template(
            "{\""
                + EXIT
                + "\": cel.bind(c, "
                + Policies.EXIT_CODE
                + ", c == null ? 1 : c), \"yielded\":"
                + " output}",
            span);
    return new OnFailure(
        true, Optional.empty(), Optional.of(kept), Optional.of(StepStatus.SUCCEEDED), false, span);
  }

  /** What the work has yielded, as failed as it may be. */
  private static String yielded(String step) {
    return "cel.bind(o, " + step + ".output, " + FAILED + " ? o.yielded : o)";
  }

  private static String code(String step) {
    return "cel.bind(o, " + step + ".output, " + FAILED + " ? o." + EXIT + " : 0)";
  }

  private static Optional<Duration> closed(Fields policy) {
    Optional<Duration> longest =
        policy.seconds("max_interval_sec").or(() -> Optional.of(Duration.ofDays(36_500)));
    policy.close();
    return longest;
  }

  private static boolean until(
      Fields policy, Optional<String> condition, Optional<String> expected) {
    Optional<YamlNode> repeat = policy.node("repeat");
    String word = repeat.orElse(null) instanceof Scalar scalar ? scalar.text() : "";
    switch (word) {
      case "until" -> {
        return true;
      }
      case "while", "true" -> {
        return false;
      }
      default -> {
        if (repeat.isPresent()) {
          policy.badValue(
              repeat.get().span(), "'repeat' is while, until, true or false", "write one of them");
        }
        return condition.isPresent() && expected.isPresent();
      }
    }
  }

  /** The source of an expression that holds where the condition does. */
  private String met(
      Optional<Conditions.Condition> asked, List<Integer> codes, List<Step> turn, SourceSpan span) {
    String step = Cel.step(work);
    if (asked.isPresent()) {
      Scope now = scope.inner();
      draft.variable.ifPresent(
          name ->
              now.variables.put(
                  name,
                  "optional.of(" + yielded(step) + ")[?" + Cel.quoted(name) + "].orValue(\"\")"));
      Optional<String> expression = asked.get().expression(now);
      if (expression.isPresent()) {
        return expression.get();
      }
      String check = draft.inner("check");
      Shells.Made made =
          new Shells(place, now, draft.variable.stream().toList()).test(draft, asked.get());
      turn.add(StepDraft.of(check, made.run(), span).env(made.env()).step());
      return Cel.step(check) + ".output == \"met\"";
    }
    if (!codes.isEmpty()) {
      return "(" + code(step) + " in " + codes + ")";
    }
    return code(step) + " == 0";
  }

  /** Fails the last turn as the work has failed; yields what the work has yielded. */
  private void ends(List<Step> turn, String done, SourceSpan span) {
    String step = Cel.step(work);
    Template exit = Cel.template(code(step), span);
    turn.add(
        StepDraft.of(
                draft.inner("verdict"),
                new Work.Run(
                    List.of("exit \"$CODE\""),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                span)
            .env(Map.of("CODE", exit))
            .when(Cel.template(code(step) + " != 0 && (" + done + ")", span))
            .step());
    turn.add(
        StepDraft.of(
                draft.inner("result"),
                new Work.Pass(Optional.of(Cel.template(yielded(step), span))),
                span)
            .step());
  }
}
