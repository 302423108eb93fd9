package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.GraphCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file that the page of a dialect shows is one of that dialect, and would run. */
class DialectPagesTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");

  @ParameterizedTest
  @ValueSource(strings = {"codefresh", "circleci", "dagu", "flowtoy"})
  void what_the_page_shows_is_recognised_and_would_run(String dialect) throws IOException {
    String page = Files.readString(Path.of("docs", "dialects", dialect + ".md"));
    List<String> files = BLOCK.matcher(page).results().map(DialectPagesTest::text).toList();

    assertFalse(files.isEmpty(), "the page shows no file");
    for (String file : files) {
      Imported imported =
          Dialects.read(file.getBytes(StandardCharsets.UTF_8), "shown.yml", Optional.empty());
      List<Diagnostic> found = new ArrayList<>(imported.diagnostics());
      imported
          .workflow()
          .ifPresent(
              workflow ->
                  found.addAll(GraphCompiler.compile(workflow, CompileInputs.NONE).diagnostics()));

      assertEquals(dialect, imported.dialect(), file);
      assertEquals(List.of(), found.stream().filter(Diagnostic::isError).toList(), file);
    }
  }

  private static String text(MatchResult block) {
    return block.group(1);
  }
}
