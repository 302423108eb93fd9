package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves a step that waits for a person. */
@Command(
    name = "approve",
    description = "Approves a step that waits for a person.",
    mixinStandardHelpOptions = true)
final class ApproveCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "STEP", description = "The step's id.")
  private String step = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept with the decision.")
  private String reason = "";

  ApproveCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String path =
        ServerClient.RUNS
            + "/"
            + ServerClient.segment(run)
            + "/steps/"
            + ServerClient.segment(step)
            + "/approve";
    server.client(context).post(path, Map.of("reason", reason));
    return ExitCode.OK;
  }
}
