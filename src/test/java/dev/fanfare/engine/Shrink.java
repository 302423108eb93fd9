package dev.fanfare.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Smaller versions of a workflow. */
final class Shrink {

  private Shrink() {}

  /** The workflow without one step, or with one step plainer. */
  static List<FlowSpec> of(FlowSpec flow) {
    List<FlowSpec> smaller = new ArrayList<>();
    int size = flow.size();
    for (int i = 0; i < size; i++) {
      FlowSpec copy = flow.copy();
      if (remove(copy.steps, new int[] {i}, true)) {
        smaller.add(copy);
      }
    }
    List<Consumer<Spec>> plainer =
        List.of(
            spec -> spec.attempts = 1,
            spec -> spec.policy = null,
            spec -> spec.attemptTimeout = 0,
            spec -> spec.totalTimeout = 0,
            spec -> spec.groupTimeout = 0,
            spec -> {
              spec.fan = Spec.FanKind.NONE;
              unname(spec);
            },
            spec -> spec.batch = 0,
            spec -> spec.loop = spec.loop.pausing(0),
            spec -> spec.loop = spec.loop.turning(1),
            spec -> spec.fanLimit = 0,
            spec -> spec.limit = 0,
            spec -> spec.detached = false,
            spec -> spec.success = Spec.SuccessKind.ALL,
            spec -> spec.when = spec.name.startsWith("case") ? spec.when : null,
            spec -> spec.satisfy = false,
            spec -> spec.retryOn = null,
            spec -> spec.delay = 0,
            spec -> spec.joinAny = false);
    for (int i = 0; i < size; i++) {
      for (Consumer<Spec> change : plainer) {
        FlowSpec copy = flow.copy();
        Spec spec = find(copy.steps, new int[] {i});
        String before = print(spec);
        change.accept(spec);
        if (!before.equals(print(spec))) {
          smaller.add(copy);
        }
      }
    }
    return smaller;
  }

  private static String print(Spec spec) {
    StringBuilder text = new StringBuilder();
    spec.print(text, "");
    return text.toString();
  }

  private static Spec find(List<Spec> steps, int[] countdown) {
    for (Spec step : steps) {
      if (countdown[0]-- == 0) {
        return step;
      }
      if (countdown[0] < step.size() - 1) {
        return find(step.children, countdown);
      }
      countdown[0] -= step.size() - 1;
    }
    throw new IllegalArgumentException("there is no such step");
  }

  private static boolean remove(List<Spec> steps, int[] countdown, boolean top) {
    for (int i = 0; i < steps.size(); i++) {
      Spec step = steps.get(i);
      if (countdown[0]-- == 0) {
        if (steps.size() == 1 && !top) {
          return false;
        }
        steps.remove(i);
        steps.forEach(other -> forget(other, step.name));
        return true;
      }
      if (remove(step.children, countdown, false)) {
        step.quorum = Math.min(step.quorum, step.children.size());
        List<String> names = step.children.stream().map(child -> child.name).toList();
        step.successNames.retainAll(names);
        if (!names.contains(step.loop.watches())) {
          step.loop = step.loop.watching(null);
        }
        if (step.kind == Spec.Kind.SWITCH) {
          step.nameCases();
        }
        return true;
      }
      if (countdown[0] < 0) {
        return false;
      }
    }
    return false;
  }

  /** Nothing gives these names any more. */
  private static void unname(Spec step) {
    if (Spec.ITEM.equals(step.reads)) {
      step.reads = null;
    }
    step.children.forEach(Shrink::unname);
  }

  private static void forget(Spec step, String name) {
    step.needs.removeIf(need -> need.step().equals(name));
    if (step.when != null && name.equals(step.when.step())) {
      step.when = null;
    }
    if (name.equals(step.reads)) {
      step.reads = null;
    }
    if (step.kind == Spec.Kind.SWITCH) {
      for (Spec each : step.children) {
        if (each.when != null && name.equals(each.when.step())) {
          each.when = new Spec.Condition(true, null, null);
        }
      }
    }
  }
}
