package dev.fanfare.expression;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.SourceSpan;

/** An expression that cannot be evaluated with the values at hand. */
public final class ExpressionException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ErrorInfo error;

  public ExpressionException(String message, String source, SourceSpan span) {
    super(message);
    this.error =
        ErrorInfo.of("expression_failed", message)
            .with("expression", source)
            .with("line", (long) span.line())
            .with("column", (long) span.column());
  }

  /** The failure as data: code {@code expression_failed}, with the expression and its place. */
  public ErrorInfo error() {
    return error;
  }
}
