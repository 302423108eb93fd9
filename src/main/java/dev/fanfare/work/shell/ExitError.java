package dev.fanfare.work.shell;

import dev.fanfare.definition.ErrorInfo;
import java.util.Map;

/** The error of a script that did not end with 0. */
final class ExitError {

  private static final int SIGNAL_BASE = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "HUP"),
          Map.entry(2, "INT"),
          Map.entry(3, "QUIT"),
          Map.entry(4, "ILL"),
          Map.entry(6, "ABRT"),
          Map.entry(7, "BUS"),
          Map.entry(8, "FPE"),
          Map.entry(9, "KILL"),
          Map.entry(11, "SEGV"),
          Map.entry(13, "PIPE"),
          Map.entry(14, "ALRM"),
          Map.entry(15, "TERM"),
          Map.entry(24, "XCPU"),
          Map.entry(25, "XFSZ"));

  private ExitError() {}

  /**
   * Code {@code signal} where the exit code is 128 and a known signal's number, else {@code
   * exit_code}; {@code details.exitCode} and {@code details.tail} with both.
   */
  static ErrorInfo of(int exitCode, Tail tail) {
    String signal = SIGNALS.get(exitCode - SIGNAL_BASE);
    String last = tail.last().isEmpty() ? "." : ". Its last line: " + tail.last();
    ErrorInfo error =
        signal == null
            ? ErrorInfo.of("exit_code", "The script ended with exit code " + exitCode + last)
            : ErrorInfo.of("signal", "The script was ended by the signal " + signal + last)
                .with("signal", signal);
    return error.with("exitCode", (long) exitCode).with("tail", tail.lines());
  }
}
