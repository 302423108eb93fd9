package dev.fanfare.store;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rows as lists of something. */
final class Queries {

  private Queries() {}

  static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
    List<T> list = new ArrayList<>(rows.rowCount());
    for (Row row : rows) {
      list.add(read.apply(row));
    }
    return list;
  }

  static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> read) {
    var iterator = rows.iterator();
    return iterator.hasNext() ? Optional.of(read.apply(iterator.next())) : Optional.empty();
  }
}
