package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.RunTable;
import java.util.Optional;
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

  private static final int MOST = 200;

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

  @Option(names = "--workflow", paramLabel = "NAME", description = "Only runs of this workflow.")
  private Optional<String> workflow = Optional.empty();

  @Option(names = "--status", paramLabel = "STATUS", description = "Only runs in this status.")
  private Optional<String> status = Optional.empty();

  RunsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (limit < 1 || limit > MOST) {
      throw CommandException.usage("--limit must be 1 to " + MOST);
    }
    String query =
        "?limit="
            + limit
            + workflow.map(name -> "&workflow=" + ServerClient.segment(name)).orElse("")
            + status.map(name -> "&status=" + ServerClient.segment(name)).orElse("");
    Object answer = server.client(context).get(ServerClient.RUNS + query);
    if (output == OutputFormat.JSON) {
      context.console().out().println(Json.write(answer));
    } else {
      context.console().out().print(new RunTable(context.console().style()).render(answer));
    }
    return ExitCode.OK;
  }
}
