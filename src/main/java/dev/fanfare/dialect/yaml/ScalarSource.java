package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.SourceSpan;

/**
 * The place of a scalar in the characters of its file.
 *
 * <p>Two sources are equal: a scalar's identity is its text, style and span.
 */
public final class ScalarSource {

  private final int[] codePoints;
  private final int start;

  ScalarSource(int[] codePoints, int start) {
    this.codePoints = codePoints;
    this.start = start;
  }

  int start() {
    return start;
  }

  /** The code point at an index of the file, -1 behind its end. */
  int at(int index) {
    return index < codePoints.length ? codePoints[index] : -1;
  }

  /** The place after the code point at {@code index}, which stands at {@code span}. */
  SourceSpan after(int index, SourceSpan span) {
    int c = at(index);
    boolean lineEnd = c == '\n' || (c == '\r' && at(index + 1) != '\n');
    return lineEnd
        ? new SourceSpan(span.line() + 1, 1)
        : new SourceSpan(span.line(), span.column() + 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScalarSource;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
