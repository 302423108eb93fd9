package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What is wrong with a file, each finding once, in the order of discovery. */
public final class Problems {

  /** Most errors that are reported for one file. */
  public static final int MAX = 100;

  /** Most warnings and other remarks. */
  private static final int MAX_REMARKS = 500;

  private final Set<Diagnostic> found = new LinkedHashSet<>();
  private int errors;
  private int remarks;

  public void error(String code, String message, SourceSpan span, String hint) {
    add(Diagnostic.error(code, message, span, hint));
  }

  /** An error whose hint takes time to find; it is not looked for when nobody would see it. */
  public void error(String code, String message, SourceSpan span, Supplier<String> hint) {
    if (errors <= MAX) {
      add(Diagnostic.error(code, message, span, hint.get()));
    }
  }

  public void info(String code, String message, SourceSpan span, String hint) {
    add(new Diagnostic(Diagnostic.Severity.INFO, code, message, span, hint));
  }

  public void warning(String code, String message, SourceSpan span, String hint) {
    add(Diagnostic.warning(code, message, span, hint));
  }

  private void add(Diagnostic diagnostic) {
    if (!diagnostic.isError()) {
      addRemark(diagnostic);
    } else if (errors < MAX) {
      errors += found.add(diagnostic) ? 1 : 0;
    } else if (errors == MAX && !found.contains(diagnostic)) {
      errors++;
      found.add(
          Diagnostic.error(
              "too-many-problems",
              "there are more problems than the " + MAX + " shown",
              diagnostic.span(),
              "repair these and read the file again"));
    }
  }

  /** What is no error keeps no file from running, however much there is of it. */
  private void addRemark(Diagnostic diagnostic) {
    if (remarks < MAX_REMARKS) {
      remarks += found.add(diagnostic) ? 1 : 0;
    } else if (remarks == MAX_REMARKS && !found.contains(diagnostic)) {
      remarks++;
      found.add(
          Diagnostic.warning(
              "too-many-problems",
              "there are more remarks than the " + MAX_REMARKS + " shown",
              diagnostic.span(),
              ""));
    }
  }

  public List<Diagnostic> all() {
    return new ArrayList<>(found);
  }
}
