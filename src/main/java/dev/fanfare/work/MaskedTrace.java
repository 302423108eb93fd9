package dev.fanfare.work;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What the work threw, for the engine's own log: its messages may hold what the work was given.
 *
 * @param assignment whose secrets are covered
 */
public record MaskedTrace(Throwable thrown, Assignment assignment) {

  /** The whole stack trace. Made when it is printed. */
  @Override
  public String toString() {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return assignment.log().masker().mask(trace.toString());
  }
}
