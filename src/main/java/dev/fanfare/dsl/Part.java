package dev.fanfare.dsl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one step of a flow is. */
sealed interface Part {

  /** A function. */
  record Call(StepFunction function) implements Part {}

  /** Functions that start together; in a race, or all of them */
  record Group(
      List<StepFunction> functions, Map<String, Object> options, Optional<Map<String, Object>> race)
      implements Part {
    public Group {
      functions = List.copyOf(functions);
    }
  }

  /** Branches of which one is taken; the last one without a condition is {@code else}. */
  record Choice(List<Branch> branches) implements Part {
    /** Whether there is an {@code else} already. */
    boolean isComplete() {
      return branches.getLast().condition() == null;
    }
  }

  /** A branch; without a condition it is {@code else}. */
  record Branch(@Nullable Condition condition, List<Draft> steps) {}

  record While(Condition condition, List<Draft> steps) implements Part {}

  /** {@code forEach}, or {@code batch} where there is a size. */
  record Each(StepFunction items, int size, int concurrency, List<Draft> steps) implements Part {}

  record Human(HumanOptions options) implements Part {}

  record Pause(PauseAction action) implements Part {}

  record Sleep(String text) implements Part {}

  record ComputedSleep(StepFunction duration) implements Part {}

  record Subflow(String workflow, @Nullable StepFunction input, Map<String, Object> params)
      implements Part {}

  record Wait(String event, EventOptions options) implements Part {}

  /** A step with what surrounds it. */
  final class Draft {
    String name;
    final Part part;

    /** Whether its output becomes {@code ctx.last()}. */
    final boolean yields;

    boolean detached;
    String title = "";
    @Nullable RetryOptions retry;
    @Nullable Duration timeout;
    @Nullable Duration delay;
    @Nullable StepFunction cacheKey;
    @Nullable Duration cacheTtl;
    @Nullable StepFunction onError;
    @Nullable Map<String, Object> breaker;

    Draft(String name, Part part, boolean yields) {
      this.name = name;
      this.part = part;
      this.yields = yields;
    }
  }

  /** Whether some steps, or steps inside of them, wait for something outside. */
  static boolean waits(List<Draft> steps) {
    return steps.stream()
        .anyMatch(
            draft ->
                switch (draft.part) {
                  case Call ignored -> false;
                  case Group ignored -> false;
                  case Choice choice ->
                      choice.branches().stream().anyMatch(branch -> waits(branch.steps()));
                  case While loop -> waits(loop.steps());
                  case Each each -> waits(each.steps());
                  case Human ignored -> true;
                  case Pause ignored -> true;
                  case Sleep ignored -> true;
                  case ComputedSleep ignored -> true;
                  case Subflow ignored -> true;
                  case Wait ignored -> true;
                });
  }

  /** An empty block. */
  static List<Draft> block() {
    return new ArrayList<>();
  }
}
