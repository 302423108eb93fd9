package dev.fanfare.local.view;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Diagnostics as text for people: {@code file:line:column: error: message}, the line itself, a
 * caret under the place, and the hint.
 */
public final class Diagnostics {

  private static final int MARGIN = 4;

  /** A caret further right than this is pointless on a terminal: the line is cut before it. */
  private static final int WIDEST_LINE = 160;

  private final String fileName;
  private final List<String> lines;
  private final Style style;

  /**
   * @param fileName as the user typed it
   * @param content bytes of the file; need not be text
   */
  public Diagnostics(String fileName, byte[] content, Style style) {
    this.fileName = Style.harmless(fileName);
    this.lines = new String(content, StandardCharsets.UTF_8).lines().toList();
    this.style = style;
  }

  /** All of them, in the given order, and a last line that counts. Empty when there are none. */
  public String render(List<Diagnostic> diagnostics) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic diagnostic : diagnostics) {
      append(text, diagnostic);
    }
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    if (errors > 0) {
      text.append(errors == 1 ? "1 error" : errors + " errors").append("; nothing was run.\n");
    }
    return text.toString();
  }

  private void append(StringBuilder text, Diagnostic diagnostic) {
    SourceSpan span = diagnostic.span();
    text.append(style.bold(span.line() == 0 ? fileName : fileName + ":" + span))
        .append(": ")
        .append(level(diagnostic.severity()))
        .append(": ")
        .append(Style.harmless(diagnostic.message()))
        .append(' ')
        .append(style.dim("[" + diagnostic.code() + "]"))
        .append('\n');
    if (span.line() >= 1 && span.line() <= lines.size()) {
      excerpt(text, lines.get(span.line() - 1), span);
    }
    if (!diagnostic.hint().isEmpty()) {
      text.append(" ".repeat(MARGIN))
          .append(style.cyan("hint:"))
          .append(' ')
          .append(Style.harmless(diagnostic.hint()))
          .append('\n');
    }
  }

  private void excerpt(StringBuilder text, String line, SourceSpan span) {
    String number = Integer.toString(span.line());
    String gutter = " ".repeat(Math.max(0, MARGIN + 1 - number.length())) + number + " | ";
    int[] points = Style.harmless(line).codePoints().toArray();
    int column = Math.max(1, Math.min(span.column(), points.length + 1));
    int from = Math.max(0, column - WIDEST_LINE / 2);
    int length = Math.min(points.length - from, WIDEST_LINE);
    text.append(style.dim(gutter))
        .append(new String(points, from, Math.max(0, length)))
        .append('\n')
        .append(" ".repeat(gutter.length() + column - 1 - from))
        .append(style.bold(style.red("^")))
        .append('\n');
  }

  private String level(Diagnostic.Severity severity) {
    String name = severity.name().toLowerCase(Locale.ROOT);
    return switch (severity) {
      case ERROR -> style.red(name);
      case WARNING -> style.yellow(name);
      case INFO -> style.cyan(name);
    };
  }
}
