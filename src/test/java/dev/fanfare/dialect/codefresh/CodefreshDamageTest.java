package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Imported;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Real files whose lines and words were mixed up: each is read or refused, and never more. */
class CodefreshDamageTest {

  private static final Path FILES = Path.of("src", "test", "resources", "dialects", "codefresh");
  private static final Duration BUDGET = Duration.ofSeconds(3);
  private static final int MAX_ROUNDS = 3_000;

  private static final List<String> WORDS =
      List.of(
          "null",
          "[]",
          "{}",
          "true",
          "3",
          "[a, [b]]",
          "{ a: { b: c } }",
          "'${{steps.x.result}}'",
          "${{",
          "parallel",
          "pending-approval",
          "codefresh-run",
          "main_clone",
          "[finished]",
          "{ all: { x: \"a == 'b'\" } }",
          "'/(?=x)/'",
          "1.5m",
          "''");

  @Test
  void whatever_stands_in_a_file_is_read_or_refused_with_a_place() throws IOException {
    long seed = Long.getLong("fanfare.test.seed", System.nanoTime());
    System.out.println("seed of the damage: " + seed + " (repeat with -Dfanfare.test.seed)");
    Random random = new Random(seed);
    List<List<String>> files = files();
    long end = System.nanoTime() + BUDGET.toNanos();
    int rounds = 0;
    while (rounds < MAX_ROUNDS && System.nanoTime() < end) {
      List<String> lines = new ArrayList<>(files.get(random.nextInt(files.size())));
      for (int i = random.nextInt(4); i >= 0 && lines.size() > 2; i--) {
        damage(lines, files, random);
      }
      check(String.join("\n", lines) + "\n");
      rounds++;
    }
    assertTrue(rounds > 50, "only " + rounds + " files in the time given");
  }

  private static List<List<String>> files() throws IOException {
    try (Stream<Path> all = Files.list(FILES)) {
      return all.sorted().map(CodefreshDamageTest::lines).toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void damage(List<String> lines, List<List<String>> files, Random random) {
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    int colon = line.indexOf(':');
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> {
        List<String> other = files.get(random.nextInt(files.size()));
        lines.add(at, other.get(random.nextInt(other.size())));
      }
      case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
      case 3 -> lines.set(at, "  " + line);
      default -> {
        String word = WORDS.get(random.nextInt(WORDS.size()));
        lines.set(at, (colon < 0 ? "  - " : line.substring(0, colon + 1) + " ") + word);
      }
    }
  }

  private static void check(String text) {
    Imported imported =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Reading.file(text), text);
    for (Diagnostic found : imported.diagnostics()) {
      assertTrue(found.span().line() > 0, () -> found.oneLine() + "\n" + text);
    }
    boolean refused = imported.diagnostics().stream().anyMatch(Diagnostic::isError);
    assertEquals(!refused, imported.workflow().isPresent(), text);
    imported.workflow().ifPresent(workflow -> compiles(workflow, text));
  }

  /** What the graph finds is said, too; expressions that were written here are never at fault. */
  private static void compiles(Workflow workflow, String text) {
    GraphCompiler.compile(workflow, CompileInputs.NONE)
        .diagnostics()
        .forEach(
            found -> assertTrue(!found.code().startsWith("expression"), () -> found + "\n" + text));
  }
}
