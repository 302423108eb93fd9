package dev.fanfare.dialects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.key.KeyRule;
import dev.fanfare.dialect.key.KeyTable;
import dev.fanfare.dialect.key.KeyUse;
import dev.fanfare.dialect.key.Treatment;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import dev.fanfare.dialect.yaml.YamlReader;
import dev.fanfare.dialects.ForeignFiles.Foreign;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Files of other systems, damaged at random: nothing that a person can write ends in an exception
 * or a hang, no key goes without a word, and the same file always means the same.
 *
 * <p>{@code -Dfanfare.test.seed=N} repeats a run, {@code -Dfanfare.fuzz.seconds=N} makes a long
 * one.
 */
class MutatedForeignFilesTest {

  private static final String UNKNOWN = "zzunknown";
  private static final Duration BUDGET =
      Duration.ofSeconds(Long.getLong("fanfare.fuzz.seconds", 6));
  private static final int MAX_ROUNDS = 1_000_000;
  private static final long PATIENCE_SECONDS = 10;
  private static final ExecutorService READER =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "reader");
            thread.setDaemon(true);
            return thread;
          });

  @AfterAll
  static void stop() {
    READER.shutdownNow();
  }

  @Test
  void no_damage_ends_in_an_exception_a_hang_or_a_key_without_a_word() throws Exception {
    long seed = Long.getLong("fanfare.test.seed", System.nanoTime());
    System.out.println("seed of the damage: " + seed + " (repeat with -Dfanfare.test.seed)");
    Random random = new Random(seed);
    List<Foreign> files = ForeignFiles.all();
    List<String> texts = files.stream().map(Foreign::text).toList();
    List<Optional<String>> dialects = dialects();
    long end = System.nanoTime() + BUDGET.toNanos();
    int rounds = 0;
    while (rounds < MAX_ROUNDS && System.nanoTime() < end) {
      Foreign file = files.get(random.nextInt(files.size()));
      String damaged = new Damage(random.nextLong()).of(file.text(), texts);
      Optional<String> dialect =
          random.nextInt(3) == 0
              ? dialects.get(random.nextInt(dialects.size()))
              : Optional.of(file.dialect());
      check(new Foreign(file.dialect(), file.name(), damaged), dialect, inputs(random));
      rounds++;
    }
    System.out.println(rounds + " damaged files");
    assertTrue(rounds > 100, "only " + rounds + " files in the time given");
  }

  @Test
  void every_file_as_it_stands_is_read_and_compiled_the_same_each_time() throws Exception {
    for (Foreign file : ForeignFiles.all()) {
      for (Optional<String> dialect : dialects()) {
        check(file, dialect, ImportInputs.none());
      }
    }
  }

  /** Wherever a mapping of the dialect stands, a key that it does not have is named. */
  @Test
  void a_key_that_a_dialect_does_not_have_is_named_wherever_it_stands() throws Exception {
    for (Foreign file : ForeignFiles.all()) {
      Imported imported = read(file, Optional.of(file.dialect()), ImportInputs.none());
      KeyTable table = table(imported.dialect());
      Set<SourceSpan> places = new HashSet<>();
      for (KeyUse use : imported.keys()) {
        if (isClosed(table, use.rule())) {
          places.add(use.span());
        }
      }
      for (SourceSpan place : places) {
        String changed = withKeyAt(file.text(), place);
        if (!changed.isEmpty()) {
          Foreign with = new Foreign(file.dialect(), file.name(), changed);
          assertNamed(read(with, Optional.of(file.dialect()), ImportInputs.none()), with, place);
        }
      }
    }
  }

  private static void assertNamed(Imported imported, Foreign file, SourceSpan place) {
    boolean named =
        imported.diagnostics().stream()
            .anyMatch(
                found ->
                    found.message().contains(UNKNOWN) || found.code().equals("too-many-problems"));
    assertTrue(named, () -> "nothing is said of the key at " + place + " of\n" + file.text());
  }

  /** Whether the mapping that a rule's key stands in has no place for other names. */
  private static boolean isClosed(KeyTable table, KeyRule rule) {
    return !rule.key().equals(KeyTable.ANY)
        && rule.treatment() != Treatment.REPORTED
        && table
            .rule(rule.section(), UNKNOWN)
            .filter(any -> any.treatment() != Treatment.REPORTED)
            .isEmpty();
  }

  /** The text with an unknown key before the one at a place; empty where that cannot be written. */
  private static String withKeyAt(String text, SourceSpan place) {
    String[] lines = text.split("\n", -1);
    if (place.line() < 1 || place.line() > lines.length) {
      return "";
    }
    String line = lines[place.line() - 1];
    int column = place.column() - 1;
    if (column > line.length() || line.indexOf('\t') >= 0 || line.indexOf('\u00a0') >= 0) {
      return "";
    }
    String before = line.substring(0, column);
    String rest = line.substring(column);
    boolean flow = before.stripTrailing().endsWith("{") || before.stripTrailing().endsWith(",");
    boolean block = before.replaceAll("[- ]", "").isEmpty();
    if (!flow && !block) {
      return "";
    }
    lines[place.line() - 1] =
        before + UNKNOWN + ": 1" + (flow ? ", " : "\n" + " ".repeat(column)) + rest;
    return String.join("\n", lines);
  }

  private static List<Optional<String>> dialects() {
    List<Optional<String>> dialects = new ArrayList<>(List.of(Optional.empty()));
    Dialects.names().forEach(name -> dialects.add(Optional.of(name)));
    return dialects;
  }

  private static ImportInputs inputs(Random random) {
    if (random.nextBoolean()) {
      return ImportInputs.none();
    }
    Map<String, Object> run = new HashMap<>(Map.of("branch", "main", "trigger", "webhook"));
    return ImportInputs.of(
        Map.of("name", "x", "count", 3L), Map.of("ref", "x"), run, Map.of("HOME", "/root"));
  }

  private static void check(Foreign file, Optional<String> dialect, ImportInputs inputs)
      throws InterruptedException {
    Imported imported = read(file, dialect, inputs);
    boolean error = imported.diagnostics().stream().anyMatch(Diagnostic::isError);
    if (error == imported.workflow().isPresent()) {
      fail(shown("an error and a workflow, or neither", file, dialect));
    }
    for (Diagnostic found : imported.diagnostics()) {
      boolean placed = found.span().line() >= 1 && found.span().column() >= 1;
      if (!placed && !found.code().equals("unknown-dialect")) {
        fail(shown("no place: " + found.oneLine(), file, dialect));
      }
    }
    checkKeys(imported, file, dialect);
    Imported again = read(file, dialect, ImportInputs.from(imported.read()));
    assertEquals(
        imported.diagnostics(), again.diagnostics(), () -> shown("said twice", file, dialect));
    assertEquals(imported.workflow(), again.workflow(), () -> shown("read twice", file, dialect));
  }

  /**
   * Each key is in the account or in a finding, or in a mapping of which no key is in the account
   * and that is below a key that is: a value that was read as a whole. Where the file is refused
   * nothing of it counts, so nothing can be dropped quietly.
   */
  private static void checkKeys(Imported imported, Foreign file, Optional<String> dialect) {
    boolean own = imported.dialect().equals("fanfare") || imported.dialect().equals("unknown");
    boolean many =
        imported.diagnostics().stream().anyMatch(d -> d.code().equals("too-many-problems"));
    if (own || many || imported.keys().isEmpty() || imported.workflow().isEmpty()) {
      return;
    }
    Set<SourceSpan> read = new HashSet<>();
    imported.keys().forEach(use -> read.add(use.span()));
    Set<SourceSpan> found = new HashSet<>();
    imported.diagnostics().forEach(each -> found.add(each.span()));
    for (YamlNode root : YamlReader.readAll(file.text().getBytes(UTF_8)).roots()) {
      checkKeys(root, false, new Said(read, found), file, dialect);
    }
  }

  /**
   * Places of which something is said.
   *
   * @param read keys in the account
   * @param found of findings, which stand at a key, at its value, or at the mapping around it
   */
  private record Said(Set<SourceSpan> read, Set<SourceSpan> found) {
    boolean of(Mapping map, Entry entry) {
      return read.contains(entry.keySpan())
          || found.contains(entry.keySpan())
          || found.contains(entry.value().span())
          || found.contains(map.span());
    }
  }

  private static void checkKeys(
      YamlNode node, boolean below, Said said, Foreign file, Optional<String> dialect) {
    switch (node) {
      case Mapping map -> {
        boolean section =
            map.entries().stream().anyMatch(entry -> said.read().contains(entry.keySpan()));
        for (Entry entry : map.entries()) {
          boolean accounted = said.of(map, entry) || (below && !section);
          if (!accounted) {
            fail(shown("nothing of '" + entry.key() + "' " + entry.keySpan(), file, dialect));
          }
          checkKeys(entry.value(), accounted, said, file, dialect);
        }
      }
      case Sequence list ->
          list.items()
              .forEach(
                  item ->
                      checkKeys(
                          item, below || said.found().contains(list.span()), said, file, dialect));
      case Scalar ignored -> {}
    }
  }

  /** Reads and compiles, within bounds of time. */
  private static Imported read(Foreign file, Optional<String> dialect, ImportInputs inputs)
      throws InterruptedException {
    Future<Imported> reading =
        READER.submit(
            () -> {
              Imported imported =
                  Dialects.read(file.text().getBytes(UTF_8), file.name(), dialect, inputs);
              imported
                  .workflow()
                  .ifPresent(workflow -> GraphCompiler.compile(workflow, CompileInputs.NONE));
              return imported;
            });
    try {
      return reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(shown("hangs", file, dialect), e);
    } catch (ExecutionException e) {
      String trace =
          Arrays.stream(e.getCause().getStackTrace())
              .limit(8)
              .map(String::valueOf)
              .reduce("", (all, one) -> all + "\n  " + one);
      throw new AssertionError(shown(e.getCause() + trace, file, dialect), e);
    }
  }

  private static String shown(String what, Foreign file, Optional<String> dialect) {
    return what
        + "\nfor "
        + dialect.orElse("any dialect")
        + ", file "
        + file.name()
        + ":\n"
        + file.text().replace("\0", "\\0");
  }

  private static KeyTable table(String dialect) {
    return Dialects.all().stream()
        .filter(each -> each.name().equals(dialect))
        .findFirst()
        .map(Dialect::keys)
        .orElse(KeyTable.NONE);
  }
}
