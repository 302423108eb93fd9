package dev.fanfare.function;

import dev.fanfare.conductor.Values;
import dev.fanfare.engine.StoredValue;
import dev.fanfare.store.RunView;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Shows outputs that are kept beside the database as if they were in it: the first of them up to
 * some MiB, in the order of the steps. In the place of one that is left out, or cannot be had, its
 * reference is shown, with the reason.
 */
record LargeOutputs(Values values, Executor executor) {

  /** Most bytes that are read to show a run: an answer of a Lambda function has 6 MB. */
  private static final long SHOWN_BYTES = 4L << 20;

  Uni<Optional<RunView>> shown(Uni<Optional<RunView>> run) {
    return run.chain(
        found ->
            found.isEmpty() || references(found.get()).isEmpty()
                ? Uni.createFrom().item(found)
                : Uni.createFrom().item(() -> found.map(this::filled)).runSubscriptionOn(executor));
  }

  private static Map<String, Long> references(RunView run) {
    Map<String, Long> all = new LinkedHashMap<>();
    run.steps().forEach(step -> all.putAll(StoredValue.within(step.output())));
    return all;
  }

  private RunView filled(RunView run) {
    Set<String> wanted = new LinkedHashSet<>();
    Map<String, Object> shown = new LinkedHashMap<>();
    long[] left = {SHOWN_BYTES};
    references(run)
        .forEach(
            (key, bytes) -> {
              if (bytes <= left[0]) {
                left[0] -= bytes;
                wanted.add(key);
              } else {
                shown.put(key, instead(key, bytes, "left out, since there is much to show"));
              }
            });
    values
        .read(wanted)
        .forEach(
            (key, value) ->
                shown.put(
                    key,
                    value instanceof StoredValue.Missing missing
                        ? instead(key, 0L, missing.why())
                        : value));
    List<RunView.StepView> steps = new ArrayList<>(run.steps().size());
    for (RunView.StepView step : run.steps()) {
      steps.add(
          StoredValue.within(step.output()).isEmpty()
              ? step
              : step.withOutput(StoredValue.filled(step.output(), shown)));
    }
    return run.withSteps(steps);
  }

  private static Map<String, @Nullable Object> instead(String key, long bytes, String why) {
    Map<String, @Nullable Object> instead = new LinkedHashMap<>();
    instead.put("$stored", key);
    if (bytes > 0) {
      instead.put("bytes", bytes);
    }
    instead.put("message", why);
    return instead;
  }
}
