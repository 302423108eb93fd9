package dev.fanfare.engine;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.StepStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step instance while the engine decides: the mutable twin of {@link StepRow}. */
final class Cell {
  final String path;
  final int node;
  final String parent;
  final int ordinal;
  StepStatus status = StepStatus.PENDING;
  int attempt;
  int failures;
  int losses;
  int marks;
  int pending;
  int satisfied;
  int open;
  int failed;
  int active;
  int limit;
  int cursor;
  @Nullable Map<String, Object> bindings;
  @Nullable Map<String, Object> detail;
  @Nullable Object output;

  /** The output that was searched for references and has none. */
  @Nullable Object searched;

  @Nullable ErrorInfo error;
  @Nullable Reason reason;
  @Nullable Integer exitCode;
  String releasedBy = "";
  long backoffMs;
  int stamps;
  boolean stored;

  Cell(String path, int node, String parent, int ordinal) {
    this.path = path;
    this.node = node;
    this.parent = parent;
    this.ordinal = ordinal;
  }

  static Cell of(StepRow row) {
    Cell cell = new Cell(row.path(), row.node(), row.parent(), row.ordinal());
    cell.status = row.status();
    cell.attempt = row.attempt();
    cell.failures = row.failures();
    cell.losses = row.losses();
    cell.marks = row.marks();
    cell.pending = row.pending();
    cell.satisfied = row.satisfied();
    cell.open = row.open();
    cell.failed = row.failed();
    cell.active = row.active();
    cell.limit = row.limit();
    cell.cursor = row.cursor();
    cell.bindings = row.bindings();
    cell.detail = row.detail();
    cell.output = row.output();
    cell.error = row.error();
    cell.reason = row.reason();
    cell.exitCode = row.exitCode();
    cell.releasedBy = row.releasedBy();
    cell.backoffMs = row.backoffMs();
    cell.stored = true;
    return cell;
  }

  StepRow row() {
    return new StepRow(
        path,
        node,
        parent,
        ordinal,
        status,
        attempt,
        failures,
        losses,
        marks,
        pending,
        satisfied,
        open,
        failed,
        active,
        limit,
        cursor,
        bindings,
        detail,
        output,
        error,
        reason,
        exitCode,
        releasedBy,
        backoffMs,
        stamps,
        stored);
  }

  /** A copy to change; what it is copied from stays as it was stored. */
  Cell copy() {
    Cell cell = of(row());
    cell.stored = stored;
    return cell;
  }

  /** Back to before its first attempt; the fence stays, so that late reports stay late. */
  void reset(int needs) {
    status = StepStatus.PENDING;
    failures = 0;
    marks = 0;
    pending = needs;
    satisfied = 0;
    open = 0;
    failed = 0;
    active = 0;
    cursor = 0;
    detail = Map.of();
    output = null;
    error = null;
    reason = null;
    exitCode = null;
    releasedBy = "";
    stamps |= StepRow.Stamps.ANEW;
  }

  /** Back to before it was opened, but with what it has made and decided so far. */
  void resetToResume(int needs) {
    Map<String, Object> made = detail;
    int next = cursor;
    reset(needs);
    detail = made;
    cursor = next;
    marks = StepRow.Marks.RESUMES;
  }

  /** Keeps something beside what is kept already. */
  void remember(Map<String, Object> more) {
    Map<String, Object> all = detail == null ? new LinkedHashMap<>() : new LinkedHashMap<>(detail);
    all.putAll(more);
    detail = all;
  }

  /** Keeps something no longer. */
  void forget(String... keys) {
    if (detail != null) {
      Map<String, Object> left = new LinkedHashMap<>(detail);
      List.of(keys).forEach(left::remove);
      detail = left;
    }
  }

  boolean is(int mark) {
    return (marks & mark) != 0;
  }

  void mark(int mark) {
    marks |= mark;
  }

  void unmark(int mark) {
    marks &= ~mark;
  }
}
