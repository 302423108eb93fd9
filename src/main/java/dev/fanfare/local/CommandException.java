package dev.fanfare.local;

/**
 * A command that ends early, for a reason a person can act on. The message is all that is shown.
 */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The call is wrong: exit code 2. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  /** The call is right and cannot be carried out: exit code 1. */
  public static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
