package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.key.KeyRule;
import dev.fanfare.dialect.key.Treatment;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/dialects.md} are made from the importers' tables of keys and from the
 * tests that say which keys they show.
 */
class ConformancePageTest {

  private static final Path PAGE = Path.of("docs", "dialects.md");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final String BEGIN = "<!-- keys: generated -->\n";
  private static final String END = "<!-- end of keys -->";
  private static final String WRITE =
      "scripts/test -Dtest=ConformancePageTest -Dfanfare.dialects=write";

  @Test
  void every_key_is_shown_by_a_test_and_every_shown_key_is_one() throws Exception {
    Map<String, TreeSet<String>> shown = shown();
    Set<String> known = new TreeSet<>();
    for (Dialect dialect : Dialects.all()) {
      dialect.keys().rules().forEach(rule -> known.add(dialect.name() + " " + rule.id()));
    }
    Set<String> unshown = new TreeSet<>(known);
    unshown.removeAll(shown.keySet());
    Set<String> unknown = new TreeSet<>(shown.keySet());
    unknown.removeAll(known);

    assertEquals(Set.of(), unshown, "keys that no test shows");
    assertEquals(Set.of(), unknown, "tests show keys that no table has");
  }

  @Test
  void the_page_says_what_the_tables_and_the_tests_say() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    assertTrue(from >= BEGIN.length() && to >= from, PAGE + " has no place for the tables");
    String tables = tables();
    if (System.getProperty("fanfare.dialects", "").equals("write")) {
      Files.writeString(PAGE, page.substring(0, from) + tables + page.substring(to));
      return;
    }
    assertEquals(page.substring(from, to), tables, "the keys have changed. Run " + WRITE);
  }

  private static String tables() throws Exception {
    Map<String, TreeSet<String>> shown = shown();
    StringBuilder text = new StringBuilder();
    for (Dialect dialect : Dialects.all()) {
      List<KeyRule> rules = dialect.keys().rules();
      if (rules.isEmpty()) {
        continue;
      }
      text.append("\n## ").append(dialect.name()).append("\n\n").append(counts(rules));
      for (String section : dialect.keys().sections()) {
        text.append("\n### ").append(dialect.name()).append(": ").append(section).append("\n\n");
        text.append("| key | | what becomes of it | shown by |\n|---|---|---|---|\n");
        rules.stream()
            .filter(rule -> rule.section().equals(section))
            .forEach(rule -> text.append(row(rule, shown.get(dialect.name() + " " + rule.id()))));
      }
    }
    return text.append('\n').toString();
  }

  private static String counts(List<KeyRule> rules) {
    Map<Treatment, Long> counts =
        rules.stream()
            .collect(
                Collectors.groupingBy(KeyRule::treatment, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey().id())
            .collect(Collectors.joining(", ", rules.size() + " keys: ", ""))
        + ".\n";
  }

  private static String row(KeyRule rule, TreeSet<String> tests) {
    String key = rule.key().equals("*") ? "any name" : "`" + rule.key() + "`";
    String treatment =
        rule.treatment() == Treatment.REPORTED
            ? "reported, " + rule.severity().name().toLowerCase(Locale.ROOT)
            : rule.treatment().id();
    String first = tests == null || tests.isEmpty() ? "" : "`" + tests.first() + "`";
    int more = tests == null ? 0 : tests.size() - 1;
    return "| "
        + key
        + " | "
        + treatment
        + " | "
        + rule.becomes().replace("|", "\\|")
        + " | "
        + first
        + (more > 0 ? " and " + more + " more" : "")
        + " |\n";
  }

  /** Tests by the dialect and rule they show. */
  private static Map<String, TreeSet<String>> shown() throws Exception {
    Map<String, TreeSet<String>> shown = new TreeMap<>();
    for (Class<?> type : testClasses()) {
      note(shown, type, type, type.getSimpleName());
      for (Method method : type.getDeclaredMethods()) {
        note(shown, method, type, type.getSimpleName() + "." + method.getName());
      }
    }
    return shown;
  }

  private static void note(
      Map<String, TreeSet<String>> shown, AnnotatedElement element, Class<?> type, String test) {
    Shows shows = element.getAnnotation(Shows.class);
    if (shows == null) {
      return;
    }
    String dialect = shows.dialect().isEmpty() ? dialectOf(type) : shows.dialect();
    for (String rule : shows.value()) {
      shown.computeIfAbsent(dialect + " " + rule, ignored -> new TreeSet<>(ORDER)).add(test);
    }
  }

  /** The shortest name first: a case of its own says more than a class. */
  private static final Comparator<String> ORDER =
      Comparator.comparing((String test) -> !test.contains(".")).thenComparing(test -> test);

  private static String dialectOf(Class<?> type) {
    String where = (type.getPackageName() + "." + type.getSimpleName()).toLowerCase(Locale.ROOT);
    return Dialects.names().stream()
        .filter(name -> !name.equals("fanfare"))
        .filter(
            name ->
                where.startsWith("dev.fanfare.dialect." + name + ".")
                    || where.startsWith("dev.fanfare.dialects." + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " does not say which dialect it shows"));
  }

  private static List<Class<?>> testClasses() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (String room : Arrays.asList("dev/fanfare/dialect", "dev/fanfare/dialects")) {
      try (Stream<Path> files = Files.walk(TESTS.resolve(room))) {
        for (Path file : files.filter(ConformancePageTest::isTest).sorted().toList()) {
          types.add(Class.forName(className(file)));
        }
      }
    }
    return types;
  }

  private static boolean isTest(Path file) {
    return file.toString().endsWith("Test.java");
  }

  private static String className(Path file) {
    String path = TESTS.relativize(file).toString();
    return path.substring(0, path.length() - ".java".length()).replace('/', '.').replace('\\', '.');
  }
}
