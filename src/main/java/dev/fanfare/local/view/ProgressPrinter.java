package dev.fanfare.local.view;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the progress of a run on standard error: as a frame that is redrawn where that is a
 * terminal, else as one line per change.
 */
public final class ProgressPrinter {

  private static final String UP_AND_CLEAR = "\u001b[%dA\r\u001b[J";
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  private final Console console;
  private final Progress progress;
  private int height;

  public ProgressPrinter(Console console, Progress progress) {
    this.console = console;
    this.progress = progress;
  }

  /** Takes an event, and prints the line that it leaves behind. */
  public void event(Map<String, ? extends @Nullable Object> event) {
    progress.accept(event);
    Optional<String> line = progress.line(event, console.style());
    if (line.isPresent() && (!console.live() || progress.isWorthKeeping(event))) {
      clear();
      console.err().println(line.get());
    }
  }

  /** Draws the present anew; does nothing where there is no terminal. */
  public void frame() {
    if (!console.live() || progress.isFinished()) {
      return;
    }
    List<String> lines =
        progress.frame(Instant.now(), console.columns(), console.rows(), console.style());
    StringBuilder text = new StringBuilder(HIDE_CURSOR);
    if (height > 0) {
      text.append(String.format(Locale.ROOT, UP_AND_CLEAR, height));
    }
    lines.forEach(line -> text.append(line).append('\n'));
    PrintStream err = console.err();
    err.print(text);
    err.flush();
    height = lines.size();
  }

  /** Leaves the terminal as it was found. */
  public void end() {
    clear();
    if (console.live()) {
      console.err().print(SHOW_CURSOR);
      console.err().flush();
    }
  }

  /** Takes the frame away, so that something else can stand there. */
  public void clear() {
    if (height > 0) {
      console.err().print(String.format(Locale.ROOT, UP_AND_CLEAR, height));
      height = 0;
    }
  }
}
