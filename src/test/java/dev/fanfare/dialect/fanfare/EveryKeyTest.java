package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every key with files that are right and files that are wrong, out of {@code keys.txt}.
 *
 * <p>A line there is {@code where key | expectation | keys}: {@code where} is {@code top} or {@code
 * step}, the expectation {@code ok} or the code of the only error, whose place is marked by {@code
 * ^} in the keys.
 */
class EveryKeyTest {

  private record Case(String where, String key, String expectation, String keys) {
    String file() {
      return where.equals("top") ? Reading.topFile(keys) : Reading.stepFile(keys);
    }
  }

  @TestFactory
  List<DynamicTest> each_key_accepts_what_is_right_and_refuses_what_is_wrong() throws IOException {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.key() + ": " + c.keys(), () -> check(c)))
        .toList();
  }

  private static void check(Case c) {
    if (c.expectation().equals("ok")) {
      Reading.workflow(c.file());
      return;
    }
    int offset = c.file().indexOf('^');
    int column = offset - c.file().lastIndexOf('\n', offset);
    Diagnostic found = Reading.error(c.file().replace("^", ""));
    assertEquals(c.expectation(), found.code(), found.oneLine());
    assertEquals(new SourceSpan(3, column), found.span(), found.oneLine());
  }

  @Test
  void no_key_is_without_a_right_and_a_wrong_case() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (String key : WorkflowParser.KEYS) {
      expected.add("top " + key);
    }
    for (String key : StepKeys.ALL) {
      expected.add("step " + key);
    }
    // Stand in every file of this test; their wrong cases are in BadFilesTest.
    expected.removeAll(Set.of("top name", "top steps"));

    assertEquals(expected, keysWith(true));
    assertEquals(expected, keysWith(false));
  }

  private static Set<String> keysWith(boolean right) throws IOException {
    return cases().stream()
        .filter(c -> c.expectation().equals("ok") == right)
        .map(c -> c.where() + " " + c.key())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                EveryKeyTest.class.getResourceAsStream("/dialect/fanfare/keys.txt"),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split("\\|", 3);
          String[] place = parts[0].strip().split(" ", 2);
          cases.add(new Case(place[0], place[1], parts[1].strip(), parts[2].strip()));
        }
      }
    }
    return cases;
  }
}
