package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;

/** A reason for which the rest of a file cannot be read. Never leaves this package. */
final class YamlRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  YamlRefusal(String code, String message, SourceSpan span, String hint) {
    super(message, null, false, false);
    this.diagnostic = Diagnostic.error(code, message, span, hint);
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }
}
