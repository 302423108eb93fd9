package dev.fanfare.work.call;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The beans that steps may call. */
public interface CallSteps {

  Optional<CallStep> find(String name);

  SortedSet<String> names();

  /** A fixed set. */
  static CallSteps of(Map<String, CallStep> steps) {
    Map<String, CallStep> known = Map.copyOf(steps);
    return new CallSteps() {
      @Override
      public Optional<CallStep> find(String name) {
        return Optional.ofNullable(known.get(name));
      }

      @Override
      public SortedSet<String> names() {
        return new TreeSet<>(known.keySet());
      }
    };
  }
}
