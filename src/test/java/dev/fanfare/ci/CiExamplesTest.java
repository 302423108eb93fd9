package dev.fanfare.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The examples for CI systems are well-formed and call the script by options that it has. */
class CiExamplesTest {

  private static final Path EXAMPLES = Path.of("examples/ci");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)(--?[a-z][a-z-]*)");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("README.md"))
          .sorted()
          .toList();
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(examples());
    pages.add(Path.of("docs/ci.md"));
    return pages;
  }

  /** What --help shows and the script reads are the same. */
  private static Set<String> options() throws IOException {
    String script = Files.readString(Path.of("scripts/fanfare-trigger"));
    String help = script.substring(script.indexOf("<<'END'"), script.indexOf("\nEND\n"));
    return OPTION.matcher(help).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /** Each call with its arguments, continued lines joined. */
  private static List<String> calls(String text) {
    String joined = text.replace("\\\n", " ").replaceAll(">\n(\\s+)(?=scripts/)", " ");
    List<String> calls = new ArrayList<>();
    String open = "";
    for (String line : joined.lines().toList()) {
      boolean begins = line.contains("fanfare-trigger -");
      boolean goesOn =
          !open.isEmpty() && line.strip().startsWith("-") && !line.strip().startsWith("- ");
      if (begins || goesOn) {
        open = goesOn ? open + " " + line.strip() : line.substring(line.indexOf("fanfare-trigger"));
        if (goesOn) {
          calls.removeLast();
        }
        calls.add(open);
      } else {
        open = "";
      }
    }
    return calls;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_call_uses_options_that_there_are(Path page) throws IOException {
    List<String> calls = calls(Files.readString(page));
    assertFalse(calls.isEmpty(), page + " does not call the script");
    for (String call : calls) {
      String bare = call.replaceAll("\"[^\"]*\"|script: '|;;.*", " ");
      Set<String> used =
          OPTION
              .matcher(bare)
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toCollection(TreeSet::new));
      used.removeAll(options());
      used.remove("--help");
      assertEquals(Set.of(), used, page + ": " + call);
      assertTrue(
          Stream.of(
                  "--workflow",
                  "--file",
                  "--follow",
                  "--rerun-failed",
                  "--approve",
                  "--deny",
                  "--help",
                  "--no-key")
              .anyMatch(bare::contains),
          page + ": " + call);
    }
  }

  @Test
  void help_and_script_have_the_same_options() throws IOException {
    String script = Files.readString(Path.of("scripts/fanfare-trigger"));
    String loop =
        script.substring(
            script.indexOf("while [ $# -gt 0 ]"), script.indexOf("there is no option"));
    Set<String> read =
        Pattern.compile("(?<=[\\s|(])(--?[a-z][a-z-]*)(?=\\)| \\|)")
            .matcher(loop)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> told = new TreeSet<>(options());
    read.removeAll(Set.of("-h", "--help", "-w", "-f"));
    told.removeAll(Set.of("--help"));
    assertEquals(told, read);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void a_yaml_example_is_yaml_and_has_jobs(Path example) throws IOException {
    if (example.endsWith("Jenkinsfile")) {
      return;
    }
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
    Object file = new Load(settings).loadFromString(Files.readString(example));
    Map<?, ?> keys = (Map<?, ?>) file;
    assertTrue(keys.containsKey("jobs") || keys.containsKey("stages"), example.toString());
  }

  /** No Groovy compiler is needed for what goes wrong most often. */
  @Test
  void the_jenkinsfile_closes_what_it_opens() throws IOException {
    String text =
        Files.readString(EXAMPLES.resolve("jenkins/Jenkinsfile"))
            .replaceAll("(?s)'''.*?'''|//[^\n]*", "")
            .replaceAll("'[^'\n]*'", "");
    for (String pair : List.of("{}", "()", "[]")) {
      assertEquals(
          text.chars().filter(c -> c == pair.charAt(0)).count(),
          text.chars().filter(c -> c == pair.charAt(1)).count(),
          pair);
    }
    assertFalse(text.contains("'"), text);
  }

  @Test
  void every_example_is_in_the_readme() throws IOException {
    String readme = Files.readString(EXAMPLES.resolve("README.md"));
    for (Path example : examples()) {
      assertTrue(readme.contains("(" + EXAMPLES.relativize(example) + ")"), example.toString());
    }
  }
}
