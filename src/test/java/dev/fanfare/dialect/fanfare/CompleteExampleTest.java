package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.StepStatus;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Work;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The example of the language's description, key by key. */
class CompleteExampleTest {

  private static Workflow workflow;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        CompleteExampleTest.class.getResourceAsStream("/dialect/fanfare/release.yaml")) {
      Imported imported = Dialects.read(in.readAllBytes(), "release.yaml", Optional.empty());
      assertEquals(List.of(), imported.diagnostics());
      assertEquals("fanfare", imported.dialect());
      workflow = imported.workflow().orElseThrow();
    }
  }

  @Test
  void its_inputs_are_typed() {
    Param version = param("version");
    assertEquals(Param.Type.STRING, version.type());
    assertTrue(version.required());
    assertEquals(List.of("us-east-1", "eu-west-1"), param("regions").defaultValue());
    assertEquals(List.of("REGISTRY_TOKEN"), workflow.secrets());
  }

  @Test
  void it_has_all_four_triggers() {
    assertEquals(
        new Trigger.Schedule(
            "*/5 * * * *",
            "Europe/Berlin",
            Trigger.Overlap.SKIP,
            Trigger.CatchUp.ONE,
            true,
            java.util.Map.of(),
            new SourceSpan(9, 5)),
        workflow.triggers().get(0));
    Trigger.Webhook webhook = assertInstanceOf(Trigger.Webhook.class, workflow.triggers().get(1));
    assertEquals(Optional.of("HOOK_SECRET"), webhook.secret());
    assertEquals(Duration.ofMinutes(15), ((Trigger.Interval) workflow.triggers().get(2)).every());
    assertEquals("order.paid", ((Trigger.OnEvent) workflow.triggers().get(3)).name());
  }

  @Test
  void its_runs_queue_behind_each_other() {
    Workflow.Concurrency concurrency = workflow.concurrency().orElseThrow();
    assertInstanceOf(Template.Text.class, concurrency.key());
    assertEquals(Workflow.Concurrency.Policy.QUEUE, concurrency.policy());
    assertEquals(Optional.of(Duration.ofHours(5)), concurrency.waitMax());
  }

  @Test
  void its_steps_stand_in_written_order() {
    assertEquals(
        List.of("build", "unit", "publish", "gate", "deploy"),
        workflow.steps().stream().map(Step::name).toList());
  }

  @Test
  void its_shards_fan_out() {
    Step unit = workflow.steps().get(1);
    Fan.ForEach each = assertInstanceOf(Fan.ForEach.class, unit.fan().orElseThrow());
    assertEquals("shard", each.as());
    assertTrue(unit.maxParallel().isPresent());
    assertEquals(new SourceSpan(20, 3), unit.span());
  }

  @Test
  void its_race_has_two_branches_and_a_time_limit() {
    Step publish = workflow.steps().get(2);
    Structure.Race race = assertInstanceOf(Structure.Race.class, publish.body());
    assertEquals(2, race.steps().size());
    assertEquals(Structure.Race.Win.SUCCESS, race.win());
    assertEquals(Optional.of(Duration.ofSeconds(30)), race.timeout());
    assertEquals(Optional.of(Duration.ofSeconds(10)), race.steps().getFirst().timeouts().attempt());
    assertEquals(List.of(StepStatus.SUCCEEDED, StepStatus.SKIPPED), publish.needs().get(1).on());
  }

  @Test
  void its_hooks_are_steps() {
    Step hook = workflow.hooks().onFailure().orElseThrow();
    assertEquals("onFailure", hook.name());
    assertEquals("POST", assertInstanceOf(Work.Http.class, hook.body()).method());
    assertTrue(workflow.hooks().always().isPresent());
  }

  private static Param param(String name) {
    return Optional.ofNullable(workflow.params().get(name)).orElseThrow();
  }
}
