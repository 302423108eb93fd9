package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.engine.Tokens;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.ApprovalService.Judgement;
import dev.fanfare.function.CallbackService;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.EventService;
import dev.fanfare.store.RunView;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for people, events and callbacks against a real database, over restarts. */
class WaitingTest {

  private static final String GATE =
      "name: t\nsteps:\n  gate: { approval: { message: Ship it? } }\n"
          + "  after: { needs: gate, pass: { output: \"${{ steps.gate.output.by }}\" } }\n";

  private static final String PAID =
      "name: t\n"
          + "steps:\n"
          + "  paid: { waitFor: { event: order.paid, match: \"${{ event.sum > 10 }}\" } }\n";

  private static final String CALLBACK =
      "name: t\nsteps:\n  done: { waitFor: { callback: true } }\n";

  private final Stage stage = new Stage();
  private final EngineRoom engine = stage.engine();

  @AfterEach
  void close() {
    stage.close();
  }

  private UUID waiting(String yaml) {
    UUID run = Stage.start(engine, yaml);
    Stage.until("run " + run + " waits", () -> stage.view(run).status().equals("waiting"));
    return run;
  }

  private static Answer judge(EngineRoom room, UUID run, String step, boolean yes, String by) {
    return get(room.waits().approvals().judge(new Judgement(run, step, yes, by, "because", null)));
  }

  private static EventService.Result publish(
      EngineRoom room, String name, @Nullable String id, @Nullable Object payload) {
    return get(
        room.waits()
            .events()
            .publish(new EventService.Publication(name, Optional.ofNullable(id), payload)));
  }

  private CallbackService.Answer call(String token, @Nullable Object payload) {
    return get(engine.waits().callbacks().call(token, payload, Optional.empty()));
  }

  private String token(UUID run, String step) {
    return stage
        .query(
            "SELECT detail ->> 'token' FROM step WHERE run_id = '"
                + run
                + "' AND path = '"
                + step
                + "'")
        .getFirst();
  }

  private static <T> T get(Uni<T> uni) {
    return uni.await().atMost(Stage.PATIENCE);
  }

  @Test
  void an_approval_survives_a_restart_and_is_decided_by_another_process() {
    UUID run = waiting(GATE);
    engine.close();
    EngineRoom next = stage.engine();
    Answer.Decided decided =
        assertInstanceOf(Answer.Decided.class, judge(next, run, "gate", true, "ann"));
    assertTrue(decided.now());
    RunView over = stage.end(run);
    assertEquals("succeeded", over.status());
    assertEquals("approved", Stage.status(over, "gate"));
    assertEquals("ann", Stage.step(over, "after").output());
    assertEquals(0, stage.count("SELECT count(*) FROM subscription WHERE open"));
  }

  @Test
  void of_many_who_decide_at_once_one_counts_and_everybody_is_told_who() {
    UUID run = waiting(GATE);
    EngineRoom other = stage.engine();
    List<Uni<Answer>> asked =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? engine : other)
                        .waits()
                        .approvals()
                        .judge(new Judgement(run, "gate", i % 4 < 2, "p" + i, "", null)))
            .toList();
    List<Answer> answers = get(Uni.join().all(asked).andFailFast());
    List<Answer.Decided> same =
        answers.stream()
            .filter(Answer.Decided.class::isInstance)
            .map(Answer.Decided.class::cast)
            .toList();
    assertEquals(1, same.stream().filter(Answer.Decided::now).count());
    String by = same.getFirst().by();
    same.forEach(each -> assertEquals(by, each.by()));
    List<Answer.Refused> refused =
        answers.stream()
            .filter(Answer.Refused.class::isInstance)
            .map(Answer.Refused.class::cast)
            .toList();
    assertEquals(20, refused.size());
    refused.forEach(
        each -> assertTrue(each.sentence().contains(" by " + by + " at "), each::sentence));
    assertEquals(1, stage.events(run).stream().filter(WaitingTest::isDecision).count());
  }

  private static boolean isDecision(Map<String, Object> event) {
    return List.of("step.approved", "step.denied").contains(event.get("type"));
  }

  @Test
  void what_cannot_be_decided_is_told_why() {
    UUID run =
        waiting(
            GATE
                + "  e: { waitFor: x }\n  soon: { needs: e, approval: Soon? }\n"
                + "  late: { approval: { message: Late?, timeout: 100ms, onTimeout: approve } }\n");
    Stage.until("its time is up", () -> Stage.status(stage.view(run), "late").equals("approved"));
    assertTrue(refusal(run, "e").contains("is no approval but waitFor"));
    assertTrue(refusal(run, "soon").contains("does not wait for a decision: it is pending"));
    String denied =
        assertInstanceOf(Answer.Refused.class, judge(engine, run, "late", false, "ann")).sentence();
    assertTrue(denied.contains("its time was up at 2"), denied);
    assertTrue(denied.contains("which made it approved"), denied);
    assertInstanceOf(Answer.Unknown.class, judge(engine, run, "nobody", true, "ann"));
    assertInstanceOf(Answer.Unknown.class, judge(engine, UUID.randomUUID(), "e", true, "ann"));
    Stage.cancel(engine, run);
    String cancelled = refusal(run, "gate");
    assertTrue(cancelled.contains("it ended cancelled at 2"), cancelled);
    assertTrue(cancelled.contains("was cancelled by test"), cancelled);
  }

  private String refusal(UUID run, String step) {
    return assertInstanceOf(Answer.Refused.class, judge(engine, run, step, true, "ann")).sentence();
  }

  @Test
  void a_form_must_be_as_its_schema_says_before_anything_is_decided() {
    UUID run =
        waiting(
            """
            name: t
            steps:
              gate:
                approval:
                  message: Which?
                  schema: { type: object, required: [ticket], properties: { ticket: { pattern: "^OPS-" } } }
              after: { needs: gate, pass: { output: "${{ steps.gate.output.form.ticket }}" } }
            """);
    ApprovalService approvals = engine.waits().approvals();
    for (Map<String, Object> form : List.<Map<String, Object>>of(Map.of(), Map.of("ticket", "7"))) {
      assertInstanceOf(
          Answer.BadForm.class,
          get(approvals.judge(new Judgement(run, "gate", true, "ann", "", form))));
    }
    assertInstanceOf(
        Answer.BadForm.class,
        get(approvals.judge(new Judgement(run, "gate", true, "ann", "", null))));
    assertEquals("waiting", stage.view(run).status());
    get(approvals.judge(new Judgement(run, "gate", true, "ann", "", Map.of("ticket", "OPS-7"))));
    assertEquals("OPS-7", Stage.step(stage.end(run), "after").output());
  }

  @Test
  void waiting_approvals_are_listed_page_by_page() {
    UUID one = waiting(GATE);
    UUID two =
        waiting(
            "name: u\n"
                + "steps:\n"
                + "  b: { approval: { message: B?, timeout: 1h, schema: { type: object } } }\n"
                + "  a: { approval: A? }\n");
    judge(engine, waiting(GATE), "gate", true, "ann");
    List<String> seen = new ArrayList<>();
    UUID run = new UUID(0, 0);
    String step = "";
    for (int page = 0; page < 4; page++) {
      List<ApprovalService.Waiting> found = get(engine.waits().approvals().waiting(run, step, 1));
      if (!found.isEmpty()) {
        ApprovalService.Waiting waiting = found.getFirst();
        run = waiting.approval().run();
        step = waiting.approval().step();
        seen.add(run + " " + step + " " + waiting.message());
        assertEquals(step.equals("b"), waiting.approval().deadline().isPresent());
        assertEquals(step.equals("b"), waiting.schema().isPresent());
      }
    }
    assertEquals(List.of(one + " gate Ship it?", two + " a A?", two + " b B?"), seen);
  }

  @Test
  void an_event_wakes_those_who_wait_for_it_and_whom_it_matches() {
    UUID one = waiting(PAID);
    UUID other = waiting(PAID.replace("sum > 10", "sum > 100"));
    UUID deaf = waiting(PAID.replace("order.paid", "order.sent"));
    EventService.Result result = publish(engine, "order.paid", null, Map.of("sum", 50L));
    assertEquals(new EventService.Result(true, 1, 1, 0), result);
    assertEquals(Map.of("sum", 50L), Stage.step(stage.end(one), "paid").output());
    assertEquals("waiting", stage.view(other).status());
    assertEquals("waiting", stage.view(deaf).status());
    assertEquals(1, publish(engine, "order.paid", null, Map.of("sum", 500L)).woken());
    stage.end(other);
  }

  @Test
  void a_step_that_begins_to_wait_because_of_an_event_is_not_woken_by_it() {
    UUID run =
        waiting(
            "name: t\nsteps:\n  a: { waitFor: tick }\n  b: { needs: a, waitFor: tick }\n"
                + "  c: { needs: b, waitFor: tick }\n");
    for (int i = 0; i < 3; i++) {
      EventService.Result first = publish(engine, "tick", "tick-" + i, (long) i);
      assertEquals(new EventService.Result(true, 1, 0, 0), first);
      EventService.Result again = publish(engine, "tick", "tick-" + i, (long) i);
      assertEquals(new EventService.Result(false, 0, 0, 0), again, "published twice");
    }
    RunView over = stage.end(run);
    assertEquals(2L, Stage.step(over, "c").output());
  }

  @Test
  void an_event_reaches_thousands_in_one_run_and_in_many_and_loses_nobody() {
    UUID large =
        waiting(
            "name: t\n"
                + "maxParallel: 0\n"
                + "steps:\n"
                + "  all: { forEach: \"${{ lists.range(1500) }}\", waitFor: go }\n");
    List<UUID> many = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      many.add(Stage.start(engine, "name: t\nsteps:\n  one: { waitFor: go }\n"));
    }
    Stage.until(
        "all wait", () -> stage.count("SELECT count(*) FROM subscription WHERE open") == 2_600);
    List<EventService.Result> results =
        get(
            Uni.join()
                .all(
                    IntStream.range(0, 4)
                        .mapToObj(
                            i ->
                                engine
                                    .waits()
                                    .events()
                                    .publish(
                                        new EventService.Publication(
                                            "go", Optional.of("once"), "now")))
                        .toList())
                .andFailFast());
    assertEquals(2_600, results.stream().mapToLong(EventService.Result::woken).sum());
    assertEquals(1, results.stream().filter(EventService.Result::first).count());
    assertEquals("succeeded", stage.end(large).status());
    Stage.until(
        "all have ended",
        () -> stage.count("SELECT count(*) FROM run WHERE status = 'succeeded'") == 1_101);
  }

  @Test
  void an_event_that_was_published_in_part_goes_on_where_it_stopped() {
    UUID reached = waiting(PAID);
    publish(engine, "order.paid", "e1", Map.of("sum", 50L));
    stage.end(reached);
    // As if the publisher had died before it came to this one.
    UUID missed = waiting(PAID);
    stage.execute("UPDATE subscription SET opened_at = now() - interval '1 minute'");
    UUID later = waiting(PAID);
    assertEquals(
        new EventService.Result(false, 1, 0, 0),
        publish(engine, "order.paid", "e1", Map.of("sum", 50L)));
    stage.end(missed);
    assertEquals("waiting", stage.view(later).status());
  }

  @Test
  void ids_of_events_are_forgotten_after_a_week() {
    publish(engine, "x", "old", null);
    stage.execute("UPDATE published SET at = now() - interval '8 days'");
    assertTrue(publish(engine, "x", "new", null).first());
    assertEquals(List.of("new"), stage.query("SELECT id FROM published"));
  }

  @Test
  void a_callback_is_good_once_and_whoever_comes_second_is_told() {
    UUID run = waiting(CALLBACK);
    String token = token(run, "done");
    assertEquals(
        List.of(Tokens.digest(token)), stage.query("SELECT key FROM subscription"), "no token");
    assertInstanceOf(CallbackService.Answer.Unknown.class, call("x".repeat(43), 1L));
    assertInstanceOf(CallbackService.Answer.Unknown.class, call(Tokens.digest(token), 1L));
    assertInstanceOf(CallbackService.Answer.Taken.class, call(token, Map.of("answer", 42L)));
    CallbackService.Answer.Used used =
        assertInstanceOf(CallbackService.Answer.Used.class, call(token, "again"));
    assertTrue(used.sentence().contains("this token was used at 2"), used::sentence);
    assertTrue(used.sentence().contains("ended succeeded at 2"), used::sentence);
    assertEquals(Map.of("answer", 42L), Stage.step(stage.end(run), "done").output());
    assertEquals(
        0, stage.count("SELECT count(*) FROM step WHERE detail::text LIKE '%" + token + "%'"));
    assertEquals(
        0,
        stage.count("SELECT count(*) FROM event_batch WHERE entries::text LIKE '%" + token + "%'"));
  }

  @Test
  void of_a_hundred_callbacks_at_once_one_is_taken() {
    UUID run = waiting(CALLBACK);
    String token = token(run, "done");
    EngineRoom other = stage.engine();
    List<Uni<CallbackService.Answer>> calls =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? engine : other)
                        .waits()
                        .callbacks()
                        .call(token, (long) i, Optional.empty()))
            .toList();
    List<CallbackService.Answer> answers = get(Uni.join().all(calls).andFailFast());
    assertEquals(
        1, answers.stream().filter(CallbackService.Answer.Taken.class::isInstance).count());
    assertEquals(
        99, answers.stream().filter(CallbackService.Answer.Used.class::isInstance).count());
    stage.end(run);
  }

  @Test
  void a_callback_that_comes_late_is_told_why_it_is_void() {
    UUID timedOut =
        Stage.start(
            engine,
            "name: t\nsteps:\n  done: { waitFor: { callback: true, timeout: 300ms }, retry: {"
                + " attempts: 2, delay: 1h } }\n");
    Stage.until("it waits", () -> stage.count("SELECT count(*) FROM subscription") == 1);
    String first = token(timedOut, "done");
    Stage.until(
        "it has not come", () -> Stage.status(stage.view(timedOut), "done").equals("retrying"));
    String late = assertInstanceOf(CallbackService.Answer.Late.class, call(first, 1L)).sentence();
    assertTrue(late.contains("stopped waiting for it at 2"), late);
    assertTrue(late.contains("its callback was not called within 300ms"), late);
    UUID cancelled = waiting(CALLBACK);
    String token = token(cancelled, "done");
    Stage.cancel(engine, cancelled);
    late = assertInstanceOf(CallbackService.Answer.Late.class, call(token, 1L)).sentence();
    assertTrue(late.contains("ended cancelled at 2"), late);
    assertNull(Stage.step(stage.view(cancelled), "done").output());
  }

  @Test
  void a_callback_may_fail_its_step_and_the_next_attempt_has_another_token() {
    UUID run = waiting(CALLBACK.replace("true }", "true }, retry: { attempts: 2, delay: 0s }"));
    String token = token(run, "done");
    get(
        engine
            .waits()
            .callbacks()
            .call(token, null, Optional.of(ErrorInfo.of("out_of_stock", "no more ink"))));
    Stage.until("it waits again", () -> stage.count("SELECT count(*) FROM subscription") == 2);
    assertNotEquals(token, token(run, "done"));
    String used = assertInstanceOf(CallbackService.Answer.Used.class, call(token, 1L)).sentence();
    assertTrue(used.contains("is waiting"), used);
    assertInstanceOf(CallbackService.Answer.Taken.class, call(token(run, "done"), "ink"));
    assertEquals("ink", Stage.step(stage.end(run), "done").output());
  }

  @Test
  void a_step_that_waits_for_a_callback_can_be_sent_its_token_by_a_step_beside_it() {
    UUID run =
        Stage.start(
            engine,
            CALLBACK
                + "  send: { run: 'echo \"$TOKEN\"', env: { TOKEN: \"${{ steps.done.token }}\" }"
                + " }\n");
    Stage.until("it was sent", () -> Stage.status(stage.view(run), "send").equals("succeeded"));
    Object token = Stage.step(stage.view(run), "send").output();
    assertEquals(token(run, "done"), token);
    call(String.valueOf(token), "thanks");
    assertEquals("succeeded", stage.end(run).status());
  }

  @Test
  void a_time_out_comes_in_a_process_that_did_not_set_it() {
    UUID run =
        waiting(
            "name: t\n"
                + "steps:\n"
                + "  gate: { approval: { message: Ok?, timeout: 700ms, onTimeout: continue } }\n");
    engine.close();
    stage.engine();
    RunView over = stage.end(run);
    assertEquals("succeeded", Stage.status(over, "gate"));
    Map<?, ?> output = assertInstanceOf(Map.class, Stage.step(over, "gate").output());
    assertEquals("timed_out", output.get("decision"));
    assertTrue(String.valueOf(output.get("at")).matches("2.*T.*\\.\\d{3}Z"), output::toString);
  }
}
