package dev.fanfare.function;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.Template;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.work.Input;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.files.LayerName;
import dev.fanfare.work.files.RunFiles;
import dev.fanfare.work.files.Workspaces;
import dev.fanfare.work.log.LogSink;
import java.util.ArrayList;
import java.util.List;

/** What an attempt asks of its run's workspace. */
final class Visits {

  private Visits() {}

  static Workspaces.Visit of(WorkOrder order, Input input, LogSink log, Pulse pulse) {
    return new Workspaces.Visit(
        files(order),
        new LayerName(order.step(), order.attempt()),
        order.view(),
        order.definition().reads(),
        order.definition().writes(),
        outputs(input),
        log,
        pulse);
  }

  /** A run that was started anew from its start has the number of that in its context. */
  private static RunFiles files(WorkOrder order) {
    long beginning =
        order.context().get("workspace") instanceof Number number ? number.longValue() : 0;
    return new RunFiles(order.run(), beginning);
  }

  private static List<String> outputs(Input input) {
    List<String> paths = new ArrayList<>();
    if (input instanceof Input.ShellInput shell) {
      for (Output output : shell.outputs().values()) {
        if (output instanceof Output.File file && file.path() instanceof Template.Literal literal) {
          paths.add(String.valueOf(literal.value()));
        }
      }
    }
    return paths;
  }
}
