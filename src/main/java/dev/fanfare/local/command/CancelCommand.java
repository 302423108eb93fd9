package dev.fanfare.local.command;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cancels a run. */
@Command(name = "cancel", description = "Cancels a run.", mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, kept with the run.")
  private Optional<String> reason = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  CancelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer =
        server
            .client(context)
            .post(
                ServerClient.RUNS + "/" + ServerClient.segment(run) + "/cancel",
                reason.<Map<String, String>>map(text -> Map.of("reason", text)).orElse(Map.of()));
    Console console = context.console();
    if (output == OutputFormat.JSON) {
      console.out().println(Json.write(answer));
    } else if (answer instanceof Map<?, ?> cancelled) {
      console
          .err()
          .println(
              Style.harmless("The run " + cancelled.get("id") + " is " + cancelled.get("status"))
                  + hooks(cancelled));
    }
    return ExitCode.OK;
  }

  /** A run that is cancelled and not over yet has hooks to call. */
  private static String hooks(Map<?, ?> cancelled) {
    boolean over =
        RunStatus.of(String.valueOf(cancelled.get("status")))
            .filter(RunStatus::isTerminal)
            .isPresent();
    return over ? "." : ": its hooks are at work. Another cancel ends them.";
  }
}
