package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.RunTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the runs of a server, newest first. */
@Command(
    name = "runs",
    description = "Lists the runs of a server, newest first.",
    mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most N runs (default ${DEFAULT-VALUE}).")
  private int limit = 20;

  RunsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (limit < 1) {
      throw CommandException.usage("--limit must be 1 or more");
    }
    Object answer = server.client(context).get(ServerClient.RUNS + "?limit=" + limit);
    if (output == OutputFormat.JSON) {
      context.console().out().println(Json.write(answer));
    } else {
      context.console().out().print(new RunTable(context.console().style()).render(answer));
    }
    return ExitCode.OK;
  }
}
