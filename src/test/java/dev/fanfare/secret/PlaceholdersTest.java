package dev.fanfare.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {

  private final Placeholders placeholders = Placeholders.of(List.of("A", "b-c"), "n0nce");

  private String of(String name) {
    return String.valueOf(placeholders.scope().get(name));
  }

  @Test
  void values_take_the_place_of_placeholders_wherever_they_stand() {
    String text = "x " + of("A") + of("b-c") + " $1 " + of("A");
    assertEquals(Set.of("A", "b-c"), placeholders.in(text));
    assertEquals("x v$1\\w $1 v$1\\", placeholders.filled(text, Map.of("A", "v$1\\", "b-c", "w")));
    assertEquals("none", placeholders.filled("none", Map.of("A", "v")));
    assertEquals(Set.of(), placeholders.in("none"));
  }

  @Test
  void a_value_that_looks_like_a_placeholder_is_not_filled() {
    assertEquals(of("b-c"), placeholders.filled(of("A"), Map.of("A", of("b-c"), "b-c", "w")));
  }

  @Test
  void those_of_another_order_are_texts_like_others() {
    String other = String.valueOf(Placeholders.of(List.of("A"), "other").scope().get("A"));
    assertEquals(other, placeholders.filled(other, Map.of("A", "v")));
    assertEquals(Set.of(), placeholders.in(other));
  }

  @Test
  void nothing_that_is_printed_could_be_used_as_a_placeholder() {
    assertEquals("Placeholders[A, b-c]", placeholders.toString());
    assertFalse(placeholders.toString().contains("n0nce"));
    assertSame(Placeholders.NONE, Placeholders.of(List.of(), "n"));
  }
}
