package dev.fanfare.function;

import dev.fanfare.secret.Masker;
import dev.fanfare.secret.ProcessSecrets;
import io.quarkus.logging.LoggingFilter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Covers secrets in the log of the process, whoever writes to it: a library may log the request
 * that failed. Keeps every record.
 */
@LoggingFilter(name = "secrets")
public final class SecretLogFilter implements Filter {

  @Override
  public boolean isLoggable(LogRecord record) {
    Masker masker = ProcessSecrets.masker();
    if (masker != Masker.NONE) {
      cover(record, masker);
    }
    return true;
  }

  static void cover(LogRecord record, Masker masker) {
    String message = record.getMessage();
    if (message != null && !masker.mask(message).equals(message)) {
      record.setMessage(masker.mask(message));
    }
    @Nullable Object @Nullable [] parameters = record.getParameters();
    if (parameters != null) {
      record.setParameters(covered(parameters, masker));
    }
    Throwable thrown = record.getThrown();
    if (thrown != null) {
      record.setThrown(Covered.of(thrown, masker));
    }
  }

  private static @Nullable Object[] covered(@Nullable Object[] parameters, Masker masker) {
    @Nullable Object[] covered = parameters.clone();
    for (int i = 0; i < covered.length; i++) {
      Object parameter = covered[i];
      if (parameter instanceof Throwable thrown) {
        covered[i] = Covered.of(thrown, masker);
      } else if (parameter != null) {
        String text = String.valueOf(parameter);
        String shown = masker.mask(text);
        covered[i] = shown.equals(text) ? parameter : shown;
      }
    }
    return covered;
  }

  /** A stack trace with other words; printed as it is. */
  private static final class Covered extends Throwable {
    private static final long serialVersionUID = 1;

    private Covered(String trace) {
      super(trace, null, false, false);
    }

    /** The same where its whole trace says nothing that is to be covered. */
    static Throwable of(Throwable thrown, Masker masker) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      String shown = masker.mask(trace.toString());
      return shown.equals(trace.toString()) ? thrown : new Covered(shown.stripTrailing());
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the trace begins with the class it is of
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
