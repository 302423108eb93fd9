package dev.fanfare.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, PT0.25S",
    "30s, PT30S",
    "15m, PT15M",
    "24h, PT24H",
    "7d, PT168H",
    "1h30m, PT1H30M",
    "1h 30m 5s, PT1H30M5S",
    "1.5h, PT1H30M",
    "1m500ms, PT1M0.5S",
    "45, PT45S",
    "0.5, PT0.5S",
    "0, PT0S",
    "PT30S, PT30S",
    "P1DT1H, PT25H",
    "' 10s ', PT10S"
  })
  void a_duration_reads_as_people_write_it(String text, Duration expected) {
    assertEquals(Optional.of(expected), DurationText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "5x",
        "-5s",
        "1m1h",
        "1h1h",
        "5 s s",
        "PT-5S",
        "P",
        "99999999999999999999d",
        "36501d",
        "1e3",
        "five",
        "1:30",
        "PT876000001H"
      })
  void what_is_no_duration_yields_nothing(String text) {
    assertEquals(Optional.empty(), DurationText.parse(text));
  }
}
