package dev.fanfare.local.command;

import dev.fanfare.local.view.Console;

/** Who decides at this machine. */
final class Decider {

  private Decider() {}

  /** The user's name. */
  static String of(Console console) {
    String user = console.environment().getOrDefault("USER", "");
    return user.isBlank() ? "command line" : user;
  }
}
