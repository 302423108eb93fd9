package dev.fanfare.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretStoresTest {

  @TempDir Path folder;

  /** A store that asks a function, and counts. */
  private record Asking(Function<String, Uni<Optional<String>>> answer, AtomicInteger count)
      implements SecretStore {
    static Asking of(Function<String, Uni<Optional<String>>> answer) {
      return new Asking(answer, new AtomicInteger());
    }

    @Override
    public Uni<Optional<String>> value(String name) {
      count.incrementAndGet();
      return answer.apply(name);
    }

    @Override
    public List<String> places(String name) {
      return List.of("a test");
    }
  }

  private static Optional<String> get(SecretStore store, String name) {
    return store.value(name).await().atMost(Duration.ofSeconds(10));
  }

  private SecretStore file(String text) throws IOException {
    return new FileSecrets(Files.writeString(folder.resolve("secrets.env"), text), Runnable::run);
  }

  @Test
  void an_environment_variable_is_found_as_written_or_in_capitals() {
    SecretStore store =
        new EnvironmentSecrets(
            Map.of("FANFARE_SECRET_A", "1", "FANFARE_SECRET_B_C", "2", "FANFARE_SECRET_d", "3"));
    assertEquals(Optional.of("1"), get(store, "A"));
    assertEquals(Optional.of("2"), get(store, "b-c"));
    assertEquals(Optional.of("3"), get(store, "d"));
    assertEquals(Optional.empty(), get(store, "E"));
    assertEquals(List.of("the environment variable FANFARE_SECRET_B_C"), store.places("b-c"));
  }

  @Test
  void a_file_of_pairs_may_be_written_in_many_ways() throws IOException {
    SecretStore store =
        file(
            """
            # a comment
            PLAIN = a b # no comment
              export SPACED=x=y\t

            SINGLE='a "b" \\n $c'
            DOUBLE="a 'b'\\n\\"c\\" \\$d \\\\ \\x" # a comment
            LINES="-----BEGIN-----
            abc
            -----END-----"
            EMPTY=
            TWICE=1
            TWICE=2
            b-c=3
            LAST=end\
            """);
    assertEquals(Optional.of("a b # no comment"), get(store, "PLAIN"));
    assertEquals(Optional.of("x=y"), get(store, "SPACED"));
    assertEquals(Optional.of("a \"b\" \\n $c"), get(store, "SINGLE"));
    assertEquals(Optional.of("a 'b'\n\"c\" $d \\ \\x"), get(store, "DOUBLE"));
    assertEquals(Optional.of("-----BEGIN-----\nabc\n-----END-----"), get(store, "LINES"));
    assertEquals(Optional.of(""), get(store, "EMPTY"));
    assertEquals(Optional.of("2"), get(store, "TWICE"));
    assertEquals(Optional.of("3"), get(store, "b-c"));
    assertEquals(Optional.of("end"), get(store, "LAST"));
    assertEquals(Optional.empty(), get(store, "NONE"));
  }

  @Test
  void a_broken_file_is_told_by_its_line_and_never_by_what_stands_there() throws IOException {
    for (Map.Entry<String, String> broken :
        Map.of(
                "A=1\nhunter2\n", "line 2 is not NAME=value",
                "A=1\nB='hunter2\nC=3", "the quote in line 2 is not closed",
                "A=\"hunter2\" hunter2", "something follows the closing quote in line 1",
                "=hunter2", "line 1 is not NAME=value")
            .entrySet()) {
      SecretStore store = file(broken.getKey());
      String message =
          assertThrows(SecretUnavailableException.class, () -> get(store, "A")).getMessage();
      assertTrue(message.endsWith(broken.getValue()), message);
      assertFalse(message.contains("hunter2"), message);
    }
  }

  @Test
  void a_folder_has_a_file_for_each_secret_and_nothing_outside_is_read() throws IOException {
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    Files.writeString(folder.resolve("outside"), "no");
    Files.writeString(mounted.resolve("TOKEN"), "abc\n");
    Files.writeString(mounted.resolve("KEY"), "a\nb\n\n");
    Files.writeString(mounted.resolve("DOS"), "a\r\n");
    SecretStore store = new FileSecrets(mounted, Runnable::run);
    assertEquals(Optional.of("abc"), get(store, "TOKEN"));
    assertEquals(Optional.of("a\nb\n"), get(store, "KEY"));
    assertEquals(Optional.of("a"), get(store, "DOS"));
    assertEquals(Optional.empty(), get(store, "NONE"));
    assertEquals(Optional.empty(), get(store, "../outside"));
  }

  @Test
  void a_file_that_is_not_there_or_is_no_text_says_so() throws IOException {
    SecretStore missing = new FileSecrets(folder.resolve("none"), Runnable::run);
    assertTrue(
        assertThrows(SecretUnavailableException.class, () -> get(missing, "A"))
            .getMessage()
            .endsWith("none: it is not there"));
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'A', '=', (byte) 0xff});
    SecretStore store = new FileSecrets(binary, Runnable::run);
    assertTrue(
        assertThrows(SecretUnavailableException.class, () -> get(store, "A"))
            .getMessage()
            .endsWith("it is not UTF-8"));
  }

  @Test
  void the_first_store_that_has_a_secret_decides_and_a_failing_one_is_not_passed_over() {
    SecretStore first = new EnvironmentSecrets(Map.of("FANFARE_SECRET_A", "1"));
    Asking second = Asking.of(name -> Uni.createFrom().item(Optional.of("2")));
    SecretStore both = new LayeredSecrets(List.of(first, second));
    assertEquals(Optional.of("1"), get(both, "A"));
    assertEquals(0, second.count().get());
    assertEquals(Optional.of("2"), get(both, "B"));
    assertEquals(List.of("the environment variable FANFARE_SECRET_A", "a test"), both.places("A"));
    Asking broken =
        Asking.of(
            name -> Uni.createFrom().failure(new SecretUnavailableException(name, "x", "down")));
    SecretStore down = new LayeredSecrets(List.of(broken, first));
    assertThrows(SecretUnavailableException.class, () -> get(down, "A"));
  }

  @Test
  void a_value_is_remembered_for_five_minutes_and_its_absence_for_five_seconds() {
    AtomicLong now = new AtomicLong();
    List<Optional<String>> values = new ArrayList<>(List.of(Optional.empty(), Optional.of("1")));
    Asking asked =
        Asking.of(
            name ->
                Uni.createFrom().item(values.size() > 1 ? values.removeFirst() : values.get(0)));
    SecretStore cached = new CachedSecrets(asked, now::get);
    assertEquals(Optional.empty(), get(cached, "A"));
    assertEquals(Optional.empty(), get(cached, "A"));
    assertEquals(1, asked.count().get());
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    assertEquals(Optional.of("1"), get(cached, "A"));
    now.addAndGet(Duration.ofMinutes(4).toNanos());
    assertEquals(Optional.of("1"), get(cached, "A"));
    assertEquals(2, asked.count().get());
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(Optional.of("1"), get(cached, "A"));
    assertEquals(3, asked.count().get());
  }

  @Test
  void many_who_ask_at_once_ask_the_store_behind_once_and_a_failure_is_asked_again() {
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    List<CompletableFuture<Optional<String>>> answers = new ArrayList<>(List.of(answer));
    Asking asked = Asking.of(name -> Uni.createFrom().completionStage(() -> answers.getFirst()));
    SecretStore cached = new CachedSecrets(asked);
    List<CompletableFuture<Optional<String>>> asking = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asking.add(cached.value("A").subscribeAsCompletionStage());
    }
    answer.completeExceptionally(new SecretUnavailableException("A", "x", "down"));
    assertTrue(asking.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    assertEquals(1, asked.count().get());
    answers.set(0, CompletableFuture.completedFuture(Optional.of("1")));
    assertEquals(Optional.of("1"), get(cached, "A"));
    assertEquals(2, asked.count().get());
  }
}
