package dev.fanfare.store;

import dev.fanfare.engine.Decision;
import dev.fanfare.engine.RunRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The columns of timers and of steps that wait for a slot. */
final class TimerColumns {

  private TimerColumns() {}

  private record Timed<D>(UUID run, D decision) {}

  static boolean put(Statement.Values values, List<RunLedger.Advance> advances) {
    List<Timed<Decision.Arm>> armed = new ArrayList<>();
    List<Timed<Decision.Disarm>> disarmed = new ArrayList<>();
    List<Timed<Decision.Enqueue>> parked = new ArrayList<>();
    List<Timed<Decision.Dequeue>> unparked = new ArrayList<>();
    List<UUID> finished = new ArrayList<>();
    for (RunLedger.Advance advance : advances) {
      UUID run = advance.run();
      Map<String, Decision.Arm> lastArmed = new LinkedHashMap<>();
      Map<String, Decision.Disarm> lastDisarmed = new LinkedHashMap<>();
      for (Decision decision : advance.decided().decisions()) {
        switch (decision) {
          case Decision.Arm arm -> {
            String key = arm.kind() + " " + arm.step();
            lastDisarmed.remove(key);
            lastArmed.put(key, arm);
          }
          case Decision.Disarm disarm -> {
            String key = disarm.kind() + " " + disarm.step();
            lastArmed.remove(key);
            lastDisarmed.put(key, disarm);
          }
          case Decision.Enqueue enqueue -> parked.add(new Timed<>(run, enqueue));
          case Decision.Dequeue dequeue -> unparked.add(new Timed<>(run, dequeue));
          case Decision.Finish ignored -> {
            int marks = advance.decided().run().marks();
            if ((marks & (RunRow.Marks.HAS_TIMERS | RunRow.Marks.HAS_BACKLOG)) != 0) {
              finished.add(run);
            }
          }
          case Decision.Invoke ignored -> {}
          case Decision.Continue ignored -> {}
          case Decision.Stop ignored -> {}
          case Decision.Await ignored -> {}
          case Decision.Unawait ignored -> {}
          case Decision.Acquire ignored -> {}
          case Decision.Release ignored -> {}
          case Decision.Remember ignored -> {}
          case Decision.Tally ignored -> {}
          case Decision.NextAttempt ignored -> {}
          case Decision.Wake ignored -> {}
        }
      }
      if (advance.decided().run().status().isTerminal()) {
        continue;
      }
      lastArmed.values().forEach(arm -> armed.add(new Timed<>(run, arm)));
      lastDisarmed.values().forEach(disarm -> disarmed.add(new Timed<>(run, disarm)));
    }
    parked.removeIf(of -> finished.contains(of.run()));
    unparked.removeIf(of -> finished.contains(of.run()));
    columns(values, armed, disarmed, parked, unparked);
    values.uuids("f_run", finished, run -> run);
    return !(armed.isEmpty()
        && disarmed.isEmpty()
        && parked.isEmpty()
        && unparked.isEmpty()
        && finished.isEmpty());
  }

  private static void columns(
      Statement.Values values,
      List<Timed<Decision.Arm>> armed,
      List<Timed<Decision.Disarm>> disarmed,
      List<Timed<Decision.Enqueue>> parked,
      List<Timed<Decision.Dequeue>> unparked) {
    values
        .uuids("a_run", armed, Timed::run)
        .texts("a_step", armed, of -> of.decision().step())
        .texts("a_kind", armed, of -> of.decision().kind().name())
        .ints("a_attempt", armed, of -> of.decision().attempt())
        .longs("a_after", armed, of -> of.decision().after().toMillis())
        .texts("a_data", armed, of -> Encoding.jsonOrNull(of.decision().data()))
        .uuids("d_run", disarmed, Timed::run)
        .texts("d_step", disarmed, of -> of.decision().step())
        .texts("d_kind", disarmed, of -> of.decision().kind().name())
        .uuids("p_run", parked, Timed::run)
        .texts("p_scope", parked, of -> of.decision().scope())
        .longs("p_position", parked, of -> of.decision().position())
        .texts("p_step", parked, of -> of.decision().step())
        .uuids("q_run", unparked, Timed::run)
        .texts("q_scope", unparked, of -> of.decision().scope())
        .longs("q_position", unparked, of -> of.decision().position());
  }
}
