package dev.fanfare.testing.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Stops and continues processes, in the order of the calls, and kills those that are left when this
 * program ends in whatever way: a shell that reads from it.
 */
final class Signals implements AutoCloseable {

  private static final String SCRIPT =
      """
      all=
      while read -r what pid; do
        case $what in
          born) all="$all $pid" ;;
          gone)
            left=
            for each in $all; do
              [ "$each" = "$pid" ] || left="$left $each"
            done
            all=$left ;;
          *) kill "-$what" "$pid" ;;
        esac
      done
      [ -z "$all" ] || kill -KILL $all
      """;

  private final Process shell;
  private final Writer orders;
  private boolean closed;

  Signals() {
    try {
      shell =
          new ProcessBuilder("sh", "-c", SCRIPT)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      orders = shell.outputWriter(StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void born(long pid) {
    send("born", pid);
  }

  void gone(long pid) {
    send("gone", pid);
  }

  void freeze(long pid) {
    send("STOP", pid);
  }

  void thaw(long pid) {
    send("CONT", pid);
  }

  private synchronized void send(String what, long pid) {
    if (closed) {
      return;
    }
    try {
      orders.write(what + " " + pid + "\n");
      orders.flush();
    } catch (IOException e) {
      // The shell ends with this program; whoever is late has nothing to signal any more.
      System.err.println("no signal " + what + " to " + pid + ": " + e.getMessage());
    }
  }

  /** What is left is killed. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      orders.close();
    } catch (IOException e) {
      shell.destroy();
    }
  }
}
