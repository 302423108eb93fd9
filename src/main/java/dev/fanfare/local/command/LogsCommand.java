package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what the steps of a run have written, or one of them. */
@Command(
    name = "logs",
    description = "Prints what the steps of a run have written, or one of them.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "STEP", description = "One step's id.")
  private Optional<String> step = Optional.empty();

  LogsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String query = step.map(id -> "?step=" + ServerClient.segment(id)).orElse("");
    String text =
        server
            .client(context)
            .text(ServerClient.RUNS + "/" + ServerClient.segment(run) + "/logs" + query);
    context.console().out().print(text);
    return ExitCode.OK;
  }
}
