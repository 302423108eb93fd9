package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a run again, from its start, from what failed, or from a step. */
@Command(
    name = "rerun",
    description = "Starts a run again, from its start, from what failed, or from a step.",
    mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Option(
      names = "--from",
      paramLabel = "start|failed|STEP",
      description = "Where to begin (default ${DEFAULT-VALUE}).")
  private String from = "start";

  RerunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer =
        server
            .client(context)
            .post(
                ServerClient.RUNS + "/" + ServerClient.segment(run) + "/rerun",
                Map.of("from", from));
    Object id = answer instanceof Map<?, ?> started ? started.get("id") : answer;
    context.console().out().println(id);
    return ExitCode.OK;
  }
}
