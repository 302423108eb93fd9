package dev.fanfare.testing.lambda;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What has happened, for assertions and for the report at the end of a suite. */
public final class Counts {

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Map<String, List<Long>> inits = new ConcurrentSkipListMap<>();
  private final Map<String, List<Duration>> durations = new ConcurrentSkipListMap<>();

  void add(String what, String name) {
    counts.computeIfAbsent(what + " " + name, key -> new LongAdder()).increment();
  }

  void init(String function, long milliseconds) {
    inits.compute(
        function,
        (key, list) -> {
          List<Long> more = new ArrayList<>(list == null ? List.of() : list);
          more.add(milliseconds);
          return more;
        });
  }

  void duration(String function, Duration time) {
    List<Duration> all = durations.computeIfAbsent(function, key -> new ArrayList<>());
    synchronized (all) {
      all.add(time);
    }
  }

  /**
   * Of each invocation of a function that has ended by itself, in the order of the ends: the time
   * from handing it to the process, which had been started, to its answer.
   */
  public List<Duration> durations(String function) {
    List<Duration> all = durations.getOrDefault(function, new ArrayList<>());
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  /** {@code get("invocations", "demo-step")}, {@code get("dropped", ..)}; 0 if never. */
  public long get(String what, String name) {
    LongAdder adder = counts.get(what + " " + name);
    return adder == null ? 0 : adder.sum();
  }

  /** Of all names together. */
  public long get(String what) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(what + " "))
        .mapToLong(entry -> entry.getValue().sum())
        .sum();
  }

  /** Milliseconds from the start of each process to its first question for an invocation. */
  public Map<String, List<Long>> inits() {
    return new TreeMap<>(inits);
  }

  /** The counts of all names of one kind: {@code all("sdk-calls")} by operation. */
  public Map<String, Long> all(String what) {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach(
        (key, count) -> {
          if (key.startsWith(what + " ")) {
            all.put(key.substring(what.length() + 1), count.sum());
          }
        });
    return all;
  }

  /** A line for each kind of event: {@code invocations: a 3, b 5}. */
  public String report() {
    Map<String, List<String>> lines = new TreeMap<>();
    counts.forEach(
        (key, count) -> {
          int space = key.indexOf(' ');
          lines
              .computeIfAbsent(key.substring(0, space), what -> new ArrayList<>())
              .add(key.substring(space + 1) + " " + count.sum());
        });
    inits.forEach(
        (function, times) ->
            lines
                .computeIfAbsent("init-ms", what -> new ArrayList<>())
                .add(function + " " + times.stream().sorted().toList()));
    return lines.entrySet().stream()
        .map(line -> "  " + line.getKey() + ": " + String.join(", ", line.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
