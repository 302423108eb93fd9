package dev.fanfare.definition;

/**
 * One thing that is wrong, or worth knowing, about a workflow file.
 *
 * @param severity whether the file can still run
 * @param code stable name of the kind of finding, in kebab-case ({@code unknown-key}); documented
 *     in {@code docs/diagnostics.md}
 * @param message what is wrong, as a sentence that names the offending thing
 * @param span where it is written
 * @param hint what to do about it; empty where the message says it all
 */
public record Diagnostic(
    Severity severity, String code, String message, SourceSpan span, String hint) {

  /** How bad a finding is. */
  public enum Severity {
    /** The file is refused. */
    ERROR,
    /** The file runs, but something in it may not be what its author meant. */
    WARNING,
    /** What became of something in the file. */
    INFO
  }

  public static Diagnostic error(String code, String message, SourceSpan span, String hint) {
    return new Diagnostic(Severity.ERROR, code, message, span, hint);
  }

  public static Diagnostic warning(String code, String message, SourceSpan span, String hint) {
    return new Diagnostic(Severity.WARNING, code, message, span, hint);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The finding as one line: {@code 3:7: error: message (hint)}. */
  public String oneLine() {
    String level = severity.name().toLowerCase(java.util.Locale.ROOT);
    return span + ": " + level + ": " + message + (hint.isEmpty() ? "" : " (" + hint + ")");
  }
}
