package dev.fanfare.local.view;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The two streams of a command, and what may be done with them.
 *
 * @param out results only
 * @param err progress, diagnostics, logs
 * @param live whether {@code err} is a terminal whose lines can be redrawn
 * @param style colours, or none
 * @param columns width of the terminal
 * @param rows height of the terminal
 * @param environment the variables of the process
 */
public record Console(
    PrintStream out,
    PrintStream err,
    boolean live,
    Style style,
    int columns,
    int rows,
    Map<String, String> environment) {

  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  public Console {
    environment = Map.copyOf(environment);
  }

  /**
   * The console of this process. The start script says in {@code FANFARE_STDERR_TTY} whether
   * standard error is a terminal, because Java cannot tell for a single stream, and its size in
   * {@code COLUMNS} and {@code LINES}.
   */
  public static Console system() {
    Map<String, String> environment = System.getenv();
    boolean terminal =
        environment.getOrDefault("FANFARE_STDERR_TTY", "").equals("1")
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean coloured = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Console(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        terminal,
        coloured ? Style.COLOURED : Style.PLAIN,
        number(environment, "COLUMNS", DEFAULT_COLUMNS),
        number(environment, "LINES", DEFAULT_ROWS),
        environment);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    try {
      int value = Integer.parseInt(environment.getOrDefault(name, "").strip());
      return value > 0 ? value : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
