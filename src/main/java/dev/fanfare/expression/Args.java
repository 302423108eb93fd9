package dev.fanfare.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, of the kinds that its overload declares, and the budget to charge. */
final class Args {

  private final Budget budget;
  private final @Nullable Object[] values;

  Args(Budget budget, @Nullable Object[] values) {
    this.budget = budget;
    this.values = values;
  }

  Budget budget() {
    return budget;
  }

  int size() {
    return values.length;
  }

  @Nullable Object any(int index) {
    return values[index];
  }

  private Object some(int index) {
    return Objects.requireNonNull(values[index]);
  }

  String text(int index) {
    return (String) some(index);
  }

  boolean bool(int index) {
    return (Boolean) some(index);
  }

  long whole(int index) {
    return (Long) some(index);
  }

  double decimal(int index) {
    return ((Number) some(index)).doubleValue();
  }

  Bytes bytes(int index) {
    return (Bytes) some(index);
  }

  List<?> list(int index) {
    return (List<?>) some(index);
  }

  Map<?, ?> map(int index) {
    return (Map<?, ?>) some(index);
  }

  Instant instant(int index) {
    return (Instant) some(index);
  }

  Duration duration(int index) {
    return (Duration) some(index);
  }
}
