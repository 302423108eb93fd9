package dev.fanfare.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which steps wait for a condition ({@code join: when}) and what these conditions read.
 *
 * <p>Such a read orders nothing: the condition is asked again whenever what it reads changes its
 * status, and two steps may read each other.
 */
public final class Watches {

  private final Set<Integer> readers;
  private final Set<Integer> ofRun;
  private final Map<Integer, List<Watch>> byReader = new HashMap<>();
  private final Map<Integer, List<Watch>> byChange = new HashMap<>();
  private final Map<Integer, Set<Integer>> followers = new HashMap<>();

  /**
   * @param readers indexes of the nodes that wait for a condition, in written order
   * @param ofRun indexes of those that read the state of the run
   */
  Watches(Collection<Integer> readers, Collection<Integer> ofRun, Collection<Watch> watches) {
    this.readers = new LinkedHashSet<>(readers);
    this.ofRun = new LinkedHashSet<>(ofRun);
    Map<Long, Watch> each = new LinkedHashMap<>();
    for (Watch watch : watches) {
      long pair = ((long) watch.reader() << Integer.SIZE) | watch.step();
      each.merge(pair, watch, (one, other) -> one.value() ? one : other);
    }
    each.values().forEach(this::add);
  }

  private void add(Watch watch) {
    byReader.computeIfAbsent(watch.reader(), ignored -> new ArrayList<>()).add(watch);
    byChange.computeIfAbsent(watch.step(), ignored -> new ArrayList<>()).add(watch);
    if (watch.from() != watch.step()) {
      byChange.computeIfAbsent(watch.from(), ignored -> new ArrayList<>()).add(watch);
    }
    followers.computeIfAbsent(watch.from(), ignored -> new LinkedHashSet<>()).add(watch.to());
  }

  /** Whether no step waits for a condition. */
  public boolean isEmpty() {
    return readers.isEmpty();
  }

  /** The nodes that wait for a condition, in written order. */
  public Set<Integer> readers() {
    return readers;
  }

  /** Those of them that read the state of the run. */
  public Set<Integer> ofRun() {
    return ofRun;
  }

  /** What the condition of a node reads. */
  public List<Watch> by(int reader) {
    return byReader.getOrDefault(reader, List.of());
  }

  /** The reads to which a change of a node's status may matter. */
  public List<Watch> of(int changed) {
    return byChange.getOrDefault(changed, List.of());
  }

  /** The nodes beside a node that read it, or in which something reads something in it. */
  public Set<Integer> followers(int node) {
    return followers.getOrDefault(node, Set.of());
  }
}
