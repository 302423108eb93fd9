package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands values out to steps, and covers all that it has ever handed out. Safe for use by many
 * threads.
 */
public final class Vault {

  /** Most characters of a value: what AWS Secrets Manager keeps at most. */
  public static final int LONGEST = 64 << 10;

  /** So long a secret is waited for where it is to be covered, not used. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Fewer characters are not covered in what comes from outside. */
  static final int CAREFUL = 8;

  private static final long PAUSE = Duration.ofMinutes(1).toNanos();

  /** Values of one secret that are covered: a secret that was changed is still in some file. */
  private static final int REMEMBERED = 8;

  private static final int MASKERS = 64;

  private static final System.Logger LOG = System.getLogger(Vault.class.getName());

  private final SecretStore store;
  private final Map<String, Deque<String>> seen = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  // Guarded by itself.
  private final Map<List<String>, Masker> maskers =
      new LinkedHashMap<>(MASKERS, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Masker> eldest) {
          return size() > MASKERS;
        }
      };

  public Vault(SecretStore store) {
    this.store = store;
  }

  /** The values of secrets by their names. Fails with {@link SecretException}. */
  public Uni<Map<String, String>> values(Collection<String> names) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    List<String> each = List.copyOf(names);
    return Uni.join()
        .all(each.stream().map(this::value).toList())
        .andFailFast()
        .map(
            found -> {
              Map<String, String> values = new LinkedHashMap<>();
              for (int i = 0; i < each.size(); i++) {
                values.put(each.get(i), found.get(i));
              }
              return values;
            });
  }

  private Uni<String> value(String name) {
    return store
        .value(name)
        .map(found -> usable(name, found))
        .onFailure(failure -> !(failure instanceof SecretException))
        .transform(failure -> unavailable(name, failure));
  }

  private String usable(String name, Optional<String> found) {
    answered.add(name);
    if (found.isEmpty()) {
      List<String> places = store.places(name);
      String looked =
          places.isEmpty() ? "No place for secrets is configured." : "Looked in " + join(places);
      throw new SecretException(
          "secret_not_found", name, "There is no secret %s. %s".formatted(name, looked));
    }
    String value = found.get();
    if (value.length() < Masker.SHORTEST || value.isBlank() || value.length() > LONGEST) {
      throw new SecretException(
          "secret_invalid",
          name,
          ("The value of the secret %s has %d characters. It must have %d to %d and be more than"
                  + " blanks, else it cannot be covered in logs.")
              .formatted(name, value.length(), Masker.SHORTEST, LONGEST));
    }
    remember(name, value);
    return value;
  }

  private static String join(List<String> places) {
    return String.join(", ", places) + ".";
  }

  /** The message of an exception that is not ours may hold anything. */
  private static SecretException unavailable(String name, Throwable failure) {
    String message =
        failure instanceof SecretUnavailableException known
            ? String.valueOf(known.getMessage())
            : "The secret %s cannot be read: %s"
                .formatted(name, failure.getClass().getSimpleName());
    return new SecretException("secret_unavailable", name, message + ".");
  }

  private void remember(String name, String value) {
    ProcessSecrets.add(value);
    Deque<String> values = seen.computeIfAbsent(name, key -> new ArrayDeque<>());
    synchronized (values) {
      if (!value.equals(values.peekFirst())) {
        values.remove(value);
        values.addFirst(value);
        if (values.size() > REMEMBERED) {
          values.removeLast();
        }
      }
    }
  }

  /**
   * Covers the values that these secrets have, and had since this process has begun. Never fails: a
   * secret that cannot be read now is covered as far as it is known.
   */
  public Uni<Masker> masker(Collection<String> names) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(Masker.NONE);
    }
    return Uni.join()
        .all(names.stream().map(this::looked).toList())
        .andFailFast()
        .map(done -> known(names, Masker.SHORTEST));
  }

  /** Has looked a secret up, whatever came of it. */
  private Uni<Boolean> looked(String name) {
    return value(name)
        .onFailure()
        .invoke(failure -> notCovered(name, failure))
        .map(value -> true)
        .onFailure()
        .recoverWithItem(false);
  }

  private void notCovered(String name, Throwable failure) {
    boolean isThere =
        failure instanceof SecretException known && !known.code().equals("secret_not_found");
    if (isThere && warned.add(name)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The secret {0} may not be covered in what is logged and stored: {1}",
          name,
          failure.getMessage());
    }
  }

  /**
   * Covers what comes from outside: the values that this process knows by now. Only those of {@link
   * #CAREFUL} characters at least, since what comes from outside decides what a run does: a secret
   * {@code prod} must not change a parameter {@code production}.
   */
  public Masker known(Collection<String> names) {
    return known(names, CAREFUL);
  }

  /**
   * Looks secrets up that this process has never seen, so that {@link #known} covers them. Blocks,
   * at most {@link #PATIENCE}, and not again for a minute where it was in vain.
   */
  public void acquaint(Collection<String> names) {
    long now = System.nanoTime();
    boolean due =
        names.stream()
            .filter(name -> !answered.contains(name))
            .anyMatch(name -> now - asked.getOrDefault(name, now - PAUSE) >= PAUSE);
    if (due) {
      names.forEach(name -> asked.put(name, now));
      masker(names).ifNoItem().after(PATIENCE).recoverWithItem(Masker.NONE).await().indefinitely();
    }
  }

  private Masker known(Collection<String> names, int shortest) {
    TreeSet<String> values = new TreeSet<>();
    for (String name : names) {
      Deque<String> of = seen.get(name);
      if (of != null) {
        synchronized (of) {
          of.stream().filter(value -> value.length() >= shortest).forEach(values::add);
        }
      }
    }
    List<String> key = List.copyOf(values);
    synchronized (maskers) {
      return maskers.computeIfAbsent(key, Masker::of);
    }
  }

  @Override
  public String toString() {
    return "Vault" + seen.keySet();
  }
}
