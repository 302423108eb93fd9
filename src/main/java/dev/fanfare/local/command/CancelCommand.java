package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cancels a run. */
@Command(name = "cancel", description = "Cancels a run.", mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  CancelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    server
        .client(context)
        .post(ServerClient.RUNS + "/" + ServerClient.segment(run) + "/cancel", Map.of());
    context.console().err().println("Cancelling " + run + ".");
    return ExitCode.OK;
  }
}
