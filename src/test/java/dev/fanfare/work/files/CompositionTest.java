package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.work.WorkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompositionTest {

  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Set<String>> saw = new TreeMap<>();

  /** A step that saw the layers of others, and what it left: {@code name=content}. */
  private CompositionTest step(String step, Set<String> upstream, String... files) {
    Map<String, Entry> entries = new TreeMap<>();
    for (String file : files) {
      String[] parts = file.split("=");
      entries.put(
          parts[0],
          switch (parts[1]) {
            case "gone" -> Entry.gone();
            case "gone/" -> Entry.goneFolder();
            case "/" -> Entry.folder(0755);
            case String link when link.startsWith("->") -> Entry.link(link.substring(2));
            case String content -> Entry.file(content.length(), 0644, 0, content);
          });
    }
    layers.add(new Layer(new LayerName(step, 1), Manifest.of(entries), ""));
    saw.put(step, upstream);
    return this;
  }

  private Map<String, String> seen(String... reads) throws WorkException {
    Map<String, String> seen = new TreeMap<>();
    Composition.of(layers, (step, other) -> saw.get(other).contains(step), Arrays.asList(reads))
        .visible()
        .forEach(
            (name, each) ->
                seen.put(name, each.layer().name().step() + ":" + each.entry().content()));
    return seen;
  }

  private String conflict(String... reads) {
    WorkException refused = assertThrows(WorkException.class, () -> seen(reads));
    assertEquals("workspace_conflict", refused.error().code());
    assertTrue(refused.error().message().contains("neither saw"), refused.error().message());
    return refused.error().details().get("file") + " " + refused.error().details().get("steps");
  }

  @Test
  void the_layer_that_saw_the_others_counts() throws WorkException {
    step("a", Set.of(), "f=1", "g=1").step("b", Set.of("a"), "f=2").step("c", Set.of("a"), "h=3");
    assertEquals(Map.of("f", "b:2", "g", "a:1", "h", "c:3"), seen());
  }

  @Test
  void two_steps_that_did_not_see_each_other_and_wrote_the_same_file_are_a_conflict() {
    step("a", Set.of(), "f=0").step("b", Set.of("a"), "f=1").step("c", Set.of("a"), "f=2");
    assertEquals("f [b, c]", conflict());
  }

  @Test
  void the_first_file_by_name_is_named_and_the_others_are_counted() {
    step("a", Set.of(), "z=1", "m/x=1", "m/y=1").step("b", Set.of(), "z=2", "m/y=2", "m/x=2");
    WorkException refused = assertThrows(WorkException.class, this::seen);
    assertEquals(
        "The steps \"a\" and \"b\" both changed the file \"m/x\" (and 2 more), and neither saw the"
            + " files of the other. Let one need the other, let them write different files, or"
            + " limit what they leave with `writes` or what this step sees with `reads`.",
        refused.error().message());
  }

  @Test
  void the_same_content_twice_is_no_conflict() throws WorkException {
    step("a", Set.of(), "f=same", "l=->x", "d=/").step("b", Set.of(), "f=same", "l=->x", "d=/");
    assertEquals(Set.of("f", "l", "d"), seen().keySet());
  }

  @Test
  void a_third_that_differs_from_two_that_agree_is_one_unless_it_saw_both() throws WorkException {
    step("a", Set.of(), "f=same").step("b", Set.of(), "f=same").step("c", Set.of("a"), "f=other");
    assertEquals("f [b, c]", conflict());
    step("d", Set.of("a", "b", "c"), "f=settled");
    assertEquals("f [b, c]", conflict());
  }

  @Test
  void whoever_saw_all_versions_settles_them() throws WorkException {
    step("a", Set.of(), "f=same").step("b", Set.of(), "f=same");
    step("c", Set.of("a", "b"), "f=settled");
    assertEquals(Map.of("f", "c:settled"), seen());
  }

  @Test
  void what_a_step_removed_is_gone_for_those_after_it() throws WorkException {
    step("a", Set.of(), "d=/", "d/f=1", "g=1").step("b", Set.of("a"), "d/f=gone", "d=gone/");
    assertEquals(Map.of("g", "a:1"), seen());
  }

  @Test
  void a_file_that_one_removed_and_another_changed_is_a_conflict() {
    step("a", Set.of(), "f=1").step("b", Set.of("a"), "f=gone").step("c", Set.of("a"), "f=2");
    assertEquals("f [b, c]", conflict());
  }

  @Test
  void a_file_that_both_removed_is_gone() throws WorkException {
    step("a", Set.of(), "f=1").step("b", Set.of("a"), "f=gone").step("c", Set.of("a"), "f=gone");
    assertEquals(Map.of(), seen());
  }

  @Test
  void a_folder_that_one_removed_stays_for_what_another_put_into_it() throws WorkException {
    step("a", Set.of(), "d=/", "d/f=1");
    step("b", Set.of("a"), "d/f=gone", "d=gone/");
    step("c", Set.of("a"), "d/g=2");
    assertEquals(Map.of("d/g", "c:2"), seen());
  }

  @Test
  void a_folder_one_removed_and_another_made_anew_is_there() throws WorkException {
    step("a", Set.of(), "d=/");
    step("b", Set.of("a"), "d=gone/");
    step("c", Set.of("a"), "d=/");
    assertEquals(Set.of("d"), seen().keySet());
  }

  @Test
  void a_file_and_a_folder_of_one_name_are_a_conflict() {
    step("a", Set.of(), "d=file").step("b", Set.of(), "d=/", "d/f=1");
    assertEquals("d [a, b]", conflict());
  }

  @Test
  void a_link_in_the_place_of_a_folder_that_another_one_filled_is_a_conflict() {
    step("a", Set.of(), "d=/", "d/f=1");
    step("b", Set.of("a"), "d/f=gone", "d=->elsewhere");
    step("c", Set.of("a"), "d/g=2");
    assertEquals("d [b, c]", conflict());
  }

  @Test
  void only_what_is_read_is_seen_and_can_be_in_conflict() throws WorkException {
    step("a", Set.of(), "f=1", "out/x=1", "outer=1").step("b", Set.of(), "f=2", "out/y=2");
    assertEquals(Map.of("out/x", "a:1", "out/y", "b:2"), seen("out"));
    assertEquals(Map.of("out/y", "b:2", "outer", "a:1"), seen("out/y", "outer"));
    assertEquals("f [a, b]", conflict("out", "f"));
  }

  @Test
  void many_steps_that_wrote_the_same_are_no_trouble() throws WorkException {
    for (int i = 0; i < 5_000; i++) {
      step("s" + i, Set.of(), "f=same");
    }
    assertEquals(Set.of("f"), seen().keySet());
  }
}
