package dev.fanfare.invoke.lambda;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.invoke.Activity;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.invoke.lambda.Claims.Handling;
import dev.fanfare.invoke.lambda.CurrentInvocation.Facts;
import dev.fanfare.invoke.lambda.Packing.Parcel;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Masker;
import dev.fanfare.work.lambda.LambdaErrors;
import dev.fanfare.work.lambda.LambdaService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Hands claimed steps to functions of their own: asynchronous invocations, as many steps in one as
 * may share it.
 *
 * <p>A wide fan-out goes to the dispatcher in large chunks, and what is left when the time of this
 * invocation runs short goes there as well. What the service has no room for is tried again for a
 * few seconds, then left to the queue, which brings it to the dispatcher later.
 */
public final class LambdaInvoker implements Invoker {

  private static final Logger LOG = System.getLogger(LambdaInvoker.class.getName());

  /** A refusal that may pass is not waited out for longer than this: waiting is billed. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** The first delay of what is left to the queue; each further one is twice as long. */
  private static final Duration FIRST_DELAY = Duration.ofSeconds(5);

  /**
   * Where steps go.
   *
   * @param step function that does steps
   * @param dispatcher function that fans out; empty if every process does that itself
   * @param images for each image the function that carries its tools
   * @param queue whose messages the dispatcher gets
   */
  public record Targets(
      String step,
      Optional<String> dispatcher,
      Map<String, String> images,
      Optional<MessageQueue> queue) {}

  /**
   * How much.
   *
   * @param atOnce most calls under way at once
   * @param direct most invocations that one fan-out starts without a dispatcher
   * @param hops most invocations each of which was started by the one before
   * @param reserve what is left of an invocation when nothing new is tried in it
   */
  public record Limits(int atOnce, int direct, int hops, Duration reserve) {}

  /** What is to become of steps that cannot be handed out. */
  public interface Consequences {
    /** No function will ever get it. */
    void refused(Invocation step, ErrorInfo error);

    /** It is handed out later; nobody else shall take it for lost before. */
    Uni<Void> postponed(List<Invocation> steps, Duration delay);

    /** Its run has come further than invocations may lead. */
    void tooFar(UUID run, int hops, int limit);
  }

  private final LambdaService service;
  private final Targets targets;
  private final Limits limits;
  private final Packing packing;
  private final UnaryOperator<List<Invocation>> here;
  private final CurrentInvocation current;
  private final Consequences consequences;
  private final Activity activity;
  private final Executor executor;

  /** Runs that were told here that they have come too far. */
  private final Set<UUID> stopped = ConcurrentHashMap.newKeySet();

  /**
   * @param together how many steps of its kind may share an invocation with a step
   * @param here does some of the steps in this invocation, and gives the others
   * @param executor its threads may block
   */
  public LambdaInvoker(
      LambdaService service,
      Targets targets,
      Limits limits,
      ToIntFunction<Invocation> together,
      UnaryOperator<List<Invocation>> here,
      CurrentInvocation current,
      Consequences consequences,
      Activity activity,
      Executor executor) {
    this.service = service;
    this.targets = targets;
    this.limits = limits;
    this.packing = new Packing(targets.images(), together);
    this.here = here;
    this.current = current;
    this.consequences = consequences;
    this.activity = activity;
    this.executor = executor;
  }

  @Override
  public void invoke(List<Invocation> steps) {
    Facts from = current.facts();
    List<Invocation> others = here.apply(steps);
    if (from.nextHop() <= limits.hops()) {
      start(others, from);
      return;
    }
    Map<Boolean, List<Invocation>> byEnding =
        others.stream().collect(Collectors.partitioningBy(step -> stopped.contains(step.run())));
    // What such a run has left to do are its hooks.
    start(byEnding.getOrDefault(true, List.of()), from.anew());
    byEnding.getOrDefault(false, List.of()).stream()
        .map(Invocation::run)
        .distinct()
        .forEach(
            run -> {
              stopped.add(run);
              consequences.tooFar(run, from.nextHop(), limits.hops());
            });
  }

  private void start(List<Invocation> steps, Facts from) {
    if (!steps.isEmpty()) {
      start(() -> fanOut(packing.byKind(steps), from));
    }
  }

  /** Hands out what another function sent, as a dispatcher does. */
  public void deliver(Claims claims) {
    Facts from = current.facts();
    if (from.nextHop() > limits.hops()) {
      invoke(claims.steps());
      return;
    }
    Parcel parcel = new Parcel(claims.steps(), claims.handling());
    start(() -> send(Packing.packs(parcel), from));
  }

  private void start(Supplier<Uni<Void>> fanOut) {
    activity.enter();
    try {
      executor.execute(
          () ->
              Uni.createFrom()
                  .deferred(fanOut::get)
                  .onTermination()
                  .invoke(activity::leave)
                  .subscribe()
                  .with(
                      done -> {},
                      failure -> LOG.log(Level.ERROR, "steps were not handed out", failure)));
    } catch (RejectedExecutionException e) {
      activity.leave();
      LOG.log(Level.DEBUG, "steps are left to whoever comes next");
    }
  }

  private Uni<Void> fanOut(List<Parcel> kinds, Facts from) {
    List<Parcel> packs = new ArrayList<>();
    kinds.forEach(kind -> packs.addAll(Packing.packs(kind)));
    if (packs.size() <= limits.direct() || targets.dispatcher().isEmpty()) {
      return send(packs, from);
    }
    List<Parcel> chunks = new ArrayList<>();
    kinds.forEach(kind -> chunks.addAll(Packing.chunks(kind)));
    return sendTo(targets.dispatcher().get(), chunks, from);
  }

  /** Sends each to its function; what is left when time runs short goes to the dispatcher. */
  private Uni<Void> send(List<Parcel> packs, Facts from) {
    Queue<Parcel> left = new ConcurrentLinkedQueue<>();
    return Multi.createFrom()
        .iterable(packs)
        .onItem()
        .transformToUni(
            pack -> {
              if (targets.dispatcher().isPresent() && isShort(from)) {
                left.add(pack);
                return Uni.createFrom().voidItem();
              }
              return hand(pack.handling().function().orElse(targets.step()), pack, from);
            })
        .merge(limits.atOnce())
        .collect()
        .last()
        .chain(
            () ->
                left.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : sendTo(targets.dispatcher().orElseThrow(), together(left), from));
  }

  private static List<Parcel> together(Queue<Parcel> left) {
    Map<Handling, List<Invocation>> kinds = new LinkedHashMap<>();
    left.forEach(
        parcel ->
            kinds
                .computeIfAbsent(parcel.handling(), ignored -> new ArrayList<>())
                .addAll(parcel.steps()));
    List<Parcel> chunks = new ArrayList<>();
    kinds.forEach((kind, steps) -> chunks.addAll(Packing.chunks(new Parcel(steps, kind))));
    return chunks;
  }

  private Uni<Void> sendTo(String function, List<Parcel> parcels, Facts from) {
    return Multi.createFrom()
        .iterable(parcels)
        .onItem()
        .transformToUni(parcel -> hand(function, parcel, from))
        .merge(limits.atOnce())
        .collect()
        .last()
        .replaceWithVoid();
  }

  private boolean isShort(Facts from) {
    return from.left().compareTo(limits.reserve()) < 0;
  }

  /** Calls a function, more than once if that may help. Never fails. */
  private Uni<Void> hand(String function, Parcel parcel, Facts from) {
    Claims claims =
        new Claims(parcel.steps(), from.nextHop(), trace(parcel, from), parcel.handling());
    byte[] payload = claims.bytes();
    Uni<Void> call =
        Uni.createFrom()
            .item(() -> service.invoke(new LambdaService.Call(function, payload, "", false)))
            .runSubscriptionOn(executor)
            .replaceWithVoid();
    Duration time = from.left().minus(limits.reserve());
    Duration patience = time.compareTo(PATIENCE) < 0 ? time : PATIENCE;
    Uni<Void> persistent =
        patience.isPositive()
            ? call.onFailure(failure -> mayPass(function, failure))
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .withJitter(0.5)
                .expireIn(patience.toMillis())
            : call;
    return persistent
        .onFailure()
        .recoverWithUni(failure -> notHanded(function, parcel, from, cause(failure)))
        .onFailure()
        .invoke(failure -> LOG.log(Level.WARNING, "steps wait for their leases", failure))
        .onFailure()
        .recoverWithNull();
  }

  /**
   * The trace of the run that the steps are of: what was known when they were claimed, or what came
   * with them to a dispatcher. Steps of several runs have none in common.
   */
  private static Optional<String> trace(Parcel parcel, Facts from) {
    if (parcel.steps().stream().map(Invocation::run).distinct().limit(2).count() != 1) {
      return Optional.empty();
    }
    return parcel
        .steps()
        .getFirst()
        .order()
        .map(order -> order.runTrace().parent())
        .or(from::trace);
  }

  /** A retry that has ended wraps what it ended with. */
  private static Throwable cause(Throwable failure) {
    return failure instanceof IllegalStateException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static boolean mayPass(String function, Throwable failure) {
    return LambdaErrors.mayPass(LambdaErrors.of(function, failure, Masker.NONE));
  }

  private Uni<Void> notHanded(String function, Parcel parcel, Facts from, Throwable failure) {
    ErrorInfo error = LambdaErrors.of(function, failure, Masker.NONE);
    LOG.log(
        Level.WARNING,
        "{0} steps were not handed out: {1}",
        parcel.steps().size(),
        error.message());
    if (!LambdaErrors.mayPass(error)) {
      parcel.steps().forEach(step -> consequences.refused(step, error));
      return Uni.createFrom().voidItem();
    }
    if (targets.queue().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Handling before = parcel.handling();
    Handling next = new Handling(before.pack(), before.function(), before.tries() + 1);
    Claims claims = new Claims(parcel.steps(), from.nextHop(), trace(parcel, from), next);
    Duration delay = delay(before.tries());
    return consequences
        .postponed(parcel.steps(), delay)
        .emitOn(executor)
        .invoke(() -> targets.queue().get().send(Json.write(claims.toJson()), delay));
  }

  static Duration delay(int tries) {
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(tries, 10));
    return delay.compareTo(MessageQueue.LONGEST_DELAY) < 0 ? delay : MessageQueue.LONGEST_DELAY;
  }
}
