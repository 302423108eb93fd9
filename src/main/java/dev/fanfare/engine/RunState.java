package dev.fanfare.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows of a run: as much of its rows as it has loaded, as they were after the last
 * commit it has seen. Only {@link #apply} and {@link #add} change it; the engine never does. Not
 * thread-safe: one thread at a time holds a run.
 */
public final class RunState {

  private RunRow run;
  private final Map<String, Cell> cells = new HashMap<>();
  private final Set<String> absent = new HashSet<>();
  private final Map<String, TreeMap<Long, String>> backlogs = new HashMap<>();
  private final StoredValue.Read values = new StoredValue.Read();
  private boolean complete;

  private RunState(RunRow run, boolean complete) {
    this.run = run;
    this.complete = complete;
  }

  /** A run that nothing has happened to yet. */
  public static RunState fresh(RunRow.Facts facts) {
    return new RunState(RunRow.fresh(facts), true);
  }

  /**
   * A run as stored.
   *
   * @param steps some or all of its step rows
   * @param complete whether {@code steps} are all there are
   */
  public static RunState load(RunRow run, Collection<StepRow> steps, boolean complete) {
    RunState state = new RunState(run, complete);
    state.put(steps);
    return state;
  }

  /** Adds rows that were asked for; what was asked for and not found does not exist. */
  public void add(Set<String> asked, Collection<StepRow> found) {
    absent.addAll(asked);
    put(found);
  }

  /** Adds all the rows there are. */
  public void addAll(Collection<StepRow> rows) {
    put(rows);
    complete = true;
  }

  /** Adds values that were asked for, or {@link StoredValue.Missing} in their places. */
  public void addValues(Map<String, Object> read) {
    values.add(read);
  }

  /** The values that were read of those its rows refer to. */
  StoredValue.Read values() {
    return values;
  }

  /** Adds a step that waits for a slot. */
  public void addBacklog(String scope, long position, String step) {
    backlogs.computeIfAbsent(scope, ignored -> new TreeMap<>()).put(position, step);
  }

  /** Takes over what a committed decision changed. */
  public void apply(Reply.Decided decided) {
    run = decided.run();
    values.forget();
    put(decided.steps());
    for (Decision decision : decided.decisions()) {
      if (decision instanceof Decision.Enqueue entry) {
        addBacklog(entry.scope(), entry.position(), entry.step());
      } else if (decision instanceof Decision.Dequeue entry) {
        TreeMap<Long, String> backlog = backlogs.get(entry.scope());
        if (backlog != null) {
          backlog.remove(entry.position());
        }
      }
    }
  }

  public RunRow run() {
    return run;
  }

  /** A step's row, if it exists and is loaded. */
  public Optional<StepRow> step(String path) {
    return Optional.ofNullable(cells.get(path)).map(Cell::row);
  }

  /** How many step rows are held. */
  public int size() {
    return cells.size();
  }

  /**
   * The cell of a path, null if there is no such step yet.
   *
   * @throws MissingRows if it may exist but is not loaded
   */
  @Nullable Cell cell(String path) {
    Cell cell = cells.get(path);
    if (cell == null && !complete && !absent.contains(path)) {
      throw new MissingRows(Set.of(path));
    }
    return cell;
  }

  /** Makes sure that all of these are loaded, so that one round trip fetches them together. */
  void require(Collection<String> paths) {
    if (complete) {
      return;
    }
    Set<String> missing = new HashSet<>();
    for (String path : paths) {
      if (!cells.containsKey(path) && !absent.contains(path)) {
        missing.add(path);
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingRows(missing);
    }
  }

  /** Makes sure that every step is loaded. */
  void requireAll() {
    if (!complete) {
      throw new MissingRows(Set.of(), true);
    }
  }

  /** Every step there is; they must all be loaded. */
  Collection<Cell> all() {
    return cells.values();
  }

  NavigableMap<Long, String> backlog(String scope) {
    return backlogs.getOrDefault(scope, new TreeMap<>());
  }

  private void put(Collection<StepRow> rows) {
    for (StepRow row : rows) {
      cells.put(row.path(), Cell.of(row));
      absent.remove(row.path());
    }
  }

  /** The state at hand lacks rows: whoever reads it loads them and reads again. */
  public static final class MissingRows extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Set<String> paths;
    private final transient Set<String> values;
    private final boolean all;

    MissingRows(Set<String> paths) {
      this(paths, false);
    }

    MissingRows(Set<String> paths, boolean all) {
      this(paths, Set.of(), all);
    }

    private MissingRows(Set<String> paths, Set<String> values, boolean all) {
      super("rows are not loaded", null, false, false);
      this.paths = paths;
      this.values = values;
      this.all = all;
    }

    /** Values that rows refer to are not read. */
    static MissingRows ofValues(Set<String> keys) {
      return new MissingRows(Set.of(), Set.copyOf(keys), false);
    }

    /** Keys of values that must be read. */
    public Set<String> values() {
      return values;
    }

    public Set<String> paths() {
      return paths;
    }

    /** Whether every step is needed. */
    boolean all() {
      return all;
    }
  }
}
