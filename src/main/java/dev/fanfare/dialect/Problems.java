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

  /** Most findings that are reported for one file. */
  public static final int MAX = 100;

  private final Set<Diagnostic> found = new LinkedHashSet<>();

  public void error(String code, String message, SourceSpan span, String hint) {
    add(Diagnostic.error(code, message, span, hint));
  }

  /** An error whose hint takes time to find; it is not looked for when nobody would see it. */
  public void error(String code, String message, SourceSpan span, Supplier<String> hint) {
    if (found.size() <= MAX) {
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
    if (found.size() < MAX) {
      found.add(diagnostic);
    } else if (found.size() == MAX && !found.contains(diagnostic)) {
      found.add(
          Diagnostic.error(
              "too-many-problems",
              "there are more problems than the " + MAX + " shown",
              diagnostic.span(),
              "repair these and read the file again"));
    }
  }

  public List<Diagnostic> all() {
    return new ArrayList<>(found);
  }
}
