package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Repairs what word processors and web pages do to a file that was copied out of them, and says so.
 *
 * @param text the repaired text; every character that is left stands where it stood
 * @param diagnostics one warning, where something was repaired
 */
record Typography(SourceText text, List<Diagnostic> diagnostics) {

  /** Spaces that are no spaces to YAML: no-break, narrow no-break, figure space. */
  private static final Pattern INDENTATION =
      Pattern.compile("(?m)^ *[\\u00a0\\u202f\\u2007][ \\u00a0\\u202f\\u2007]*");

  private static final Pattern LINE_END =
      Pattern.compile("(?m)[\\u00a0\\u202f\\u2007][ \\u00a0\\u202f\\u2007]*$");

  private static final Pattern OTHER_SPACE = Pattern.compile("[\\u00a0\\u202f\\u2007]");
  private static final Pattern TABS_AT_END = Pattern.compile("(?m)[ \\u00a0]*\\t[ \\t]*$");

  /**
   * No-break spaces in front of a line's first character become spaces; in a file that has such,
   * those behind a line's last character too.
   */
  static Typography blanks(SourceText source) {
    Matcher found = INDENTATION.matcher(source.text());
    if (!found.find()) {
      return new Typography(source, List.of());
    }
    SourceSpan first = lineOf(source.text(), found.start());
    StringBuilder repaired = new StringBuilder();
    found.reset();
    while (found.find()) {
      found.appendReplacement(repaired, spaces(found));
    }
    found.appendTail(repaired);
    return new Typography(
        SourceText.of(LINE_END.matcher(repaired).replaceAll(end -> spaces(end))),
        List.of(
            Diagnostic.warning(
                "yaml-no-break-spaces",
                "lines are indented with no-break spaces, read as spaces",
                first,
                "the file was copied out of a web page: replace them with spaces")));
  }

  private static String spaces(MatchResult found) {
    return OTHER_SPACE.matcher(found.group()).replaceAll(" ");
  }

  /** Tabs behind a line's last character go. */
  static Typography tabs(SourceText source) {
    Matcher found = TABS_AT_END.matcher(source.text());
    if (!found.find()) {
      return new Typography(source, List.of());
    }
    SourceSpan first = lineOf(source.text(), found.start());
    return new Typography(
        SourceText.of(found.replaceAll("")),
        List.of(
            Diagnostic.warning(
                "yaml-trailing-tabs",
                "lines end with tabs, read as if they were not there",
                first,
                "remove the tabs at the ends of lines")));
  }

  private static SourceSpan lineOf(String text, int offset) {
    int line = 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    return new SourceSpan(line, 1);
  }
}
