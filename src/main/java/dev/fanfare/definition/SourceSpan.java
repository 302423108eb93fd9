package dev.fanfare.definition;

/**
 * Where something was written.
 *
 * @param line line in the file, from 1; 0 where the thing has no place in a file
 * @param column column in the line, from 1, counted in Unicode code points
 */
public record SourceSpan(int line, int column) implements Comparable<SourceSpan> {

  /** For things made by a program and not written in a file. */
  public static final SourceSpan NONE = new SourceSpan(0, 0);

  @Override
  public int compareTo(SourceSpan other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line == 0 ? "-" : line + ":" + column;
  }
}
