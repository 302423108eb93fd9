package dev.fanfare.function.flow;

import dev.fanfare.dsl.FlowException;
import dev.fanfare.dsl.State;
import dev.fanfare.dsl.Value;
import dev.fanfare.json.Typed;
import dev.fanfare.store.StateStore;
import dev.fanfare.work.Yield;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of one scope, in the database. */
final class StoredState implements State {

  private static final int LONGEST_KEY = 512;

  private final StateStore store;
  private final String scope;

  StoredState(StateStore store, String scope) {
    this.store = store;
    this.scope = scope;
  }

  @Override
  public Optional<Value> get(String key) {
    return FlowHost.get(store.get(scope, checked(key)))
        .map(found -> Value.of(found.value(), "the value of '" + key + "'"));
  }

  @Override
  public void set(String key, @Nullable Object value) {
    put(key, value, Optional.empty());
  }

  @Override
  public void set(String key, @Nullable Object value, Duration ttl) {
    if (ttl.isNegative() || ttl.isZero()) {
      throw new FlowException("the ttl of '" + key + "' is " + ttl + "; it has to be positive");
    }
    put(key, value, Optional.of(ttl));
  }

  private void put(String key, @Nullable Object value, Optional<Duration> ttl) {
    Object plain = Typed.plain(value instanceof Value wrapped ? wrapped.raw() : value);
    if (!Yield.fits(plain)) {
      throw new FlowException(
          "the value of '" + key + "' is too large: at most 256 KiB and 100 levels");
    }
    FlowHost.get(store.set(scope, checked(key), plain, ttl));
  }

  @Override
  public long incr(String key, long by) {
    return FlowHost.get(store.increment(scope, checked(key), by))
        .orElseThrow(() -> new FlowException("the value of '" + key + "' is no whole number"));
  }

  @Override
  public boolean delete(String key) {
    return FlowHost.get(store.delete(scope, checked(key)));
  }

  private static String checked(String key) {
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      throw new FlowException("a key of the state has 1 to " + LONGEST_KEY + " characters");
    }
    return key;
  }
}
