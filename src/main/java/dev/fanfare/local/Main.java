package dev.fanfare.local;

import dev.fanfare.local.command.FanfareCommand;
import dev.fanfare.local.view.Console;

/** The program behind {@code scripts/fanfare}. */
public final class Main {

  private Main() {}

  /**
   * Carries out one command and ends the process with its exit code.
   *
   * @param arguments as typed
   */
  public static void main(String[] arguments) {
    Interruption interruption = Interruption.installed();
    int exitCode = FanfareCommand.execute(Console.system(), interruption, arguments);
    interruption.finished(exitCode);
    System.exit(exitCode);
  }
}
