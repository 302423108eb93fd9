package dev.fanfare.dialect.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final KeyTable TABLE =
      KeyTable.builder()
          .section("pipeline")
          .supported("name", "steps", "env")
          .mapped("limit", "becomes maxParallel")
          .warned("colour", "nobody sees it")
          .refused("magic", "nothing here does magic")
          .noted("owner", "it is for people")
          .section("step")
          .supported("run", "tries")
          .build();

  private final Problems problems = new Problems();
  private final Ledger ledger = new Ledger(TABLE, problems);

  @Test
  void keys_that_are_read_are_accounted_for_with_their_rule() {
    Section root = open("name: a\nlimit: 3\n");

    assertEquals("a", root.text("name").orElseThrow());
    assertEquals(3, root.integer("limit", 1, 10).orElseThrow());
    root.close();

    assertEquals(
        List.of("pipeline.name supported 1:1", "pipeline.limit mapped 2:1"),
        ledger.uses().stream()
            .map(use -> use.rule().id() + " " + use.rule().treatment().id() + " " + use.span())
            .toList());
    assertEquals(List.of(), problems.all());
  }

  @Test
  void a_key_that_is_not_honoured_is_reported_as_its_rule_says() {
    Section root = open("colour: red\nmagic: { a: 1 }\nowner: ann\n");

    root.close();

    assertEquals(
        List.of(
            "1:1: warning: 'colour' is not honoured: nobody sees it",
            "2:1: error: 'magic' is not honoured: nothing here does magic (remove it)",
            "3:1: info: 'owner' is not honoured: it is for people"),
        lines());
    assertEquals(3, ledger.uses().size());
  }

  @Test
  void an_unknown_key_is_an_error_that_names_the_nearest() {
    open("nmae: a\n").close();

    assertEquals(
        List.of("1:1: error: a pipeline has no key 'nmae' (did you mean 'name'?)"), lines());
  }

  @Test
  void a_known_key_that_nobody_asked_for_is_a_warning() {
    open("limit: 3\n").close();

    assertEquals("key-has-no-effect", problems.all().getFirst().code());
  }

  @Test
  void what_nobody_looked_into_is_an_error_at_the_end() {
    Section root = open("steps: { a: { run: b } }\nenv: { X: 1 }\n");
    root.node("steps");
    root.free("env");
    root.close();

    ledger.close(List.of(read("steps: { a: { run: b } }\n")));

    assertEquals(
        List.of(
            "1:1: error: nothing reads the key 'steps' here (remove it, or check the key above"
                + " it)"),
        lines());
  }

  @Test
  void what_an_anchor_shares_is_accounted_for_once() {
    YamlNode file = read("steps:\n  a: &a { run: x, tries: 2 }\n  b: { <<: *a, run: y }\n");
    Mapping steps = (Mapping) ((Mapping) file).get("steps").orElseThrow();
    Section root = ledger.open("pipeline", (Mapping) file);
    root.node("steps");
    for (YamlNode.Entry step : steps.entries()) {
      Section section = ledger.open("step", (Mapping) step.value());
      section.text("run");
      section.integer("tries", 1, 9);
      section.close();
    }
    ledger.settleAll(steps);
    root.close();
    ledger.close(List.of(file));

    assertEquals(List.of(), problems.all());
    assertEquals(4, ledger.uses().size());
  }

  @Test
  void values_of_wrong_types_are_reported_and_empty() {
    Section root = open("name: [a]\nlimit: many\nenv: { a: 1 }\nsteps: 3\n");

    assertTrue(root.text("name").isEmpty());
    assertTrue(root.number("limit", 0, 9).isEmpty());
    assertTrue(root.flag("env").isEmpty());
    assertTrue(root.items("steps").isEmpty());
    assertEquals(
        List.of(
            "1:7: error: 'name' must be a text, found a list",
            "2:8: error: 'limit' must be a number, found 'many'",
            "3:6: error: 'env' must be true or false, found a mapping",
            "4:8: error: 'steps' must be a list, found '3'"),
        lines());
  }

  @Test
  void numbers_out_of_range_and_broken_ones_are_reported() {
    Section root = open("limit: 11\n");
    Section other = open("limit: 1.5\n");

    assertTrue(root.integer("limit", 1, 10).isEmpty());
    assertTrue(other.integer("limit", 1, 10).isEmpty());
    assertEquals(
        List.of(
            "1:8: error: 'limit' must be 1 to 10, found 11",
            "1:1: error: 'limit' must be a whole number, found 1.5"),
        lines());
  }

  @Test
  void an_importer_that_reads_a_key_without_a_rule_is_told() {
    assertThrows(IllegalStateException.class, () -> open("other: 1\n").text("other"));
    assertThrows(
        IllegalArgumentException.class,
        () -> KeyTable.builder().section("a").supported("b").mapped("b", "c"));
  }

  private Section open(String text) {
    return ledger.open("pipeline", (Mapping) read(text));
  }

  private static YamlNode read(String text) {
    return YamlReader.read(text.getBytes(UTF_8)).root().orElseThrow();
  }

  private List<String> lines() {
    return problems.all().stream().map(Diagnostic::oneLine).toList();
  }
}
