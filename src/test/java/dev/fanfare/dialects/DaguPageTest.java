package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.json.Json;
import dev.fanfare.testing.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file on the page about Dagu ends as the page says. */
class DaguPageTest {

  private static final Pattern FILE =
      Pattern.compile("<!-- runnable: (\\w+) (\\{[^\n]*}) -->\n```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void the_files_of_the_page_run(@TempDir Path folder) throws Exception {
    List<MatchResult> files =
        FILE.matcher(Files.readString(Path.of("docs", "dialects", "dagu.md"))).results().toList();
    assertEquals(2, files.size());
    try (TestEngine engine = DaguStage.engine()) {
      DaguStage stage = new DaguStage(engine, folder);
      for (MatchResult file : files) {
        TestEngine.Outcome run = stage.run(file.group(3));
        assertEquals(file.group(1), run.status(), () -> run.json().toString());
        Object seen = run.outputs().get("SEEN");
        assertEquals(Json.parse(file.group(2)), Map.of("SEEN", String.valueOf(seen)));
      }
    }
  }
}
