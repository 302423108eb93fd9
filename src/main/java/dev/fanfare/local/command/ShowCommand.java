package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Summary;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a run and its steps. */
@Command(name = "show", description = "Shows a run and its steps.", mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  ShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer = server.client(context).get(ServerClient.RUNS + "/" + ServerClient.segment(run));
    Console console = context.console();
    if (output == OutputFormat.TEXT && answer instanceof Map<?, ?> outcome) {
      console.out().print(new Summary(console.style(), console.columns()).render(outcome));
    } else {
      console.out().println(Json.write(answer));
    }
    return ExitCode.OK;
  }
}
