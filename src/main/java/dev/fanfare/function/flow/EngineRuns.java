package dev.fanfare.function.flow;

import static dev.fanfare.function.flow.FlowHost.get;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dsl.FlowError;
import dev.fanfare.dsl.FlowException;
import dev.fanfare.dsl.Inspection;
import dev.fanfare.dsl.Runs;
import dev.fanfare.dsl.State;
import dev.fanfare.dsl.StepResult;
import dev.fanfare.dsl.Value;
import dev.fanfare.function.CallbackService;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.EventService;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.json.Typed;
import dev.fanfare.store.RunView;
import dev.fanfare.store.StateStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs and state, over the engine of this process. */
final class EngineRuns implements Runs {

  private static final String BY = "java";
  private static final String PAYLOAD = "payload";

  private final EngineRoom room;
  private final StateStore store;

  EngineRuns(EngineRoom room, StateStore store) {
    this.room = room;
    this.store = store;
  }

  @Override
  public UUID trigger(String workflow, @Nullable Object payload) {
    return start(workflow, payload, Optional.empty());
  }

  @Override
  public UUID trigger(String workflow, @Nullable Object payload, String idempotencyKey) {
    return start(workflow, payload, Optional.of(idempotencyKey));
  }

  private UUID start(String workflow, @Nullable Object payload, Optional<String> key) {
    Registrations.Newest newest =
        get(room.registrations().newest(workflow))
            .orElseThrow(
                () ->
                    new FlowException(
                        "there is no workflow '%s'; registered are %s"
                            .formatted(workflow, String.join(", ", get(room.graphs().names())))));
    Map<String, Object> params = new LinkedHashMap<>();
    Map<String, Object> event = new LinkedHashMap<>();
    Object plain = Typed.plain(payload instanceof Value value ? value.raw() : payload);
    if (plain instanceof Map<?, ?> members) {
      members.forEach((name, value) -> event.put(String.valueOf(name), value));
    } else if (plain != null && newest.workflow().params().containsKey(PAYLOAD)) {
      params.put(PAYLOAD, plain);
    } else if (plain != null) {
      event.put(PAYLOAD, plain);
    }
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(), newest.file(), params, event, Map.of("trigger", BY), key);
    return switch (get(room.trigger().start(request))) {
      case TriggerService.Started started -> started.run();
      case TriggerService.Refused refused ->
          throw new FlowException(
              "the workflow '%s' does not start: %s"
                  .formatted(
                      workflow,
                      refused.diagnostics().stream()
                          .filter(Diagnostic::isError)
                          .map(Diagnostic::oneLine)
                          .collect(Collectors.joining("; "))));
    };
  }

  @Override
  public Optional<Inspection> inspect(UUID run) {
    return get(room.run(run)).map(EngineRuns::inspection);
  }

  private static Inspection inspection(RunView view) {
    Object result = view.outputs() == null ? null : view.outputs().get("result");
    List<StepResult> steps =
        view.steps().stream()
            .map(
                step ->
                    new StepResult(
                        step.path(),
                        step.status(),
                        Value.of(step.output(), "the output of " + step.path()),
                        Optional.ofNullable(FlowError.of(step.error()))))
            .toList();
    return new Inspection(
        view.id(), view.workflow(), view.status(), Value.of(result, "the output"), steps);
  }

  @Override
  public boolean cancelRun(UUID run, String reason) {
    return FlowHost.cancelled(room, run, BY, reason);
  }

  @Override
  public void publishEvent(String name, @Nullable Object payload) {
    EventService.Publication event =
        new EventService.Publication(name, Optional.empty(), Typed.plain(payload));
    get(room.waits().events().publish(event));
    room.called().publish(event, Optional.empty());
  }

  @Override
  public UUID replay(UUID run) {
    return switch (get(room.rerun().rerun(run, RerunService.from("start"), BY))) {
      case RerunService.Restarted restarted -> restarted.run();
      case RerunService.NotOver atWork ->
          throw new FlowException(
              "the run " + run + " is " + atWork.status() + "; cancel it first");
      case RerunService.Refused refused -> throw new FlowException(refused.sentence());
      case RerunService.Unknown ignored -> throw new FlowException("there is no run " + run);
    };
  }

  @Override
  public UUID replay(UUID run, @Nullable Object payload) {
    RunView view =
        get(room.views().run(run)).orElseThrow(() -> new FlowException("there is no run " + run));
    return trigger(view.workflow(), payload);
  }

  @Override
  public void resume(String token, @Nullable Object payload) {
    Object plain = Typed.plain(payload);
    switch (get(room.waits().callbacks().call(token, plain, Optional.empty()))) {
      case CallbackService.Answer.Taken ignored -> {}
      case CallbackService.Answer.Unknown ignored -> throw new FlowException("unknown token");
      case CallbackService.Answer.Used used -> throw new FlowException(used.sentence());
      case CallbackService.Answer.Late late -> throw new FlowException(late.sentence());
    }
  }

  @Override
  public State state() {
    return new StoredState(store, "");
  }

  @Override
  public State state(String workflow) {
    return new StoredState(store, workflow);
  }
}
