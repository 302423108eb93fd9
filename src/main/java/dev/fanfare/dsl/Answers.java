package dev.fanfare.dsl;

import dev.fanfare.definition.DurationText;
import dev.fanfare.dsl.Part.Branch;
import dev.fanfare.dsl.Part.Draft;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions that the API puts around those of its users. */
final class Answers {

  /** In the place of what a callback brings, when none came. */
  static final String TIMED_OUT = "$timedOut";

  private Answers() {}

  /** The number of the branch to take, that of {@code else} where no condition holds. */
  static StepFunction branch(Part.Choice choice) {
    List<Branch> branches = List.copyOf(choice.branches());
    return ctx -> {
      for (int i = 0; i < branches.size(); i++) {
        Condition condition = branches.get(i).condition();
        if (condition == null || condition.test(ctx)) {
          return i;
        }
      }
      return branches.size();
    };
  }

  static StepFunction list(StepFunction items, String what) {
    return ctx -> {
      Object found = items.apply(ctx);
      return switch (found) {
        case Value value when value.raw() instanceof List<?> list -> list;
        case Value value -> throw noList(what, value.raw());
        case Collection<?> collection -> List.copyOf(collection);
        case Object[] array -> Arrays.asList(array);
        case Stream<?> stream -> stream.toList();
        case null -> throw noList(what, null);
        default -> throw noList(what, found);
      };
    };
  }

  private static FlowException noList(String what, @Nullable Object found) {
    return new FlowException(
        "the items of %s must be a list, not %s"
            .formatted(what, found == null ? "null" : found.getClass().getSimpleName()));
  }

  static StepFunction duration(StepFunction duration) {
    return ctx -> {
      Object found = duration.apply(ctx);
      return switch (found) {
        case Duration value -> Durations.text(value);
        case Number millis when millis.longValue() >= 0 -> millis.longValue() + "ms";
        case String text when DurationText.parse(text).isPresent() -> text;
        case null -> throw new FlowException("a sleep of null: return a Duration");
        default -> throw new FlowException("a sleep of '" + found + "': return a Duration");
      };
    };
  }

  static StepFunction told(PauseAction action) {
    return ctx -> {
      Object token = ctx instanceof RunContext context ? context.input("token") : null;
      action.run(ctx, String.valueOf(token));
      return null;
    };
  }

  /** Lets an exception that is not worth another execution end the step. */
  static StepFunction retried(Draft draft, StepFunction function) {
    Predicate<Exception> predicate = draft.retry == null ? null : draft.retry.predicate();
    if (predicate == null) {
      return function;
    }
    return ctx -> {
      try {
        return function.apply(ctx);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (predicate.test(e)) {
          throw e;
        }
        throw new NotRetriedException(e);
      }
    };
  }

  /** What a person's answer, or its absence, yields. */
  static StepFunction human(HumanOptions options) {
    Optional<Action> onTimeout = options.onTimeout();
    return ctx -> {
      Map<String, Object> answer = new LinkedHashMap<>();
      if (ctx instanceof RunContext context && context.input("answer") instanceof Map<?, ?> given) {
        given.forEach((key, value) -> answer.put(String.valueOf(key), value));
      }
      if (answer.containsKey(TIMED_OUT) || "timed_out".equals(answer.get("decision"))) {
        if (onTimeout.isPresent()) {
          onTimeout.get().run(ctx);
        }
        Map<String, Object> late = new LinkedHashMap<>();
        late.put("approved", false);
        late.put("timedOut", true);
        late.put("status", "timeout");
        return late;
      }
      return resumed(answer, ctx);
    };
  }

  private static Map<String, @Nullable Object> resumed(Map<String, Object> answer, Context ctx) {
    Map<String, @Nullable Object> resumed = new LinkedHashMap<>();
    boolean judged = answer.containsKey("decision");
    resumed.put(
        "approved",
        judged
            ? "approved".equals(answer.get("decision"))
            : !Boolean.FALSE.equals(answer.get("approved")));
    resumed.put("reason", answer.get("reason"));
    resumed.put("approvedBy", judged ? answer.get("by") : answer.get("approvedBy"));
    Object at = judged ? answer.get("at") : answer.get("approvedAt");
    resumed.put(
        "approvedAt",
        at == null && ctx instanceof RunContext context ? context.host().now().toString() : at);
    resumed.put("status", "resumed");
    resumed.put("resumePayload", judged ? answer.get("form") : answer);
    return resumed;
  }
}
