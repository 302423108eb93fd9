package dev.fanfare.local.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticsTest {

  @Test
  void a_finding_shows_its_line_with_a_caret_and_a_hint() {
    assertEquals(
        """
        a.yaml:3:5: error: there is no key 'runn' [unknown-key]
            3 |   é: runn
                    ^
            hint: write 'run'
        1 error; nothing was run.
        """,
        render(
            "name: x\nsteps:\n  é: runn\n",
            Diagnostic.error(
                "unknown-key", "there is no key 'runn'", new SourceSpan(3, 5), "write 'run'")));
  }

  @Test
  void a_finding_without_a_place_names_the_file() {
    assertEquals(
        """
        a.yaml: warning: nothing to do [empty]
        """,
        render("", Diagnostic.warning("empty", "nothing to do", SourceSpan.NONE, "")));
  }

  @Test
  void a_place_outside_of_the_file_or_far_to_the_right_does_no_harm() {
    String far = render("x".repeat(100_000), error(new SourceSpan(1, 90_000)));
    assertTrue(far.lines().allMatch(line -> line.length() < 300));
    assertTrue(render("x", error(new SourceSpan(9, 9))).contains("a.yaml:9:9"));
    assertTrue(render("x", error(new SourceSpan(1, 999))).contains("^"));
  }

  @Test
  void bytes_that_are_no_text_are_shown_harmlessly() {
    byte[] binary = {0, 1, 27, '[', '2', 'J', (byte) 0xff, (byte) 0xfe};
    String text =
        new Diagnostics("a.yaml", binary, Style.PLAIN).render(List.of(error(new SourceSpan(1, 3))));
    assertTrue(text.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c)));
  }

  private static Diagnostic error(SourceSpan span) {
    return Diagnostic.error("c", "m", span, "");
  }

  private static String render(String file, Diagnostic diagnostic) {
    return new Diagnostics("a.yaml", file.getBytes(StandardCharsets.UTF_8), Style.PLAIN)
        .render(List.of(diagnostic));
  }
}
