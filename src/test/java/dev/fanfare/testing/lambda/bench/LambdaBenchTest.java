package dev.fanfare.testing.lambda.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LambdaBenchTest {

  private static LambdaBench.Asked asked(String line) {
    return LambdaBench.Asked.of(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
  }

  @Test
  void everything_is_measured_where_no_part_is_named() {
    assertEquals(new LambdaBench.Asked(LambdaBench.PARTS, 3), asked(""));
    assertEquals(new LambdaBench.Asked(List.of("fan"), 3), asked("fan"));
    assertEquals(new LambdaBench.Asked(List.of("fan"), 7), asked("--rounds 7 fan"));
    assertEquals(new LambdaBench.Asked(List.of("fan"), 7), asked("fan --rounds 7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fans",
        "fan chain",
        "--rounds",
        "--rounds 0",
        "--rounds x",
        "--size 4",
        "fan fan"
      })
  void what_is_not_understood_is_refused(String line) {
    assertThrows(IllegalArgumentException.class, () -> asked(line));
  }
}
