package dev.fanfare.function;

import dev.fanfare.definition.Outcome;
import dev.fanfare.function.log.FunctionLog;
import dev.fanfare.invoke.WorkOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A function's log lines about attempts: where one begins and where it ends. */
final class StepLines {

  private static final System.Logger LOG = System.getLogger(StepService.class.getName());

  private StepLines() {}

  static void begins(WorkOrder order) {
    FunctionLog.line(LOG, "step begins", fields(order));
  }

  /**
   * @param nanos that the work took
   */
  static void ended(WorkOrder order, Outcome outcome, long nanos) {
    Map<String, Object> fields = fields(order);
    fields.put("outcome", word(outcome));
    fields.put("milliseconds", TimeUnit.NANOSECONDS.toMillis(nanos));
    if (outcome instanceof Outcome.Failed failed) {
      fields.put("code", failed.error().code());
    }
    FunctionLog.line(LOG, "step ended", fields);
  }

  private static Map<String, Object> fields(WorkOrder order) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", order.run().toString());
    fields.put("step", order.step());
    fields.put("attempt", order.attempt());
    // Of the run: steps of several may share the invocation.
    fields.put("traceId", order.trace().traceId());
    fields.put("spanId", order.trace().spanId());
    return fields;
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded ignored -> "succeeded";
      case Outcome.Failed ignored -> "failed";
      case Outcome.TimedOut ignored -> "timed_out";
      case Outcome.Skipped ignored -> "skipped";
      case Outcome.Stopped ignored -> "stopped";
      case Outcome.Child ignored -> "started";
    };
  }
}
