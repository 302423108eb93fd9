package dev.fanfare.dialect.circleci;

/** What is wrong with an expression, and at which character of its text. */
final class ExpressionFault extends Exception {

  private static final long serialVersionUID = 1;

  private final int offset;

  ExpressionFault(String message, int offset) {
    super(message, null, false, false);
    this.offset = offset;
  }

  int offset() {
    return offset;
  }

  /** What is wrong, as the end of a sentence. */
  String complaint() {
    return String.valueOf(getMessage());
  }
}
