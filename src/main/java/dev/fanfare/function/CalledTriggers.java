package dev.fanfare.function;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Trigger;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import dev.fanfare.store.TriggerStore;
import dev.fanfare.trigger.Delivery;
import dev.fanfare.trigger.Mapping;
import dev.fanfare.trigger.Payload;
import dev.fanfare.trigger.Refs;
import dev.fanfare.trigger.Signatures;
import dev.fanfare.work.TraceContext;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Starts the runs of webhooks and of events that are published. Blocks. */
public final class CalledTriggers {

  private static final Logger LOG = System.getLogger(CalledTriggers.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * A request to a webhook's address.
   *
   * @param headers by their names in lower case
   * @param trace of the caller
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Call(
      String path, Map<String, String> headers, byte[] body, Optional<TraceContext> trace) {}

  /** What became of a call. */
  public sealed interface Result {}

  /** No workflow has a webhook at this address. */
  public record Unknown() implements Result {}

  /** The caller does not prove to know the secret. */
  public record Unauthorized() implements Result {}

  /** The secret that the caller would have to know cannot be found; the log says which. */
  public record NoSecret() implements Result {}

  /** The body is none that a workflow can read. */
  public record Malformed(String problem) implements Result {}

  /** What the triggers did; a workflow may have several, and several workflows one each. */
  public record Answered(List<Started> runs, List<Skipped> skipped, List<Refused> refused)
      implements Result {}

  /**
   * A run of a trigger.
   *
   * @param created false where the same delivery had started the run already
   */
  public record Started(String workflow, UUID run, boolean created) {}

  /** A trigger that wants no run for this. */
  public record Skipped(String workflow, String reason) {}

  /**
   * A trigger whose run cannot be: its parameters are wrong, or the workflow no longer compiles.
   */
  public record Refused(String workflow, List<Diagnostic> diagnostics) {}

  private final TriggerStore store;
  private final Registrations registrations;
  private final TriggerService starts;
  private final SecretStore secrets;

  CalledTriggers(
      TriggerStore store, Registrations registrations, TriggerService starts, SecretStore secrets) {
    this.store = store;
    this.registrations = registrations;
    this.starts = starts;
    this.secrets = secrets;
  }

  /** A trigger that is called, in the newest version of its workflow. */
  private record Target(
      TriggerStore.Named named, Registrations.Newest newest, Trigger trigger, boolean signed) {}

  /** Who may call: everybody, who has proved it, nobody, or nobody knows. */
  private enum Admission {
    OPEN,
    SIGNED,
    WRONG,
    UNDECIDED
  }

  /** Starts the runs that a webhook is for. */
  public Result call(Call call) {
    List<Target> admitted = new ArrayList<>();
    boolean undecided = false;
    boolean any = false;
    for (TriggerStore.Named named : get(store.named("webhook", call.path()))) {
      Optional<Registrations.Newest> newest = get(registrations.newest(named.workflow()));
      Optional<Trigger> trigger = newest.flatMap(found -> found.trigger(named.key()));
      if (newest.isPresent() && trigger.orElse(null) instanceof Trigger.Webhook webhook) {
        Admission admission = admission(webhook, call);
        any = true;
        switch (admission) {
          case OPEN, SIGNED ->
              admitted.add(new Target(named, newest.get(), webhook, admission == Admission.SIGNED));
          case UNDECIDED -> undecided = true;
          case WRONG -> {}
        }
      }
    }
    if (admitted.isEmpty()) {
      return undecided ? new NoSecret() : any ? new Unauthorized() : new Unknown();
    }
    Payload payload = Payload.read(call.headers().get("content-type"), call.body());
    return payload.event().isEmpty()
        ? new Malformed(payload.problem())
        : start(call, payload.event().get(), admitted);
  }

  private Admission admission(Trigger.Webhook webhook, Call call) {
    if (webhook.secret().isEmpty()) {
      return Admission.OPEN;
    }
    String name = webhook.secret().get();
    Optional<String> secret = Optional.empty();
    try {
      secret = get(secrets.value(name)).filter(value -> !value.isEmpty());
      if (secret.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "the webhook {0} is refused: the secret {1} has no value; looked in {2}",
            call.path(),
            name,
            String.join(", ", secrets.places(name)));
      }
    } catch (SecretUnavailableException e) {
      LOG.log(Level.WARNING, "the webhook {0} is refused: {1}", call.path(), e.getMessage());
    }
    if (secret.isEmpty()) {
      return Admission.UNDECIDED;
    }
    return Signatures.isGenuine(call.headers(), call.body(), secret.get(), Instant.now())
        ? Admission.SIGNED
        : Admission.WRONG;
  }

  private Answered start(Call call, Map<String, Object> event, List<Target> targets) {
    Delivery delivery = Delivery.of(call.headers(), event);
    Refs refs = Refs.of(delivery.source(), event);
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", "webhook");
    refs.branch().ifPresent(branch -> context.put("branch", branch));
    refs.tag().ifPresent(tag -> context.put("tag", tag));
    context.put("delivery", delivery.toJson());
    call.trace().ifPresent(trace -> trace.into(context));
    Answered answer = new Answered(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Target target : targets) {
      Optional<String> key =
          delivery.idempotencyKey(target.named().key(), call.body(), target.signed());
      start(target, event, context, key, answer);
    }
    return answer;
  }

  /**
   * Starts the runs that an event is for; nothing where nobody wants it. A payload that is no
   * object is {@code event.payload}.
   *
   * @param trace of the publisher
   */
  public Answered publish(EventService.Publication published, Optional<TraceContext> trace) {
    Map<String, Object> event = new LinkedHashMap<>();
    if (published.payload() instanceof Map<?, ?> map) {
      map.forEach((key, value) -> event.put(String.valueOf(key), value));
    } else if (published.payload() != null) {
      event.put("payload", published.payload());
    }
    Map<String, Object> delivery = new LinkedHashMap<>();
    delivery.put("source", "event");
    delivery.put("event", published.name());
    published.id().ifPresent(id -> delivery.put("id", id));
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("trigger", "event");
    context.put("delivery", delivery);
    trace.ifPresent(from -> from.into(context));
    Answered answer = new Answered(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (TriggerStore.Named named : get(store.named("event", published.name()))) {
      Optional<Registrations.Newest> newest = get(registrations.newest(named.workflow()));
      Optional<Trigger> trigger = newest.flatMap(found -> found.trigger(named.key()));
      if (newest.isPresent() && trigger.isPresent()) {
        Target target = new Target(named, newest.get(), trigger.get(), false);
        start(target, event, context, published.id().map(id -> named.key() + " " + id), answer);
      }
    }
    return answer;
  }

  private void start(
      Target target,
      Map<String, Object> event,
      Map<String, Object> context,
      Optional<String> key,
      Answered answer) {
    String workflow = target.named().workflow();
    if (target.named().paused()) {
      answer.skipped().add(new Skipped(workflow, "the workflow is paused"));
      return;
    }
    Mapping mapping = Mapping.of(target.trigger(), workflow, event, context);
    if (mapping.unwanted().isPresent()) {
      answer.skipped().add(new Skipped(workflow, mapping.unwanted().get()));
      return;
    }
    List<Diagnostic> problems = new ArrayList<>(PayloadSchema.problems(target.trigger(), event));
    problems.addAll(mapping.problems());
    if (!problems.isEmpty()) {
      answer.refused().add(new Refused(workflow, problems));
      return;
    }
    Optional<String> chosen =
        mapping.key().map(own -> target.named().key() + " " + own).or(() -> key);
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(), target.newest().file(), mapping.params(), event, context, chosen);
    switch (get(starts.start(request))) {
      case TriggerService.Started run ->
          answer.runs().add(new Started(workflow, run.run(), run.created()));
      case TriggerService.Refused refused ->
          answer.refused().add(new Refused(workflow, refused.diagnostics()));
    }
  }

  private static <T> T get(Uni<T> answer) {
    return answer.await().atMost(PATIENCE);
  }
}
