package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.dsl.Inspection;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.json.Json;
import dev.fanfare.testing.FlowEngine;
import dev.fanfare.testing.FlowJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/java}, compiled as its reader would, in a jar. */
class JavaExampleTest {

  private static final Path EXAMPLE = Path.of("examples", "java");

  private static FlowBook book(Path folder) throws Exception {
    String named =
        Files.readString(EXAMPLE.resolve("src/META-INF/services/dev.fanfare.dsl.Flows")).strip();
    try (Stream<Path> files = Files.list(EXAMPLE.resolve("src/shop"))) {
      FlowJars.jar(folder.resolve("shop.jar"), named, files.sorted().toList());
    }
    return FlowBook.of(FlowSources.inJars(folder.toString()));
  }

  @Test
  void an_order_is_priced_checked_and_shipped(@TempDir Path folder) throws Exception {
    try (FlowEngine engine = FlowEngine.of(book(folder))) {
      Inspection run =
          engine.run("process-order", Json.parse(Files.readString(EXAMPLE.resolve("order.json"))));
      assertEquals("succeeded", run.status(), run::toString);
      assertTrue(run.output().get("shipped").isTrue());
      assertEquals(27L, run.output().get("total").raw());
      assertEquals(1L, engine.runs().state("process-order").get("shipped").orElseThrow().asLong());
      Inspection none =
          engine.run(
              "process-order",
              Map.of("customer", "ann", "lines", List.of(Map.of("item", "gold", "amount", 1))));
      assertEquals(Map.of("shipped", false), none.output().raw());
    }
  }

  @Test
  void the_stock_is_reported_and_a_large_refund_is_asked_about(@TempDir Path folder)
      throws Exception {
    try (FlowEngine engine = FlowEngine.of(book(folder))) {
      assertEquals(Map.of("items", 3L), engine.run("stock-report", null).output().raw());
      assertEquals(
          Map.of("refunded", true, "amount", 5L),
          engine.run("refund", Map.of("amount", 5)).output().raw());
      UUID large = engine.runs().trigger("refund", Map.of("amount", 500));
      engine.await(large, RunStatus.WAITING);
      String step =
          engine.runs().inspect(large).orElseThrow().steps().stream()
              .filter(each -> each.status().equals("waiting"))
              .findFirst()
              .orElseThrow()
              .name();
      engine
          .room()
          .waits()
          .approvals()
          .judge(new ApprovalService.Judgement(large, step, false, "ann", "", null))
          .await()
          .atMost(Duration.ofSeconds(60));
      assertEquals(Map.of("refunded", false, "amount", 500L), engine.await(large).output().raw());
    }
  }
}
