package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.fanfare.json.Json;
import dev.fanfare.testing.TestDatabase;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Odd values, written as the ledger writes them and read as the engine reads them. */
class EncodingTest {

  private static TestDatabase database;

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static @Nullable Object stored(@Nullable Object value) {
    Row row =
        database
            .pool()
            .preparedQuery("SELECT $1::text::json AS value")
            .execute(Tuple.of(Encoding.json(value)))
            .await()
            .atMost(Duration.ofSeconds(10))
            .iterator()
            .next();
    return RunReader.value(row, "value");
  }

  private static void assertKept(@Nullable Object value) {
    assertEquals(value, stored(value));
  }

  @Test
  void plain_values_come_back_as_they_were() {
    assertKept("text");
    assertKept("");
    assertKept("\u00fc \u20ac \ud83d\ude00 \" \\ / \n\t\u0001");
    assertKept(0L);
    assertKept(Long.MAX_VALUE);
    assertKept(Long.MIN_VALUE);
    assertKept(0.1);
    assertKept(-1.7976931348623157e308);
    assertKept(4.9e-324);
    assertKept(true);
    assertKept(false);
    assertKept(List.of());
    assertKept(Map.of());
    assertKept(List.of(1L, "1", 1.5, List.of(Map.of("a", List.of()))));
    assertNull(stored(null));
  }

  @Test
  void a_number_with_a_fraction_of_nothing_stays_a_floating_number() {
    assertKept(1.0);
    assertKept(1e15);
    assertKept(-0.0);
  }

  @Test
  void nulls_inside_a_value_stay() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", null);
    map.put("b", Collections.singletonList(null));
    assertKept(map);
  }

  @Test
  void keys_keep_their_order() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (String key : List.of("z", "a", "m", "B", "0", "")) {
      map.put(key, key);
    }
    assertEquals(String.valueOf(map), String.valueOf(stored(map)));
  }

  @Test
  void a_nul_becomes_a_replacement_character_and_what_looks_like_one_stays() {
    assertEquals("a\ufffdb", stored("a\0b"));
    assertEquals("\ufffd\ufffd", stored("\0\0"));
    assertKept("\\u0000");
    assertEquals("\\\ufffd", stored("\\\0"));
    assertKept("\\\\u0000");
    assertEquals(Map.of("k\ufffd", 1L), stored(Map.of("k\0", 1L)));
    assertEquals("a\ufffdb", Encoding.text("a\0b"));
  }

  @Test
  void half_a_surrogate_pair_can_be_stored() {
    assertEquals(3, String.valueOf(stored("a\ud800b")).length());
    assertEquals(3, String.valueOf(stored("a\udc00b")).length());
  }

  @Test
  void deep_nesting_comes_back() {
    Object deep = "x";
    for (int i = 0; i < 150; i++) {
      deep = i % 2 == 0 ? List.of(deep) : Map.of("k", deep);
    }
    assertKept(deep);
    assertEquals(deep, Json.parseOwn(Json.write(deep)));
  }

  @Test
  void numbers_that_json_does_not_know_are_text() {
    assertEquals("NaN", stored(Double.NaN));
    assertEquals("Infinity", stored(Double.POSITIVE_INFINITY));
  }

  @Test
  void a_null_column_and_the_null_of_json_differ_only_where_that_is_wanted() {
    assertNull(Encoding.json(null));
    assertEquals("null", Encoding.jsonOrNull(null));
  }
}
