package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.conductor.Settings;
import dev.fanfare.definition.Outcome;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two engines on one database, neither of which knows what the other remembers. */
class TwoProcessesTest {

  private static final String FAN =
      """
      name: fan
      steps:
        split: { call: work }
        part: { needs: split, call: work, forEach: "${{ [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }}" }
        join: { needs: part, call: work }
        end: { needs: join, call: work }
      """;

  @Test
  void deliveries_that_go_to_either_process_bring_every_run_to_its_end() {
    try (Stage stage = new Stage()) {
      List<EngineRoom> rooms = new ArrayList<>();
      // Each invocation goes, as it does with a function service, to any process, without its
      // order.
      for (int i = 0; i < 2; i++) {
        int self = i;
        rooms.add(
            stage.engine(
                Settings.LOCAL,
                inside ->
                    invocations ->
                        invocations.forEach(
                            each -> {
                              int other = (each.step().hashCode() + self + each.attempt()) & 1;
                              rooms
                                  .get(other)
                                  .invoker()
                                  .invoke(
                                      List.of(
                                          new Invocation(
                                              each.run(),
                                              each.step(),
                                              each.attempt(),
                                              Optional.empty())));
                            })));
      }
      stage.bean("work", (JavaStep) (context, input) -> context.step());
      List<UUID> runs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        runs.add(Stage.start(rooms.get(i % 2), FAN));
      }
      for (UUID id : runs) {
        RunView run = stage.end(id);
        assertEquals("succeeded", run.status());
        assertEquals(
            IntStream.range(0, 10).mapToObj(i -> "part[" + i + "]").toList(),
            Stage.step(run, "part").output());
        run.steps().forEach(step -> assertEquals(1, step.attempt(), step::path));
      }
      Invariants.hold(stage);
    }
  }

  @Test
  void what_another_process_has_done_meanwhile_is_seen_before_an_event_is_called_stale() {
    try (Stage stage = new Stage()) {
      List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
      EngineRoom first = stage.engine(Settings.LOCAL, inside -> sent::addAll);
      EngineRoom second = stage.engine(Settings.LOCAL, inside -> sent::addAll);
      stage.bean("work", (JavaStep) (context, input) -> "");
      UUID run =
          Stage.start(
              first,
              """
              name: w
              steps:
                other: { call: work }
                a: { call: work }
                b: { needs: a, call: work }
              """);
      Stage.until("both deliveries", () -> sent.size() == 2);
      // Now the first remembers a run in which b has not come to be.
      assertEquals(Verdict.ACCEPTED, Stage.submit(second, run, success("a")));
      assertEquals(Verdict.ACCEPTED, Stage.submit(first, run, new Event.Begin("b", 1)));
      assertEquals(Verdict.ACCEPTED, Stage.submit(second, run, success("b")));
      assertEquals(Verdict.ACCEPTED, Stage.submit(first, run, success("other")));
      assertEquals("succeeded", stage.end(run).status());
    }
  }

  private static Event.Report success(String step) {
    return new Event.Report(step, 1, Outcome.Succeeded.of(step), Event.Cost.NONE, false);
  }

  @Test
  void a_join_whose_reports_contend_across_processes_fires_once() throws Exception {
    int width = 40;
    try (Stage stage = new Stage();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Invocation> sent = Collections.synchronizedList(new ArrayList<>());
      List<EngineRoom> rooms = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rooms.add(stage.engine(Settings.LOCAL, inside -> sent::addAll));
      }
      stage.bean("work", (JavaStep) (context, input) -> "");
      UUID run =
          Stage.start(
              rooms.getFirst(),
              """
              name: fan
              steps:
                part: { call: work, forEach: "${{ lists.range(40) }}" }
                join: { needs: part, call: work }
              """);
      Stage.until("all deliveries", () -> sent.size() == width);
      List<Future<Verdict>> verdicts = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        String step = "part[" + i + "]";
        for (EngineRoom room : rooms) {
          verdicts.add(threads.submit(() -> Stage.submit(room, run, success(step))));
        }
      }
      int accepted = 0;
      for (Future<Verdict> verdict : verdicts) {
        accepted += verdict.get() == Verdict.ACCEPTED ? 1 : 0;
      }
      assertEquals(width, accepted, "each instance is accepted once");
      Stage.until("the join", () -> sent.size() == width + 1);
      assertEquals(Verdict.ACCEPTED, Stage.submit(rooms.get(1), run, success("join")));
      assertEquals("succeeded", stage.end(run).status());
      Invariants.hold(stage);
    }
  }
}
