package dev.fanfare.store;

import dev.fanfare.engine.Decision;
import dev.fanfare.engine.RunRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The columns of what a run shares with others or waits for outside it. */
final class ExtraColumns {

  private ExtraColumns() {}

  private record Of<D>(UUID run, D decision) {}

  /** Whether there are any. */
  static boolean put(Statement.Values values, List<RunLedger.Advance> advances) {
    Map<String, Of<Decision.Await>> awaited = new LinkedHashMap<>();
    List<Of<Decision.Unawait>> unawaited = new ArrayList<>();
    Map<String, Of<Decision.Acquire>> acquired = new LinkedHashMap<>();
    Map<String, Of<Decision.Release>> released = new LinkedHashMap<>();
    Map<String, Of<Decision.Wake>> woken = new LinkedHashMap<>();
    List<Of<Decision.NextAttempt>> attempts = new ArrayList<>();
    List<Of<Decision.Remember>> remembered = new ArrayList<>();
    List<Of<Decision.Tally>> tallies = new ArrayList<>();
    List<UUID> finished = new ArrayList<>();
    for (RunLedger.Advance advance : advances) {
      UUID run = advance.run();
      for (Decision decision : advance.decided().decisions()) {
        switch (decision) {
          case Decision.Await await -> awaited.put(key(run, await.step()), new Of<>(run, await));
          case Decision.Unawait unawait -> {
            // What came and went within one decision has never been.
            if (awaited.remove(key(run, unawait.step())) == null) {
              unawaited.add(new Of<>(run, unawait));
            }
          }
          case Decision.Acquire acquire -> {
            // What is asked for anew takes the row of what was released.
            released.remove(key(run, acquire.step()));
            acquired.put(key(run, acquire.step()), new Of<>(run, acquire));
          }
          case Decision.Release release -> {
            acquired.remove(key(run, release.step()));
            released.put(key(run, release.step()), new Of<>(run, release));
          }
          case Decision.Wake wake ->
              woken.put(key(wake.run(), wake.kind() + " " + wake.step()), new Of<>(run, wake));
          case Decision.NextAttempt next -> attempts.add(new Of<>(run, next));
          case Decision.Remember remember -> remembered.add(new Of<>(run, remember));
          case Decision.Tally tally -> tallies.add(new Of<>(run, tally));
          case Decision.Finish ignored -> {
            if ((advance.decided().run().marks() & RunRow.Marks.HAS_EXTRAS) != 0) {
              finished.add(run);
            }
          }
          case Decision.Arm ignored -> {}
          case Decision.Disarm ignored -> {}
          case Decision.Enqueue ignored -> {}
          case Decision.Dequeue ignored -> {}
          case Decision.Invoke ignored -> {}
          case Decision.Continue ignored -> {}
          case Decision.Stop ignored -> {}
        }
      }
    }
    List<Of<Decision.Await>> awaits = List.copyOf(awaited.values());
    List<Of<Decision.Acquire>> acquires = List.copyOf(acquired.values());
    List<Of<Decision.Wake>> wakes = List.copyOf(woken.values());
    subscriptions(values, awaits, unawaited);
    holds(values, acquires, List.copyOf(released.values()));
    lookups(values, remembered, tallies);
    values
        .uuids("w_run", wakes, Of::run)
        .uuids("w_other", wakes, of -> of.decision().run())
        .texts("w_step", wakes, of -> Encoding.text(of.decision().step()))
        .texts("w_kind", wakes, of -> of.decision().kind().name())
        .ints("w_attempt", wakes, of -> of.decision().attempt())
        .texts("w_data", wakes, of -> Encoding.jsonOrNull(of.decision().data()))
        .uuids("y_run", attempts, Of::run)
        .texts("y_from", attempts, of -> Encoding.text(of.decision().from()))
        .texts("y_by", attempts, of -> Encoding.text(of.decision().by()))
        .uuids("x_run", finished, run -> run);
    return !(awaits.isEmpty()
        && unawaited.isEmpty()
        && acquires.isEmpty()
        && released.isEmpty()
        && wakes.isEmpty()
        && remembered.isEmpty()
        && tallies.isEmpty()
        && attempts.isEmpty()
        && finished.isEmpty());
  }

  private static String key(UUID run, String step) {
    return run + " " + step;
  }

  private static void subscriptions(
      Statement.Values values,
      List<Of<Decision.Await>> awaited,
      List<Of<Decision.Unawait>> unawaited) {
    values
        .uuids("s_run", awaited, Of::run)
        .texts("s_step", awaited, of -> Encoding.text(of.decision().step()))
        .ints("s_attempt", awaited, of -> of.decision().attempt())
        .texts("s_kind", awaited, of -> of.decision().kind().name())
        .texts("s_key", awaited, of -> Encoding.text(of.decision().key()))
        .uuids("n_run", unawaited, Of::run)
        .texts("n_step", unawaited, of -> Encoding.text(of.decision().step()))
        .ints("n_used", unawaited, of -> of.decision().happened() ? 1 : 0);
  }

  private static void holds(
      Statement.Values values,
      List<Of<Decision.Acquire>> acquired,
      List<Of<Decision.Release>> released) {
    values
        .uuids("h_run", acquired, Of::run)
        .texts("h_step", acquired, of -> Encoding.text(of.decision().step()))
        .ints("h_ticket", acquired, of -> of.decision().ticket())
        .texts("h_scope", acquired, of -> of.decision().scope().name())
        .texts("h_key", acquired, of -> Encoding.text(of.decision().key()))
        .texts("h_policy", acquired, of -> of.decision().policy().name())
        .ints("h_slots", acquired, of -> of.decision().slots())
        .ints("h_priority", acquired, of -> of.decision().priority())
        .uuids("l_run", released, Of::run)
        .texts("l_step", released, of -> Encoding.text(of.decision().step()));
  }

  private static void lookups(
      Statement.Values values,
      List<Of<Decision.Remember>> remembered,
      List<Of<Decision.Tally>> tallies) {
    values
        .uuids("k_run", remembered, Of::run)
        .texts("k_key", remembered, of -> CacheStore.digest(of.decision().key()))
        .texts("k_result", remembered, of -> Encoding.json(of.decision().result()))
        .longs("k_ttl", remembered, of -> of.decision().ttl().map(Duration::toMillis).orElse(-1L))
        .uuids("t_run", tallies, Of::run)
        .texts("t_name", tallies, of -> Encoding.text(of.decision().breaker()))
        .texts("t_result", tallies, of -> of.decision().result().name())
        .booleans("t_trial", tallies, of -> of.decision().trial())
        .ints("t_threshold", tallies, of -> of.decision().threshold())
        .longs("t_recovery", tallies, of -> of.decision().recovery().toMillis());
  }
}
