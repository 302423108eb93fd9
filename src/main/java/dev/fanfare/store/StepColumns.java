package dev.fanfare.store;

import dev.fanfare.engine.StepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The columns of steps. */
final class StepColumns {

  private StepColumns() {}

  private record ColumnRow(UUID run, StepRow row) {}

  static void put(Statement.Values values, List<RunLedger.Advance> advances) {
    List<ColumnRow> inserted = new ArrayList<>();
    List<ColumnRow> updated = new ArrayList<>();
    for (RunLedger.Advance advance : advances) {
      for (StepRow row : advance.decided().steps()) {
        (row.stored() ? updated : inserted).add(new ColumnRow(advance.run(), row));
      }
    }
    common(values, "i_", inserted);
    values
        .ints("i_node", inserted, of -> of.row().node())
        .texts("i_parent", inserted, of -> of.row().parent())
        .ints("i_ordinal", inserted, of -> of.row().ordinal());
    common(values, "u_", updated);
  }

  private static void common(Statement.Values values, String prefix, List<ColumnRow> rows) {
    values
        .uuids(prefix + "run", rows, ColumnRow::run)
        .texts(prefix + "path", rows, of -> Encoding.text(of.row().path()))
        .texts(prefix + "status", rows, of -> of.row().status().id())
        .ints(prefix + "attempt", rows, of -> of.row().attempt())
        .ints(prefix + "failures", rows, of -> of.row().failures())
        .ints(prefix + "losses", rows, of -> of.row().losses())
        .ints(prefix + "marks", rows, of -> of.row().marks())
        .ints(prefix + "pending", rows, of -> of.row().pending())
        .ints(prefix + "satisfied", rows, of -> of.row().satisfied())
        .ints(prefix + "open", rows, of -> of.row().open())
        .ints(prefix + "failed", rows, of -> of.row().failed())
        .ints(prefix + "active", rows, of -> of.row().active())
        .ints(prefix + "limit", rows, of -> of.row().limit())
        .ints(prefix + "cursor", rows, of -> of.row().cursor())
        .texts(prefix + "bindings", rows, of -> Encoding.json(of.row().bindings()))
        .texts(prefix + "detail", rows, of -> Encoding.json(of.row().detail()))
        .texts(prefix + "output", rows, of -> Encoding.json(of.row().output()))
        .texts(
            prefix + "error",
            rows,
            of -> of.row().error() == null ? null : Encoding.json(of.row().error().toJson()))
        .texts(
            prefix + "reason",
            rows,
            of -> of.row().reason() == null ? null : Encoding.json(of.row().reason().toJson()))
        .integers(prefix + "exit", rows, of -> of.row().exitCode())
        .texts(prefix + "released", rows, of -> of.row().releasedBy())
        .longs(prefix + "backoff", rows, of -> of.row().backoffMs())
        .ints(prefix + "stamps", rows, of -> of.row().stamps());
  }
}
