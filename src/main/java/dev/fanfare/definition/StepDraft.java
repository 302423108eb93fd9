package dev.fanfare.definition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step being put together by an importer: what is not said has the language's default.
 *
 * <pre>{@code
 * Step step = StepDraft.of("build", new Work.Run(...), span).needs(needs).when(condition).step();
 * }</pre>
 */
public final class StepDraft {

  private String name;
  private Body body;
  private Optional<Fan> fan = Optional.empty();
  private List<Step.Need> needs = List.of();
  private Step.Join join = Step.Join.ALL;
  private Optional<Template> when = Optional.empty();
  private Step.OnSkip onSkip = Step.OnSkip.PROPAGATE;
  private Optional<Template> maxParallel = Optional.empty();
  private Retry retry = Retry.NONE;
  private Timeouts timeouts = Timeouts.NONE;
  private Optional<OnFailure> onFailure = Optional.empty();
  private Map<String, Output> outputs = Map.of();
  private Map<String, Template> env = Map.of();
  private boolean detached = false;
  private Optional<Step.Lock> lock = Optional.empty();
  private Optional<Step.Cache> cache = Optional.empty();
  private Optional<Step.Breaker> breaker = Optional.empty();
  private Hooks hooks = Hooks.NONE;
  private Optional<Template> idempotencyKey = Optional.empty();
  private String title = "";
  private String stage = "";
  private List<String> reads = List.of();
  private List<String> writes = List.of();
  private SourceSpan span;

  private StepDraft(String name, Body body, SourceSpan span) {
    this.name = name;
    this.body = body;
    this.span = span;
  }

  /** A step with a body and nothing around it. */
  public static StepDraft of(String name, Body body, SourceSpan span) {
    return new StepDraft(name, body, span);
  }

  /** Everything that a step says, to say something else. */
  public static StepDraft of(Step step) {
    StepDraft draft = new StepDraft(step.name(), step.body(), step.span());
    draft.fan = step.fan();
    draft.needs = step.needs();
    draft.join = step.join();
    draft.when = step.when();
    draft.onSkip = step.onSkip();
    draft.maxParallel = step.maxParallel();
    draft.retry = step.retry();
    draft.timeouts = step.timeouts();
    draft.onFailure = step.onFailure();
    draft.outputs = step.outputs();
    draft.env = step.env();
    draft.detached = step.detached();
    draft.lock = step.lock();
    draft.cache = step.cache();
    draft.breaker = step.breaker();
    draft.hooks = step.hooks();
    draft.idempotencyKey = step.idempotencyKey();
    draft.title = step.title();
    draft.stage = step.stage();
    draft.reads = step.reads();
    draft.writes = step.writes();
    return draft;
  }

  public StepDraft name(String name) {
    this.name = name;
    return this;
  }

  public StepDraft body(Body body) {
    this.body = body;
    return this;
  }

  public StepDraft fan(Optional<Fan> fan) {
    this.fan = fan;
    return this;
  }

  public StepDraft fan(Fan fan) {
    return fan(Optional.of(fan));
  }

  public StepDraft needs(List<Step.Need> needs) {
    this.needs = needs;
    return this;
  }

  public StepDraft join(Step.Join join) {
    this.join = join;
    return this;
  }

  public StepDraft when(Optional<Template> when) {
    this.when = when;
    return this;
  }

  public StepDraft when(Template when) {
    return when(Optional.of(when));
  }

  public StepDraft onSkip(Step.OnSkip onSkip) {
    this.onSkip = onSkip;
    return this;
  }

  public StepDraft maxParallel(Optional<Template> maxParallel) {
    this.maxParallel = maxParallel;
    return this;
  }

  public StepDraft maxParallel(Template maxParallel) {
    return maxParallel(Optional.of(maxParallel));
  }

  public StepDraft retry(Retry retry) {
    this.retry = retry;
    return this;
  }

  public StepDraft timeouts(Timeouts timeouts) {
    this.timeouts = timeouts;
    return this;
  }

  public StepDraft onFailure(Optional<OnFailure> onFailure) {
    this.onFailure = onFailure;
    return this;
  }

  public StepDraft onFailure(OnFailure onFailure) {
    return onFailure(Optional.of(onFailure));
  }

  public StepDraft outputs(Map<String, Output> outputs) {
    this.outputs = outputs;
    return this;
  }

  public StepDraft env(Map<String, Template> env) {
    this.env = env;
    return this;
  }

  public StepDraft detached(boolean detached) {
    this.detached = detached;
    return this;
  }

  public StepDraft lock(Optional<Step.Lock> lock) {
    this.lock = lock;
    return this;
  }

  public StepDraft lock(Step.Lock lock) {
    return lock(Optional.of(lock));
  }

  public StepDraft cache(Optional<Step.Cache> cache) {
    this.cache = cache;
    return this;
  }

  public StepDraft cache(Step.Cache cache) {
    return cache(Optional.of(cache));
  }

  public StepDraft breaker(Optional<Step.Breaker> breaker) {
    this.breaker = breaker;
    return this;
  }

  public StepDraft breaker(Step.Breaker breaker) {
    return breaker(Optional.of(breaker));
  }

  public StepDraft hooks(Hooks hooks) {
    this.hooks = hooks;
    return this;
  }

  public StepDraft idempotencyKey(Optional<Template> idempotencyKey) {
    this.idempotencyKey = idempotencyKey;
    return this;
  }

  public StepDraft idempotencyKey(Template idempotencyKey) {
    return idempotencyKey(Optional.of(idempotencyKey));
  }

  public StepDraft title(String title) {
    this.title = title;
    return this;
  }

  public StepDraft stage(String stage) {
    this.stage = stage;
    return this;
  }

  public StepDraft reads(List<String> reads) {
    this.reads = reads;
    return this;
  }

  public StepDraft writes(List<String> writes) {
    this.writes = writes;
    return this;
  }

  public StepDraft span(SourceSpan span) {
    this.span = span;
    return this;
  }

  /** The step. The draft may go on to be changed. */
  public Step step() {
    return new Step(
        name,
        body,
        fan,
        needs,
        join,
        when,
        onSkip,
        maxParallel,
        retry,
        timeouts,
        onFailure,
        outputs,
        env,
        detached,
        lock,
        cache,
        breaker,
        hooks,
        idempotencyKey,
        title,
        stage,
        reads,
        writes,
        span);
  }
}
