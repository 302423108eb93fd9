package dev.fanfare.dsl;

import dev.fanfare.dsl.Part.Branch;
import dev.fanfare.dsl.Part.Draft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Steps that are executed one after another. {@link #retry}, {@link #timeout}, {@link #cache},
 * {@link #delay}, {@link #circuitBreaker}, {@link #onError}, {@link #named} and {@link #title} are
 * about the step, group or branches before them.
 *
 * @param <S> the type of the chain
 */
public abstract sealed class Steps<S extends Steps<S>> permits Flow, InnerFlow {

  final Book book;
  private final List<Draft> block = Part.block();
  private final Deque<Draft> open = new ArrayDeque<>();
  private @Nullable Draft before;

  Steps(Book book) {
    this.book = book;
  }

  abstract S self();

  /** A step: its output becomes {@code ctx.last()}. */
  public S step(String name, StepFunction function) {
    return add(new Draft(book.take(name), new Part.Call(function), true));
  }

  /** A step whose output has a type that other steps read it by. */
  public <T> S step(StepKey<T> key, TypedFunction<T> function) {
    return step(key.name(), function::apply);
  }

  /** A step that is handed the output of the one before it as an object of a type. */
  public <I> S step(String name, Class<I> input, InputFunction<I> function) {
    return step(name, ctx -> function.apply(ctx.last(input), ctx));
  }

  /**
   * Work beside the flow: nothing waits for it but the end of the run, and of the branch, turn or
   * item that it is in; it changes no {@code ctx.last()}, and its failure fails nothing.
   */
  public S action(String name, Action action) {
    Draft draft = new Draft(book.take(name), call(action), false);
    draft.detached = true;
    return add(draft);
  }

  private static Part call(Action action) {
    return new Part.Call(
        ctx -> {
          action.run(ctx);
          return null;
        });
  }

  /** Functions that start together; the output is the list of theirs, in this order. */
  public S parallel(StepFunction... functions) {
    return parallel(List.of(functions), options -> {});
  }

  public S parallel(List<StepFunction> functions, Consumer<ParallelOptions> options) {
    ParallelOptions chosen = new ParallelOptions();
    options.accept(chosen);
    return group("parallel", functions, chosen.written(), Optional.empty());
  }

  /** Functions of which the first to succeed wins; its output is the race's. */
  public S race(StepFunction... functions) {
    return race(List.of(functions), options -> {});
  }

  public S race(List<StepFunction> functions, Consumer<RaceOptions> options) {
    RaceOptions chosen = new RaceOptions();
    options.accept(chosen);
    return group("race", functions, Map.of(), Optional.of(chosen.written()));
  }

  private S group(
      String kind,
      List<StepFunction> functions,
      Map<String, Object> options,
      Optional<Map<String, Object>> race) {
    if (functions.isEmpty()) {
      throw new FlowException("workflow '" + book.workflow() + "': a " + kind + " of nothing");
    }
    return add(new Draft(book.next(kind), new Part.Group(functions, options, race), true));
  }

  /** What follows, up to {@code elseIf}, {@code orElse} or {@code endIf}, if a condition holds. */
  public S ifTrue(String name, Condition condition) {
    List<Branch> branches = new ArrayList<>();
    branches.add(new Branch(condition, Part.block()));
    open.push(new Draft(book.take(name), new Part.Choice(branches), true));
    before = null;
    return self();
  }

  /** What follows, if this condition holds and none before it does. */
  public S elseIf(Condition condition) {
    return branch("elseIf", condition);
  }

  /** What follows, if no condition holds. */
  public S orElse() {
    return branch("orElse", null);
  }

  private S branch(String method, @Nullable Condition condition) {
    Draft draft = open.peek();
    if (draft == null || !(draft.part instanceof Part.Choice choice)) {
      throw bad(method + "() without an ifTrue() before it");
    }
    if (choice.isComplete()) {
      throw bad(method + "() after the orElse() of '" + draft.name + "'");
    }
    choice.branches().add(new Branch(condition, Part.block()));
    before = null;
    return self();
  }

  /** Ends the branches of the last {@code ifTrue} that is open. */
  public S endIf() {
    Draft draft = open.poll();
    if (draft == null) {
      throw bad("endIf() without an ifTrue() before it");
    }
    return add(draft);
  }

  /**
   * Steps that are repeated while a condition holds, at most 1000 times. The condition is asked
   * before each turn. The output is {@code {iterations, completed}}.
   */
  public S whileTrue(String name, Condition condition, Consumer<InnerFlow> turn) {
    String taken = book.take(name);
    return add(new Draft(taken, new Part.While(condition, inner(name, turn)), true));
  }

  /**
   * Steps for each item of a list, all items at once, in each item one after another. The output is
   * {@code {type, name, results: [{item, result, index}], totalItems}}.
   *
   * @param items yields a collection, an array or a stream
   */
  public S forEach(String name, StepFunction items, Consumer<InnerFlow> each) {
    String taken = book.take(name);
    return add(new Draft(taken, new Part.Each(items, 0, 0, inner(name, each)), true));
  }

  /**
   * Steps for each so many items of a list, one batch after another. The output is {@code {results:
   * [{batchIndex, items, result, size}], totalBatches, totalItems}}.
   */
  public S batch(String name, int size, StepFunction items, Consumer<InnerFlow> each) {
    return batch(name, size, items, each, options -> {});
  }

  public S batch(
      String name,
      int size,
      StepFunction items,
      Consumer<InnerFlow> each,
      Consumer<BatchOptions> options) {
    if (size < 1) {
      throw bad("batch '" + name + "': a batch has at least one item");
    }
    BatchOptions chosen = new BatchOptions();
    options.accept(chosen);
    String taken = book.take(name);
    Part part = new Part.Each(items, size, chosen.concurrency(), inner(name, each));
    return add(new Draft(taken, part, true));
  }

  private List<Draft> inner(String name, Consumer<InnerFlow> define) {
    InnerFlow flow = new InnerFlow(book);
    define.accept(flow);
    List<Draft> steps = ((Steps<?>) flow).finished();
    if (steps.isEmpty()) {
      throw bad("'" + name + "' has no steps");
    }
    return steps;
  }

  /**
   * Waits for a person. The output is {@code {approved, reason, approvedBy, approvedAt, status,
   * resumePayload}}, or {@code {approved: false, timedOut: true, status: "timeout"}}.
   */
  public S humanInTheLoop(Consumer<HumanOptions> options) {
    HumanOptions chosen = new HumanOptions();
    options.accept(chosen);
    return add(new Draft(book.next("approval"), new Part.Human(chosen), true));
  }

  /** Waits until somebody resumes the run; the output is what that brings. */
  public S pause(PauseAction action) {
    return add(new Draft(book.next("pause"), new Part.Pause(action), true));
  }

  /** Waits, holding nothing. */
  public S sleep(Duration duration) {
    return add(new Draft(book.next("sleep"), new Part.Sleep(Durations.text(duration)), false));
  }

  public S sleep(String duration) {
    return sleep(Durations.of(duration, "a sleep"));
  }

  /** Waits as long as a function says: a {@link Duration}, a text, or milliseconds. */
  public S sleep(StepFunction duration) {
    return add(new Draft(book.next("sleep"), new Part.ComputedSleep(duration), false));
  }

  /** Runs another workflow with the payload of this run, and waits for it. */
  public S subflow(String name, String workflow) {
    return subflow(name, workflow, ctx -> ctx.payload().raw());
  }

  /** Runs another workflow with a payload, and waits for it; the output is its last step's. */
  public S subflow(String name, String workflow, StepFunction payload) {
    return add(new Draft(book.take(name), new Part.Subflow(workflow, payload, Map.of()), true));
  }

  /** Runs a workflow from a file with parameters; the output is its outputs. */
  public S subflow(String name, String workflow, Map<String, ?> params) {
    return add(
        new Draft(book.take(name), new Part.Subflow(workflow, null, Map.copyOf(params)), true));
  }

  /** Waits for an event; the output is its payload. */
  public S waitForEvent(String event) {
    return waitForEvent(event, options -> {});
  }

  public S waitForEvent(String event, Consumer<EventOptions> options) {
    EventOptions chosen = new EventOptions();
    options.accept(chosen);
    return add(new Draft(book.next("event"), new Part.Wait(event, chosen), true));
  }

  /** Cancels the run. */
  public S cancel(String reason) {
    return add(new Draft(book.next("cancel"), call(ctx -> ctx.cancel(reason)), false));
  }

  /** Writes a line into the log of the run. */
  public S log(String line) {
    return add(new Draft(book.next("log"), call(ctx -> ctx.log(line)), false));
  }

  /** How often what stands before it is tried: executions at most, the first one among them. */
  public S retry(int attempts) {
    return retry(options -> options.attempts(attempts));
  }

  public S retry(Consumer<RetryOptions> options) {
    Draft draft = subject("retry");
    RetryOptions chosen = new RetryOptions();
    options.accept(chosen);
    if (chosen.predicate() != null && !(draft.part instanceof Part.Call)) {
      throw bad("retryOn() is for a step that is a function, which '" + draft.name + "' is not");
    }
    draft.retry = chosen;
    return self();
  }

  /** How long each execution of what stands before it may take. */
  public S timeout(Duration limit) {
    subject("timeout").timeout = limit;
    return self();
  }

  public S timeout(String limit) {
    return timeout(Durations.of(limit, "a timeout"));
  }

  /** Takes the output of an earlier execution with the same key, in any run. */
  public S cache(StepFunction key, Duration ttl) {
    Draft draft = subject("cache");
    draft.cacheKey = key;
    draft.cacheTtl = ttl;
    return self();
  }

  public S cache(StepFunction key, String ttl) {
    return cache(key, Durations.of(ttl, "the ttl of a cache"));
  }

  /** Waits before what stands before it begins. */
  public S delay(Duration pause) {
    subject("delay").delay = pause;
    return self();
  }

  public S delay(String pause) {
    return delay(Durations.of(pause, "a delay"));
  }

  /**
   * What to yield when what stands before it has failed for good: the run goes on with it. In it
   * {@code ctx.error()} says why.
   */
  public S onError(StepFunction instead) {
    subject("onError").onError = instead;
    return self();
  }

  /** Fails at once where what stands before it failed again and again. */
  public S circuitBreaker(Consumer<BreakerOptions> options) {
    Draft draft = subject("circuitBreaker");
    BreakerOptions chosen = new BreakerOptions();
    options.accept(chosen);
    draft.breaker = chosen.written();
    return self();
  }

  /** Gives what stands before it a name, by which other steps read it. */
  public S named(String name) {
    Draft draft = subject("named");
    book.take(name);
    book.release(draft.name);
    draft.name = name;
    return self();
  }

  /** A title for people. */
  public S title(String title) {
    subject("title").title = title;
    return self();
  }

  private Draft subject(String method) {
    if (before == null) {
      throw bad(method + "() is about the step before it, and there is none");
    }
    return before;
  }

  private S add(Draft draft) {
    current().add(draft);
    before = draft;
    return self();
  }

  private List<Draft> current() {
    Draft draft = open.peek();
    return draft != null && draft.part instanceof Part.Choice choice
        ? choice.branches().getLast().steps()
        : block;
  }

  /** The steps, once all that was begun has ended. */
  final List<Draft> finished() {
    if (!open.isEmpty()) {
      throw bad("the ifTrue() '" + open.element().name + "' has no endIf()");
    }
    return block;
  }

  final FlowException bad(String what) {
    return new FlowException("workflow '" + book.workflow() + "': " + what);
  }
}
