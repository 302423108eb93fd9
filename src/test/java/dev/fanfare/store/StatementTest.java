package dev.fanfare.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementTest {

  @Test
  void names_become_numbers_in_the_order_of_their_first_use() {
    Statement statement = new Statement("SELECT {b}, {a}::text[], {b} WHERE '{}' = '{A}'");
    assertEquals("SELECT $1, $2::text[], $1 WHERE '{}' = '{A}'", statement.sql());
    Tuple bound = statement.bind(new Statement.Values().put("a", "x").put("b", 7).put("c", 0));
    assertEquals(2, bound.size());
    assertEquals(7, bound.getValue(0));
    assertEquals("x", bound.getValue(1));
  }

  @Test
  void a_name_without_a_value_is_refused_and_a_null_is_a_value() {
    Statement statement = new Statement("SELECT {a}");
    assertThrows(
        IllegalArgumentException.class, () -> statement.bind(new Statement.Values().put("b", 1)));
    assertEquals(1, statement.bind(new Statement.Values().put("a", null)).size());
  }

  @Test
  void rows_become_one_array_a_column() {
    List<String> rows = List.of("x", "yy");
    Statement statement = new Statement("{t} {i} {n} {l}");
    Tuple bound =
        statement.bind(
            new Statement.Values()
                .texts("t", rows, row -> row.equals("x") ? null : row)
                .ints("i", rows, String::length)
                .integers("n", rows, row -> row.equals("x") ? null : 1)
                .longs("l", rows, row -> 10L * row.length()));
    assertArrayEquals(new String[] {null, "yy"}, (Object[]) bound.getValue(0));
    assertArrayEquals(new Integer[] {1, 2}, (Object[]) bound.getValue(1));
    assertArrayEquals(new Integer[] {null, 1}, (Object[]) bound.getValue(2));
    assertArrayEquals(new Long[] {10L, 20L}, (Object[]) bound.getValue(3));
  }
}
