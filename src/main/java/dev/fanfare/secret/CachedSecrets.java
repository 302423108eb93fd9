package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Remembers what another store answered, in memory only. However many ask at once, the store behind
 * is asked once. A failure is not remembered.
 */
public final class CachedSecrets implements SecretStore {

  /** A changed secret is seen after this long at the latest. */
  public static final Duration KEPT = Duration.ofMinutes(5);

  /** So long nobody is asked again for a secret that was not there. */
  public static final Duration ABSENCE_KEPT = Duration.ofSeconds(5);

  private final SecretStore behind;
  private final LongSupplier nanos;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(Optional<String> value, long atNanos) {
    boolean isFresh(long now) {
      return now - atNanos < (value.isPresent() ? KEPT : ABSENCE_KEPT).toNanos();
    }
  }

  private final Map<String, Uni<Optional<String>>> asked = new ConcurrentHashMap<>();

  public CachedSecrets(SecretStore behind) {
    this(behind, System::nanoTime);
  }

  /**
   * @param nanos a clock that only goes forward
   */
  CachedSecrets(SecretStore behind, LongSupplier nanos) {
    this.behind = behind;
    this.nanos = nanos;
  }

  @Override
  public Uni<Optional<String>> value(String name) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Answer answer = answers.get(name);
              return answer != null && answer.isFresh(nanos.getAsLong())
                  ? Uni.createFrom().item(answer.value())
                  : asked.computeIfAbsent(name, this::ask);
            });
  }

  private Uni<Optional<String>> ask(String name) {
    return Uni.createFrom()
        .deferred(() -> behind.value(name))
        .onItem()
        .invoke(value -> answers.put(name, new Answer(value, nanos.getAsLong())))
        .onTermination()
        .invoke(() -> asked.remove(name))
        .memoize()
        .indefinitely();
  }

  @Override
  public List<String> places(String name) {
    return behind.places(name);
  }
}
