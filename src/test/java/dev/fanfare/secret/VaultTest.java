package dev.fanfare.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VaultTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, Uni<Optional<String>>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final Vault vault =
      new Vault(
          new SecretStore() {
            @Override
            public Uni<Optional<String>> value(String name) {
              asked.incrementAndGet();
              return answers.getOrDefault(name, Uni.createFrom().item(Optional.empty()));
            }

            @Override
            public List<String> places(String name) {
              return List.of("the drawer", "the safe");
            }
          });

  private void has(String name, String value) {
    answers.put(name, Uni.createFrom().item(Optional.of(value)));
  }

  private SecretException refused(String... names) {
    SecretException refusal =
        assertThrows(
            SecretException.class, () -> vault.values(List.of(names)).await().atMost(PATIENCE));
    assertFalse(String.valueOf(refusal.getMessage()).contains("hunter2"));
    return refusal;
  }

  private String masked(String text, String... names) {
    return vault.masker(List.of(names)).await().atMost(PATIENCE).mask(text);
  }

  @Test
  void values_come_by_their_names() {
    has("A", "hunter2");
    has("B", "swordfish");
    assertEquals(
        Map.of("A", "hunter2", "B", "swordfish"),
        vault.values(List.of("A", "B")).await().atMost(PATIENCE));
    assertEquals(Map.of(), vault.values(List.of()).await().atMost(PATIENCE));
  }

  @Test
  void a_secret_that_nobody_has_is_told_with_where_it_was_looked_for() {
    has("A", "hunter2");
    SecretException refusal = refused("A", "NONE");
    assertEquals("secret_not_found", refusal.code());
    assertEquals("NONE", refusal.name());
    assertEquals("There is no secret NONE. Looked in the drawer, the safe.", refusal.getMessage());
    assertEquals(
        "There is no secret X. No place for secrets is configured.",
        assertThrows(
                SecretException.class,
                () -> new Vault(SecretStore.NONE).values(List.of("X")).await().atMost(PATIENCE))
            .getMessage());
  }

  @Test
  void what_cannot_be_covered_is_refused_by_its_length() {
    for (String value : List.of("", "abc", "        ", "x".repeat(Vault.LONGEST + 1))) {
      has("A", value);
      SecretException refusal = refused("A");
      assertEquals("secret_invalid", refusal.code());
      assertEquals(
          "The value of the secret A has "
              + value.length()
              + " characters. It must have 4 to 65536 and be more than blanks, else it cannot be"
              + " covered in logs.",
          refusal.getMessage());
    }
  }

  @Test
  void a_place_that_fails_is_told_without_what_a_foreign_exception_says() {
    answers.put(
        "A",
        Uni.createFrom().failure(new SecretUnavailableException("A", "the safe", "it is stuck")));
    SecretException known = refused("A");
    assertEquals("secret_unavailable", known.code());
    assertEquals("The secret A cannot be read from the safe: it is stuck.", known.getMessage());
    answers.put("A", Uni.createFrom().failure(new IllegalStateException("got hunter2")));
    assertEquals("The secret A cannot be read: IllegalStateException.", refused("A").getMessage());
  }

  @Test
  void values_that_a_secret_once_had_stay_covered_also_while_it_cannot_be_read() {
    has("A", "hunter2");
    assertEquals("*** swordfish", masked("hunter2 swordfish", "A"));
    has("A", "swordfish");
    assertEquals("*** ***", masked("hunter2 swordfish", "A"));
    answers.put("A", Uni.createFrom().failure(new IllegalStateException("down")));
    assertEquals("*** ***", masked("hunter2 swordfish", "A"));
    assertEquals("hunter2", masked("hunter2", "B"));
    assertEquals("hunter2", masked("hunter2"));
  }

  @Test
  void what_comes_from_outside_is_covered_where_a_value_is_long_enough_to_be_no_word() {
    has("A", "prod");
    has("B", "correct-horse");
    assertEquals("*** ***", masked("prod correct-horse", "A", "B"));
    assertEquals("prod ***", vault.known(List.of("A", "B")).mask("prod correct-horse"));
  }

  @Test
  void secrets_are_looked_up_once_for_what_comes_from_outside() {
    has("A", "correct-horse");
    vault.acquaint(List.of("A", "NONE"));
    assertEquals("***", vault.known(List.of("A")).mask("correct-horse"));
    int once = asked.get();
    vault.acquaint(List.of("A", "NONE"));
    assertEquals(once, asked.get());
    answers.put("C", Uni.createFrom().failure(new IllegalStateException("down")));
    vault.acquaint(List.of("C"));
    vault.acquaint(List.of("C"));
    assertEquals(once + 1, asked.get());
  }

  @Test
  void a_place_that_does_not_answer_holds_nobody_up_for_long() {
    answers.put("A", Uni.createFrom().nothing());
    vault.acquaint(List.of("A"));
    assertEquals("x", vault.known(List.of("A")).mask("x"));
  }

  @Test
  void a_vault_prints_names_only() {
    has("A", "hunter2");
    masked("", "A");
    assertEquals("Vault[A]", vault.toString());
  }
}
