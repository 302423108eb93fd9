package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Hooks;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.expression.Scope;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the expressions of one step can see: the run's inputs, its own item, and other steps. */
final class RunScope implements Scope {

  /** Names of outputs that a place may have of its own. */
  private static final Set<String> OUTPUTS = Set.of("output", Shape.Loop.LAST);

  /** What hooks that are called after a step read of it without naming it. */
  private static final Set<String> OF_THE_END = Set.of("status", "output", "error", "exitCode");

  private final Graph graph;
  private final RunRow.Facts facts;
  private final String runStatus;
  private final Function<String, @Nullable Cell> cells;
  private final StoredValue.Read values;
  private final @Nullable Cell reader;
  private final Map<String, Object> extra;
  private @Nullable Map<String, Object> env;

  /**
   * @param cells finds a step's cell by its path
   * @param values what outputs refer to
   * @param reader the step whose expressions these are, null for the run's own
   * @param extra names that only this place has
   */
  RunScope(
      Graph graph,
      RunRow.Facts facts,
      String runStatus,
      Function<String, @Nullable Cell> cells,
      StoredValue.Read values,
      @Nullable Cell reader,
      Map<String, Object> extra) {
    this.graph = graph;
    this.facts = facts;
    this.runStatus = runStatus;
    this.cells = cells;
    this.values = values;
    this.reader = reader;
    this.extra = extra;
  }

  static RunScope of(Draft draft, @Nullable Cell reader, Map<String, Object> extra) {
    Workflow.Tolerated tolerated = draft.graph.workflow().tolerated();
    String status = RunRow.shownStatus(draft.runStatus, draft.marks, tolerated);
    return new RunScope(
        draft.graph, draft.facts, status, draft::find, draft.base.values(), reader, extra);
  }

  @Override
  public @Nullable Object value(String name) {
    if (extra.containsKey(name)) {
      Object value = extra.get(name);
      return OUTPUTS.contains(name) ? values.whole(value) : value;
    }
    return switch (name) {
      case "params" -> facts.params();
      case "event" -> facts.event();
      case "run" -> run();
      case "workflow" -> Map.of("name", facts.workflow());
      case "env" -> env();
      case "steps" -> new StepsView();
      default -> bound(name);
    };
  }

  private Map<String, Object> run() {
    Map<String, Object> run = new LinkedHashMap<>(facts.context());
    run.putIfAbsent("source", "");
    run.put("id", facts.id().toString());
    run.put("status", runStatus);
    run.put("attempt", (long) facts.attempt());
    return run;
  }

  private Map<String, Object> env() {
    if (env == null) {
      Workflow workflow = graph.workflow();
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, Template> entry : workflow.env().entrySet()) {
        try {
          values.put(entry.getKey(), Expressions.text(entry.getValue(), this));
        } catch (ExpressionException e) {
          // The step that puts this entry into its environment fails with the whole message.
          values.put(entry.getKey(), "");
        }
      }
      env = values;
    }
    return env;
  }

  /** The step that a hook which is called when it has ended belongs to; null for anything else. */
  private @Nullable Cell owner(Cell hook) {
    boolean after =
        graph.node(hook.node).moment().filter(moment -> moment != Hooks.Moment.BEFORE).isPresent();
    return after && !hook.parent.isEmpty() ? cells.apply(hook.parent) : null;
  }

  /**
   * A name that a fan gives to what is inside it, or the end of a step to its hooks: that of the
   * nearest enclosing instance that has it.
   */
  private @Nullable Object bound(String name) {
    Cell at = reader;
    while (at != null) {
      if (at.bindings != null && at.bindings.containsKey(name)) {
        return at.bindings.get(name);
      }
      if (name.equals(Shape.Loop.LAST) && isTurn(at)) {
        Cell before = at.ordinal == 0 ? null : cells.apply(Loops.before(at));
        return before == null ? null : whole(before);
      }
      Cell ended = OF_THE_END.contains(name) ? owner(at) : null;
      if (ended != null) {
        return describe(ended).get(name);
      }
      Map<String, Object> fixed = graph.node(at.node).bindings();
      if (fixed.containsKey(name)) {
        return fixed.get(name);
      }
      at = at.parent.isEmpty() ? null : cells.apply(at.parent);
    }
    return null;
  }

  private boolean isTurn(Cell cell) {
    return graph
        .group(graph.node(cell.node))
        .filter(up -> up.shape() instanceof Shape.Loop)
        .isPresent();
  }

  /**
   * {@code steps}: every step that is written, by the name or path that the reader sees it under.
   */
  private final class StepsView extends AbstractMap<String, Object> {

    @Override
    public boolean containsKey(Object key) {
      return key instanceof String id && locate(id) != null;
    }

    @Override
    public @Nullable Object get(Object key) {
      if (!(key instanceof String id)) {
        return null;
      }
      String path = locate(id);
      return path == null ? null : describe(path.isEmpty() ? null : cells.apply(path));
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      Map<String, Object> all = new HashMap<>();
      for (int index : graph.top()) {
        String id = graph.node(index).id();
        all.put(id, describe(cells.apply(id)));
      }
      return all.entrySet();
    }

    /** Where a step is; empty before the first turn of the loop that it is in. */
    private @Nullable String locate(String id) {
      Cell at = reader;
      while (at != null) {
        Node node = graph.node(at.node);
        if (graph.byId(node.id() + "." + id).isPresent()) {
          return at.path + "." + id;
        }
        if (node.shape() instanceof Shape.Loop && graph.byId(node.id() + "[*]." + id).isPresent()) {
          return Loops.newest(at).map(turn -> turn + "." + id).orElse("");
        }
        Cell around = at.parent.isEmpty() ? null : cells.apply(at.parent);
        if (around != null && node.isHook() && graph.node(around.node).step().name().equals(id)) {
          return around.path;
        }
        String name = node.step().name();
        String hook = id.startsWith(name + ":") ? id.substring(name.length()) : "";
        if (!hook.isEmpty() && graph.byId(node.id() + hook).isPresent()) {
          return at.path + hook;
        }
        at = around;
      }
      return graph.byId(id).map(Node::id).orElse(null);
    }
  }

  /** Hooks see the step they belong to as it will end. */
  private String status(Cell cell) {
    if (!cell.status.isTerminal() && cell.is(StepRow.Marks.ENDING)) {
      for (Cell at = reader; at != null; ) {
        if (graph.node(at.node).isHook() && at.parent.equals(cell.path)) {
          return PendingEnd.status(cell).id();
        }
        at = at.parent.isEmpty() ? null : cells.apply(at.parent);
      }
    }
    return cell.status.id();
  }

  private Map<String, Object> describe(@Nullable Cell cell) {
    Map<String, Object> step = new Described(cell);
    step.put("status", cell == null ? "pending" : status(cell));
    step.put("output", cell == null ? null : cell.output);
    ErrorInfo error = cell == null ? null : cell.error;
    step.put("error", error == null ? null : error.toJson());
    Integer exitCode = cell == null ? null : cell.exitCode;
    step.put("exitCode", exitCode == null ? null : exitCode.longValue());
    Map<String, Object> waits = cell != null && cell.is(StepRow.Marks.AWAITS) ? cell.detail : null;
    step.put(Waits.TOKEN, waits == null ? null : waits.get(Waits.TOKEN));
    if (cell != null && cell.detail != null && cell.detail.containsKey("winner")) {
      step.put("winner", cell.detail.get("winner"));
    }
    return step;
  }

  /** A step's output without references. One that was found to have none is not searched again. */
  private @Nullable Object whole(Cell cell) {
    if (cell.output == null || cell.output == cell.searched) {
      return cell.output;
    }
    Object whole = values.whole(cell.output);
    if (whole == cell.output) {
      cell.searched = whole;
    }
    return whole;
  }

  /** What is known of a step. Its output is read when somebody asks for it. */
  private final class Described extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Cell cell;

    Described(@Nullable Cell cell) {
      this.cell = cell;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return "output".equals(name) && cell != null ? whole(cell) : super.get(name);
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      if (cell != null) {
        put("output", whole(cell));
      }
      return super.entrySet();
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
      entrySet().forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
    }
  }
}
