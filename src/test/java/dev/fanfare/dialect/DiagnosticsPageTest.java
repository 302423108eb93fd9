package dev.fanfare.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/diagnostics.md} lists the codes of these packages, no more and no less. */
class DiagnosticsPageTest {

  private static final String HEADING = "## Reading a file";
  private static final Pattern RAISED =
      Pattern.compile(
          "\\b(?:error|warning|info|YamlRefusal)\\(\\s*(?:\\w+ \\? \"([a-z-]+)\"\\s*:"
              + " )?\"([a-z-]+)\",");
  private static final Pattern THROWN =
      Pattern.compile("new Untranslatable\\(\\s*[\\w.()]+,\\s*\"([a-z-]+)\",");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");

  @Test
  void the_page_and_the_source_name_the_same_codes() throws IOException {
    Set<String> raised = raised();

    assertTrue(raised.size() > 30, raised::toString);
    assertEquals(raised, listed());
  }

  private static Set<String> raised() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (Path file : sources()) {
      THROWN.matcher(Files.readString(file)).results().forEach(m -> codes.add(m.group(1)));
      for (MatchResult match : RAISED.matcher(Files.readString(file)).results().toList()) {
        codes.add(match.group(2));
        if (match.group(1) != null) {
          codes.add(match.group(1));
        }
      }
    }
    return codes;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/fanfare/dialect"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static Set<String> listed() throws IOException {
    String page = Files.readString(Path.of("docs/diagnostics.md"));
    int start = page.indexOf(HEADING);
    int end = page.indexOf("\n## ", start + 1);
    String section = end < 0 ? page.substring(start) : page.substring(start, end);
    Set<String> codes = new TreeSet<>();
    LISTED.matcher(section).results().forEach(match -> codes.add(match.group(1)));
    return codes;
  }
}
