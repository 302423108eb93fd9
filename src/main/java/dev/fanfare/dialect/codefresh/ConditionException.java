package dev.fanfare.dialect.codefresh;

/** A condition that cannot be understood, and where in its text. Never leaves this package. */
final class ConditionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int at;
  private final String hint;

  ConditionException(int at, String message, String hint) {
    super(message, null, false, false);
    this.at = at;
    this.hint = hint;
  }

  int at() {
    return at;
  }

  String hint() {
    return hint;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
