package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Denies a step that waits for a person. */
@Command(
    name = "deny",
    description =
        "Denies a step that waits for a person. Goes on with the run in this process where no"
            + " server is named and none runs on this machine.",
    mixinStandardHelpOptions = true)
final class DenyCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private DecisionArguments decision = new DecisionArguments();

  DenyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    return decision.decide(context, false);
  }
}
