package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.definition.StepStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static Play batch(String list, String rules) {
    return Play.of(
            "steps:\n  go: { call: w }\n  f:\n    needs: go\n    forEach: "
                + list
                + "\n"
                + rules.indent(4)
                + "    pass: { output: \"${{ item }}\" }\n")
        .yield("go", 3L);
  }

  @Test
  void each_instance_gets_a_list_of_so_many_items_and_the_last_one_the_rest() {
    Play play = batch("[1, 2, 3, 4, 5]", "batch: 2");
    assertEquals(List.of(List.of(1L, 2L), List.of(3L, 4L), List.of(5L)), play.output("f"));
    assertEquals(List.of(5L), play.output("f[2]"));
    assertEquals(List.of(List.of(1L, 2L)), batch("[1, 2]", "batch: 100").output("f"));
    assertEquals(List.of(), batch("[]", "batch: 2").output("f"));
  }

  @Test
  void its_size_may_be_an_expression() {
    Play play = batch("[1, 2, 3, 4]", "batch: \"${{ steps.go.output }}\"");
    assertEquals(List.of(List.of(1L, 2L, 3L), List.of(4L)), play.output("f"));
  }

  @Test
  void equal_items_are_dropped_before_batches_are_made_of_them() {
    Play play = batch("[1, 2, 1, 3, 3, 4]", "batch: 2\ndistinct: true");
    assertEquals(List.of(List.of(1L, 2L), List.of(3L, 4L)), play.output("f"));
  }

  @Test
  void key_name_and_index_are_those_of_the_batch() {
    Play play =
        batch(
            "[1, 2, 3]",
            "batch: 2\nas: some\nkey: \"from-${{ some[0] }}\"\ncollect: \"${{ index }}\"");
    assertEquals(List.of(0L, 1L), play.output("f"));
    assertEquals(List.of(3L), play.output("f[from-3]"));
  }

  @Test
  void a_size_below_one_or_that_is_no_number_is_an_error_that_says_so() {
    for (String size : List.of("${{ steps.go.output - 3 }}", "${{ 'many' }}", "${{ null }}")) {
      Play play = batch("[1]", "batch: \"" + size + "\"");
      assertEquals(StepStatus.FAILED, play.status("f"));
      assertEquals("bad_group_input", play.error("f"));
      String message = play.row("f").error().message();
      assertTrue(message.startsWith("batch must be a whole number of at least"), message);
      assertEquals(RunStatus.FAILED, play.run());
    }
  }
}
