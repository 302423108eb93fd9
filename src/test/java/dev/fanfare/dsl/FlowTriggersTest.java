package dev.fanfare.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Trigger;
import dev.fanfare.function.CalledTriggers;
import dev.fanfare.json.Json;
import dev.fanfare.testing.FlowEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What starts workflows written in Java without anybody calling. */
class FlowTriggersTest {

  private static FlowEngine engine;

  @BeforeAll
  static void open() {
    engine = FlowEngine.of(FlowTriggersTest::define);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static void define(Cronflow cron) {
    cron.define("orders")
        .onWebhook(
            "/shop/orders",
            hook ->
                hook.condition("event.amount > 0")
                    .idempotencyKey("event.id")
                    .schema(
                        Map.of(
                            "type",
                            "object",
                            "required",
                            List.of("id", "amount"),
                            "properties",
                            Map.of("amount", Map.of("type", "number")))))
        .step(
            "told",
            ctx ->
                List.of(
                    ctx.trigger().kind(),
                    ctx.payload().get("id"),
                    ctx.trigger().delivery().get("source")));
    cron.define("signed").onWebhook("signed", hook -> hook.secret("HOOK")).log("never");
    cron.define("timed")
        .onSchedule("30 2 * * *", at -> at.timezone(ZoneId.of("Europe/Berlin")).allowOverlap())
        .onSchedule("*/5 * * * *", at -> at.withoutCatchUp())
        .onInterval("15m")
        .onInterval(Duration.ofHours(1))
        .onEvent("order.paid")
        .manual()
        .log("x");
  }

  private static CalledTriggers.Result call(String path, String body) {
    return engine
        .room()
        .called()
        .call(
            new CalledTriggers.Call(
                path,
                Map.of("content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8),
                Optional.empty()));
  }

  private static CalledTriggers.Answered answered(Map<String, Object> payload) {
    return assertInstanceOf(
        CalledTriggers.Answered.class, call("shop/orders", Json.write(payload)));
  }

  @Test
  void a_webhook_starts_one_run_for_its_key_with_the_body_as_payload() {
    CalledTriggers.Answered first = answered(Map.of("id", "o-1", "amount", 3));
    CalledTriggers.Answered again = answered(Map.of("id", "o-1", "amount", 3));
    assertTrue(first.runs().getFirst().created());
    assertFalse(again.runs().getFirst().created());
    assertEquals(first.runs().getFirst().run(), again.runs().getFirst().run());
    assertEquals(
        List.of("webhook", "o-1", "other"),
        engine.await(first.runs().getFirst().run()).output().raw());
    assertTrue(answered(Map.of("id", "o-2", "amount", 3)).runs().getFirst().created());
  }

  @Test
  void a_payload_that_is_not_as_the_schema_says_is_refused() {
    CalledTriggers.Answered refused = answered(Map.of("amount", 3));
    assertEquals(List.of(), refused.runs());
    String message = refused.refused().getFirst().diagnostics().getFirst().message();
    assertTrue(message.startsWith("the payload is not what the webhook takes: "), message);
  }

  @Test
  void a_condition_that_does_not_hold_starts_nothing() {
    CalledTriggers.Answered skipped = answered(Map.of("id", "o-4", "amount", 0));
    assertEquals(1, skipped.skipped().size());
    assertEquals(List.of(), skipped.runs());
  }

  @Test
  void a_signed_webhook_without_a_secret_starts_nothing() {
    assertInstanceOf(CalledTriggers.NoSecret.class, call("signed", "{}"));
  }

  @Test
  void times_and_events_are_registered() {
    List<Trigger> triggers =
        engine
            .room()
            .registrations()
            .newest("timed")
            .await()
            .atMost(Duration.ofSeconds(60))
            .orElseThrow()
            .workflow()
            .triggers();
    Trigger.Schedule night = assertInstanceOf(Trigger.Schedule.class, triggers.get(0));
    assertEquals("Europe/Berlin", night.timezone());
    assertEquals(Trigger.Overlap.ALLOW, night.overlap());
    Trigger.Schedule often = assertInstanceOf(Trigger.Schedule.class, triggers.get(1));
    assertEquals(Trigger.CatchUp.NONE, often.catchUp());
    assertEquals(
        Duration.ofMinutes(15), assertInstanceOf(Trigger.Interval.class, triggers.get(2)).every());
    assertEquals(
        Duration.ofHours(1), assertInstanceOf(Trigger.Interval.class, triggers.get(3)).every());
    assertEquals("order.paid", assertInstanceOf(Trigger.OnEvent.class, triggers.get(4)).name());
  }
}
