package dev.fanfare.function;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Template;
import dev.fanfare.graph.Edge;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.store.RunView;
import dev.fanfare.store.RunView.StepView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a run and its steps are where they are, in sentences: what a step waits for, why it was
 * skipped, did not run, was lost or was tried again.
 *
 * <p>Made from reasons, which are stored as data, from the graph, and from the event log.
 */
public final class Explanation {

  /** Steps told of in the explanation of a whole run. */
  static final int MOST_STEPS = 200;

  /** What is said of one step. */
  public record Line(String step, String status, String sentence) {
    public Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", step);
      json.put("status", status);
      json.put("sentence", sentence);
      return json;
    }
  }

  private final RunView run;
  private final Graph graph;
  private final Map<String, StepView> rows = new LinkedHashMap<>();

  public Explanation(RunView run, Graph graph) {
    this.run = run;
    this.graph = graph;
    run.steps().stream()
        .sorted(Comparator.comparing(StepView::path))
        .forEach(step -> rows.put(step.path(), step));
  }

  /** The run in one sentence. */
  public String headline() {
    String name = "'" + run.workflow() + "'";
    String why = run.reason() == null ? "" : ReasonText.of(run.reason());
    return switch (RunStatus.of(run.status()).orElse(RunStatus.RUNNING)) {
      case QUEUED -> name + " is queued" + told(why) + ".";
      case RUNNING -> name + " is running: " + atWork() + ".";
      case FAILING -> name + " will fail, because " + failures() + "; " + atWork() + ".";
      case WAITING -> name + " is waiting: " + waits() + ".";
      case SUCCEEDED -> name + " succeeded.";
      case PARTIALLY_SUCCEEDED ->
          name + " succeeded in part: " + failures() + ", which was tolerated.";
      case FAILED -> name + " failed: " + (why.isEmpty() || hasFailures() ? failures() : why) + ".";
      case CANCELLED -> name + " was cancelled" + told(why) + ".";
      case TIMED_OUT -> name + " timed out" + told(why) + ".";
    };
  }

  private static String told(String why) {
    return why.isEmpty() ? "" : ": " + why;
  }

  private String atWork() {
    List<String> names = leaves(Set.of(StepStatus.RUNNING, StepStatus.DISPATCHED));
    return names.isEmpty()
        ? "nothing is at work"
        : quoted(names) + (one(names) ? " is" : " are") + " at work";
  }

  private String waits() {
    List<String> names = leaves(Set.of(StepStatus.WAITING, StepStatus.RETRYING));
    if (names.size() == 1) {
      return "'" + names.getFirst() + "' " + sentence(names.getFirst());
    }
    return names.isEmpty() ? "nothing is at work" : quoted(names) + " wait";
  }

  private boolean hasFailures() {
    return !leaves(Set.of(StepStatus.FAILED, StepStatus.TIMED_OUT, StepStatus.DENIED)).isEmpty();
  }

  private String failures() {
    List<String> names = leaves(Set.of(StepStatus.FAILED, StepStatus.TIMED_OUT, StepStatus.DENIED));
    if (names.size() == 1) {
      StepView step = Objects.requireNonNull(rows.get(names.getFirst()));
      String message = message(step.error());
      return "'" + step.path() + "' " + verb(step.status()) + told(message);
    }
    return names.isEmpty() ? "a step failed" : quoted(names) + " failed";
  }

  private List<String> leaves(Set<StepStatus> statuses) {
    return rows.values().stream()
        .filter(step -> graph.node(step.node()).isLeaf())
        .filter(step -> StepStatus.of(step.status()).filter(statuses::contains).isPresent())
        .map(StepView::path)
        .toList();
  }

  private static boolean one(List<String> names) {
    return names.size() == 1;
  }

  private static String quoted(List<String> names) {
    int shown = 5;
    String list =
        names.stream().limit(shown).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    return names.size() > shown ? list + " and " + (names.size() - shown) + " more" : list;
  }

  /** A line for every step that needs one: all but those that simply succeeded. */
  public List<Line> steps() {
    List<Line> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int index : graph.top()) {
      add(graph.node(index), graph.node(index).id(), lines, seen);
    }
    rows.keySet().stream()
        .filter(path -> !seen.contains(path))
        .forEach(path -> addIfTold(path, lines));
    return lines.size() > MOST_STEPS ? lines.subList(0, MOST_STEPS) : lines;
  }

  private void add(Node node, String path, List<Line> lines, Set<String> seen) {
    seen.add(path);
    addIfTold(path, lines);
    rows.values().stream()
        .filter(row -> row.parent().equals(path) && !seen.contains(row.path()))
        .sorted(Comparator.comparingInt(StepView::ordinal))
        .forEach(row -> add(graph.node(row.node()), row.path(), lines, seen));
    StepView row = rows.get(path);
    boolean opened = row != null && row.startedAt().isPresent();
    for (int child : node.children()) {
      Node inside = graph.node(child);
      String childPath = Graph.pathOf(inside, path);
      if (opened && !inside.suffix().isEmpty() && seen.add(childPath)) {
        addIfTold(childPath, lines);
      }
    }
  }

  private void addIfTold(String path, List<Line> lines) {
    String status = status(path);
    boolean plain = status.equals("succeeded") && reason(path) == null;
    if (!plain && lines.size() <= MOST_STEPS) {
      lines.add(line(path));
    }
  }

  /** Whether there is, or may come to be, such a step. */
  public boolean has(String path) {
    return rows.containsKey(path) || node(path).isPresent();
  }

  /** One step in one sentence. */
  public Line line(String path) {
    return new Line(path, status(path), sentence(path));
  }

  private String status(String path) {
    StepView row = rows.get(path);
    if (row != null) {
      return row.status();
    }
    return run.finishedAt().isPresent() ? "not_run" : "pending";
  }

  private @Nullable Map<String, Object> reason(String path) {
    StepView row = rows.get(path);
    return row == null ? null : row.reason();
  }

  private String sentence(String path) {
    StepView row = rows.get(path);
    Optional<Map<String, Object>> reason = Optional.ofNullable(reason(path));
    String why = reason.map(ReasonText::of).orElse("");
    String times = row == null || row.attempt() < 2 ? "" : " on attempt " + row.attempt();
    return switch (StepStatus.of(status(path)).orElse(StepStatus.PENDING)) {
      case PENDING -> pending(path);
      case READY -> why.isEmpty() ? "is ready and is handed out next" : why;
      case DISPATCHED -> "is handed out; its work has not begun";
      case RUNNING -> running(path, times, why);
      case RETRYING, WAITING -> why.isEmpty() ? "waits" : why;
      case SUCCEEDED -> "succeeded" + times + told(why);
      case APPROVED -> "was approved" + told(why);
      case DENIED -> "was denied" + told(why);
      case FAILED, TIMED_OUT ->
          verb(status(path))
              + times
              + told(message(row == null ? null : row.error()))
              + (why.isEmpty() ? "" : "; " + why);
      case SKIPPED -> "was skipped: " + (why.isEmpty() ? "nobody needs it" : why) + condition(path);
      case NOT_RUN -> "did not run: " + notRun(path, why) + condition(path);
      case CANCELLED -> "was cancelled" + told(why);
      case ABORTED -> "was stopped" + told(why);
      case DISCARDED -> "was discarded" + told(why);
    };
  }

  private static String verb(String status) {
    return switch (status) {
      case "timed_out" -> "timed out";
      case "denied" -> "was denied";
      default -> status;
    };
  }

  private static String message(@Nullable Map<String, Object> error) {
    return error == null ? "" : String.valueOf(error.get("message"));
  }

  private String running(String path, String times, String why) {
    List<StepView> inside =
        rows.values().stream().filter(row -> row.parent().equals(path)).toList();
    if (inside.isEmpty()) {
      return "is at work" + times + told(why);
    }
    Map<String, Long> counts =
        inside.stream()
            .collect(
                Collectors.groupingBy(StepView::status, LinkedHashMap::new, Collectors.counting()));
    return "is open"
        + (why.isEmpty() ? "" : " and " + why)
        + "; inside it: "
        + counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  /** What a step that has not started waits for. */
  private String pending(String path) {
    Optional<Node> node = node(path);
    String parent = parent(path);
    if (!parent.isEmpty()) {
      String around = status(parent);
      if (!around.equals("running")) {
        return "waits for '" + parent + "' around it, which is " + around;
      }
    }
    if (node.filter(Node::waitsForCondition).isPresent()) {
      return "waits for its condition" + written(path);
    }
    List<String> missing = new ArrayList<>();
    for (Edge edge : node.map(Node::needs).orElse(List.of())) {
      String from = Graph.pathOf(graph.node(edge.from()), parent);
      boolean over = StepStatus.of(status(from)).map(StepStatus::isTerminal).orElse(false);
      if (!over) {
        missing.add("'" + from + "' (" + status(from) + wanted(edge) + ")");
      }
    }
    if (missing.isEmpty()) {
      return "waits to be started";
    }
    boolean any = node.map(each -> each.step().join() == Step.Join.ANY).orElse(false);
    return "waits for "
        + (any && missing.size() > 1 ? "any of " : "")
        + String.join(any ? " or " : " and ", missing);
  }

  private static String wanted(Edge edge) {
    if (edge.origin() == Edge.Origin.ORDER || edge.on().equals(Set.of(StepStatus.SUCCEEDED))) {
      return "";
    }
    return ", needed " + statuses(edge);
  }

  private static String statuses(Edge edge) {
    if (edge.on().containsAll(StepStatus.terminal())) {
      return "finished";
    }
    return edge.on().stream().map(StepStatus::id).sorted().collect(Collectors.joining(" or "));
  }

  /** Why a step did not run, back to the step where it began. */
  private String notRun(String path, String why) {
    Map<String, Object> reason = reason(path);
    if (reason == null) {
      String parent = parent(path);
      return why.isEmpty() && !parent.isEmpty()
          ? "'" + parent + "' around it " + sentence(parent)
          : why.isEmpty() ? "the run ended before" : why;
    }
    String root = path;
    Set<String> seen = new HashSet<>();
    while (reason != null && reason.get("step") instanceof String up && seen.add(up)) {
      root = up;
      reason = rows.containsKey(up) ? rows.get(up).reason() : null;
    }
    boolean deeper = reason("".equals(root) ? path : root) != null || hasEnded(root);
    if (root.equals(path) || !deeper) {
      return why;
    }
    String cause = "'" + root + "' " + sentence(root);
    return why.startsWith("'" + root + "'") ? cause : why + ", because " + cause;
  }

  private boolean hasEnded(String path) {
    return StepStatus.of(status(path)).map(StepStatus::isTerminal).orElse(false);
  }

  private String condition(String path) {
    Map<String, Object> reason = reason(path);
    boolean never = reason != null && "never_elected".equals(reason.get("code"));
    if (reason == null || !(never || "condition_false".equals(reason.get("code")))) {
      return "";
    }
    return written(path);
  }

  /** The condition of a step as it was written. */
  private String written(String path) {
    return node(path)
        .flatMap(Node::when)
        .filter(Template.Expression.class::isInstance)
        .map(when -> " (" + ((Template.Expression) when).expr().source() + ")")
        .orElse("");
  }

  private String parent(String path) {
    StepView row = rows.get(path);
    if (row != null) {
      return row.parent();
    }
    return rows.keySet().stream()
        .filter(up -> path.length() > up.length() && path.startsWith(up))
        .filter(up -> ".[".indexOf(path.charAt(up.length())) >= 0)
        .max(Comparator.comparingInt(String::length))
        .orElseGet(() -> graph.byId(path).flatMap(graph::parent).map(Node::id).orElse(""));
  }

  private Optional<Node> node(String path) {
    StepView row = rows.get(path);
    if (row != null) {
      return Optional.of(graph.node(row.node()));
    }
    StepView around = rows.get(parent(path));
    if (around == null) {
      return graph.byId(path);
    }
    return graph.node(around.node()).children().stream()
        .map(graph::node)
        .filter(child -> Graph.pathOf(child, around.path()).equals(path))
        .findFirst()
        .or(() -> graph.byId(path));
  }
}
