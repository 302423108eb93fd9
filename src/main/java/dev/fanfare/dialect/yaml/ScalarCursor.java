package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Style;

/**
 * Tells where characters of a scalar's text stand in the file, in one pass from left to right.
 *
 * <p>Text and file differ by quotes, escapes, folded lines and the indentation of blocks; the
 * cursor walks both side by side. Where they cannot be matched it stays where it is: a place is a
 * help to a person, never a reason to fail.
 */
public final class ScalarCursor {

  private final String text;
  private final Style style;
  private final ScalarSource source;
  private int offset;
  private int index;
  private int line;
  private int column;

  ScalarCursor(Scalar scalar) {
    this.text = scalar.text();
    this.style = scalar.style();
    this.source = scalar.source();
    this.index = source.start();
    this.line = scalar.span().line();
    this.column = scalar.span().column();
    switch (style) {
      case PLAIN -> {}
      case SINGLE_QUOTED, DOUBLE_QUOTED -> step();
      case BLOCK -> skipHeader();
    }
  }

  /**
   * Where a character stands.
   *
   * @param target offset into the scalar's text, not before that of an earlier call
   */
  public SourceSpan at(int target) {
    while (offset < target && offset < text.length()) {
      align();
      consume();
    }
    if (offset < text.length()) {
      align();
    }
    return new SourceSpan(line, column);
  }

  private void skipHeader() {
    while (source.at(index) != '\n' && source.at(index) != -1) {
      step();
    }
    step();
  }

  /** Moves the file's side over whatever the text does not contain. */
  private void align() {
    int wanted = text.codePointAt(offset);
    boolean blank = isBlank(source.at(index)) || isContinued();
    while (source.at(index) != wanted && blank && !isFold(wanted)) {
      step();
      blank = isBlank(source.at(index)) || isContinued();
    }
  }

  /** Whether a backslash joins this line of a quoted text to the next. */
  private boolean isContinued() {
    int next = source.at(index + 1);
    return style == Style.DOUBLE_QUOTED
        && source.at(index) == '\\'
        && (next == '\n' || next == '\r');
  }

  private boolean isFold(int wanted) {
    int c = source.at(index);
    return wanted == ' ' && (c == '\n' || c == '\r');
  }

  private void consume() {
    int wanted = text.codePointAt(offset);
    int written = source.at(index);
    if (style == Style.DOUBLE_QUOTED && written == '\\') {
      escape();
    } else if (style == Style.SINGLE_QUOTED && written == '\'') {
      step();
      step();
    } else if (written == wanted || isFold(wanted)) {
      step();
    }
    offset += Character.charCount(wanted);
  }

  private void escape() {
    int digits =
        switch (source.at(index + 1)) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> 0;
        };
    for (int i = 0; i < digits + 2; i++) {
      step();
    }
  }

  private void step() {
    if (source.at(index) != -1) {
      SourceSpan next = source.after(index, new SourceSpan(line, column));
      line = next.line();
      column = next.column();
      index++;
    }
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
