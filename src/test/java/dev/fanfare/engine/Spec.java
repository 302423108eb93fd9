package dev.fanfare.engine;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Structure.Race.Losers;
import dev.fanfare.definition.Structure.Race.Win;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One step of a drawn graph, in a form that is easy to change, to copy and to print. */
final class Spec {
  enum Kind {
    CALL,
    SLEEP,
    /** Somebody decides, or its time is up. */
    APPROVAL,
    /** An event or a callback comes, or its time is up. */
    WAIT,
    PASS,
    PARALLEL,
    SEQUENCE,
    RACE,
    LOOP,
    SWITCH
  }

  /** What a step without work may read besides a step: names that are given by what is around. */
  static final String ITERATION = "@iteration";

  static final String LAST = "@last";
  static final String ITEM = "@item";

  /**
   * When a loop ends: after so many turns, or once the step that it watches has succeeded.
   *
   * @param watches a step of the turn, null to count
   */
  record Loop(
      boolean isUntil,
      int turns,
      @Nullable String watches,
      int limit,
      long delay,
      Retry.Backoff backoff) {

    boolean goesOn(int done, boolean watched) {
      return watches == null ? done < turns : !watched;
    }

    Loop watching(@Nullable String name) {
      return new Loop(isUntil, turns, name, limit, delay, backoff);
    }

    Loop pausing(long pause) {
      return new Loop(isUntil, turns, watches, limit, pause, backoff);
    }

    Loop turning(int number) {
      return new Loop(isUntil, number, watches, limit, delay, backoff);
    }

    private Template condition() {
      if (watches == null) {
        return expression(isUntil ? "iteration + 1 >= " + turns : "iteration < " + turns);
      }
      return expression(
          "steps['" + watches + "'].status " + (isUntil ? "==" : "!=") + " 'succeeded'");
    }
  }

  enum FanKind {
    NONE,
    FOR_EACH,
    MATRIX
  }

  enum SuccessKind {
    ALL,
    ONLY,
    IGNORE,
    NEVER,
    ALWAYS
  }

  record Need(String step, Set<StepStatus> on) {}

  /** A condition: constant, or that a needed step has a status. */
  record Condition(boolean constant, @Nullable String step, @Nullable StepStatus status) {}

  record Policy(
      @Nullable String onlyCode,
      @Nullable String output,
      @Nullable StepStatus reported,
      boolean failsRun) {}

  String name = "";
  Kind kind = Kind.CALL;
  FanKind fan = FanKind.NONE;
  int items;
  boolean failFast;
  int fanLimit;
  List<Spec> children = new ArrayList<>();
  List<Need> needs = new ArrayList<>();
  boolean joinAny;
  @Nullable Condition when;
  boolean satisfy;
  int limit;
  long groupTimeout;
  SuccessKind success = SuccessKind.ALL;
  List<String> successNames = new ArrayList<>();
  Win win = Win.SUCCESS;
  int quorum = 1;
  Losers losers = Losers.CANCEL;
  @Nullable String timeoutOutput;
  int attempts = 1;
  long delay;
  Retry.Backoff backoff = Retry.Backoff.FIXED;
  @Nullable String retryOn;
  long attemptTimeout;
  long totalTimeout;
  @Nullable Policy policy;
  boolean detached;

  /** How long it sleeps, or at most waits; 0 for a wait without end. */
  long sleep;

  Work.Approval.OnTimeout onTimeout = Work.Approval.OnTimeout.DENY;
  boolean callback;
  @Nullable String reads;
  int batch;
  Loop loop = new Loop(true, 1, null, 1, 0, Retry.Backoff.FIXED);
  boolean all;

  /** Not drawn with the rest; see {@code RandomHooksTest}. */
  Hooks hooks = Hooks.NONE;

  /** Whether it holds nothing while time passes. */
  boolean isWaiting() {
    return kind == Kind.SLEEP || kind == Kind.APPROVAL || kind == Kind.WAIT;
  }

  boolean isGroup() {
    return kind.ordinal() >= Kind.PARALLEL.ordinal();
  }

  int size() {
    return 1 + children.stream().mapToInt(Spec::size).sum();
  }

  Spec copy() {
    Spec copy = new Spec();
    copy.name = name;
    copy.kind = kind;
    copy.fan = fan;
    copy.items = items;
    copy.failFast = failFast;
    copy.fanLimit = fanLimit;
    children.forEach(child -> copy.children.add(child.copy()));
    copy.needs = new ArrayList<>(needs);
    copy.joinAny = joinAny;
    copy.when = when;
    copy.satisfy = satisfy;
    copy.limit = limit;
    copy.groupTimeout = groupTimeout;
    copy.success = success;
    copy.successNames = new ArrayList<>(successNames);
    copy.win = win;
    copy.quorum = quorum;
    copy.losers = losers;
    copy.timeoutOutput = timeoutOutput;
    copy.attempts = attempts;
    copy.delay = delay;
    copy.backoff = backoff;
    copy.retryOn = retryOn;
    copy.attemptTimeout = attemptTimeout;
    copy.totalTimeout = totalTimeout;
    copy.policy = policy;
    copy.detached = detached;
    copy.sleep = sleep;
    copy.onTimeout = onTimeout;
    copy.callback = callback;
    copy.reads = reads;
    copy.batch = batch;
    copy.loop = loop;
    copy.all = all;
    return copy;
  }

  /** Instances of a fan. */
  int instances() {
    return batch == 0 ? items : (items + batch - 1) / batch;
  }

  /** What an instance of a {@code forEach} calls its item. */
  Object item(int instance) {
    if (batch == 0) {
      return (long) instance;
    }
    long from = (long) instance * batch;
    return LongStream.range(from, Math.min(from + batch, items)).boxed().toList();
  }

  /** The cases of a switch have no names of their own. */
  void nameCases() {
    for (int i = 0; i < children.size(); i++) {
      children.get(i).name = children.get(i).when == null ? "else" : "case" + (i + 1);
    }
  }

  static Template expression(String source) {
    return new Template.Expression(new Expr(source, SourceSpan.NONE));
  }

  Step step() {
    return StepDraft.of(name, body(), SourceSpan.NONE)
        .fan(fan())
        .needs(
            needs.stream()
                .map(
                    need ->
                        new Step.Need(need.step(), List.copyOf(need.on()), false, SourceSpan.NONE))
                .toList())
        .join(joinAny ? Step.Join.ANY : Step.Join.ALL)
        .when(Optional.ofNullable(when).map(Spec::template))
        .onSkip(satisfy ? Step.OnSkip.SATISFY : Step.OnSkip.PROPAGATE)
        .maxParallel(
            fanLimit == 0 ? Optional.empty() : Optional.of(Template.literal((long) fanLimit)))
        .retry(
            Retry.of(attempts, Duration.ofMillis(delay))
                .growing(backoff, 2, Duration.ofDays(365))
                .only(
                    retryOn == null ? List.of() : List.of(new Retry.Match.Code(retryOn)),
                    List.of()))
        .timeouts(
            new Timeouts(
                duration(attemptTimeout),
                duration(totalTimeout),
                Optional.empty(),
                Optional.empty()))
        .onFailure(Optional.ofNullable(policy).map(Spec::onFailure))
        .detached(detached)
        .hooks(hooks)
        .step();
  }

  private static Template template(Condition when) {
    return when.step() == null || when.status() == null
        ? Template.literal(when.constant())
        : expression("steps['" + when.step() + "'].status == '" + when.status().id() + "'");
  }

  private static OnFailure onFailure(Policy policy) {
    return new OnFailure(
        true,
        Optional.ofNullable(policy.onlyCode())
            .map(code -> expression("error.code == '" + code + "'")),
        Optional.ofNullable(policy.output()).map(Template::literal),
        Optional.ofNullable(policy.reported()),
        policy.failsRun(),
        SourceSpan.NONE);
  }

  private static Optional<Duration> duration(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  private Optional<Fan> fan() {
    Template list =
        new Template.Items(
            LongStream.range(0, items).boxed().map(Template::literal).toList(), SourceSpan.NONE);
    return switch (fan) {
      case NONE -> Optional.empty();
      case FOR_EACH ->
          Optional.of(
              new Fan.ForEach(
                  list,
                  "item",
                  batch == 0 ? Optional.empty() : Optional.of(Template.literal((long) batch)),
                  Optional.empty(),
                  false,
                  Optional.empty(),
                  failFast,
                  Fan.ForEach.Empty.SUCCEED,
                  SourceSpan.NONE));
      case MATRIX ->
          Optional.of(
              new Fan.Matrix(Map.of("x", list), List.of(), List.of(), failFast, SourceSpan.NONE));
    };
  }

  private Body body() {
    List<Step> steps = children.stream().map(Spec::step).toList();
    return switch (kind) {
      case CALL -> new Work.Call("scripted", Template.literal(null));
      case SLEEP -> new Work.Sleep(Template.literal(sleep + "ms"));
      case APPROVAL ->
          new Work.Approval(
              Template.literal("Go on?"), duration(sleep), onTimeout, Optional.empty());
      case WAIT ->
          new Work.WaitFor(
              callback ? Optional.empty() : Optional.of(Template.literal("tick")),
              callback ? Optional.empty() : Optional.of(expression("event != 'noise'")),
              callback,
              duration(sleep));
      case PASS ->
          new Work.Pass(
              Optional.ofNullable(reads)
                  .map(
                      read ->
                          read.startsWith("@")
                              ? expression(read.substring(1))
                              : expression("steps['" + read + "'].output")));
      case SEQUENCE -> new Structure.Sequence(steps);
      case PARALLEL ->
          new Structure.Parallel(
              steps,
              limit == 0 ? Optional.empty() : Optional.of(Template.literal((long) limit)),
              duration(groupTimeout),
              success());
      case RACE ->
          new Structure.Race(
              steps,
              win,
              quorum,
              losers,
              duration(groupTimeout),
              Optional.ofNullable(timeoutOutput).map(Template::literal));
      case LOOP ->
          new Structure.Loop(
              steps,
              loop.isUntil() ? Optional.empty() : Optional.of(loop.condition()),
              loop.isUntil() ? Optional.of(loop.condition()) : Optional.empty(),
              loop.limit(),
              duration(loop.delay()),
              loop.backoff(),
              2,
              Optional.empty(),
              SourceSpan.NONE);
      case SWITCH ->
          new Structure.Switch(
              children.stream()
                  .map(
                      each ->
                          new Structure.Switch.Case(
                              Optional.ofNullable(each.when).map(Spec::template),
                              each.children.stream().map(Spec::step).toList(),
                              SourceSpan.NONE))
                  .toList(),
              all,
              SourceSpan.NONE);
    };
  }

  private Structure.Success success() {
    return switch (success) {
      case ALL -> new Structure.Success.All();
      case ONLY -> new Structure.Success.Only(successNames, SourceSpan.NONE);
      case IGNORE -> new Structure.Success.Ignore(successNames, SourceSpan.NONE);
      case NEVER -> new Structure.Success.When(Template.literal(false));
      case ALWAYS -> new Structure.Success.When(Template.literal(true));
    };
  }

  /** What differs from a plain step, one line per step. */
  void print(StringBuilder text, String indent) {
    Map<String, Object> shown = new LinkedHashMap<>();
    if (fan != FanKind.NONE) {
      shown.put("batch", batch);
      shown.put(fan.name(), items + (failFast ? " failFast" : "") + " limit " + fanLimit);
    }
    needs.forEach(need -> shown.put("needs " + need.step(), need.on()));
    shown.put("joinAny", joinAny);
    shown.put("when", when);
    shown.put("satisfy", satisfy);
    shown.put("limit", limit);
    shown.put("groupTimeout", groupTimeout);
    if (success != SuccessKind.ALL) {
      shown.put("success", success + "" + successNames);
    }
    if (kind == Kind.RACE) {
      shown.put("win", win + " " + quorum + " " + losers);
      shown.put("timeoutOutput", timeoutOutput);
    }
    if (kind == Kind.LOOP) {
      shown.put("loop", loop);
    }
    shown.put("all", all);
    if (attempts > 1) {
      shown.put("retry", attempts + " after " + delay + " " + backoff + " on " + retryOn);
    }
    shown.put("attemptTimeout", attemptTimeout);
    shown.put("totalTimeout", totalTimeout);
    shown.put("policy", policy);
    shown.put("detached", detached);
    shown.put("sleep", sleep);
    if (kind == Kind.APPROVAL) {
      shown.put("onTimeout", onTimeout);
    }
    shown.put("callback", callback);
    shown.put("reads", reads);
    shown.values().removeIf(value -> value == null || Set.of(0, 0L, false).contains(value));
    text.append(indent).append(name).append(": ").append(kind).append(' ').append(shown);
    text.append('\n');
    children.forEach(child -> child.print(text, indent + "  "));
  }
}
