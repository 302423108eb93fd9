package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalRuns;
import dev.fanfare.local.RunningApplication;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a run or a step is where it is. */
@Command(
    name = "explain",
    description =
        "Says in sentences why a run, or a step of it, waits, was skipped, did not run, was lost or"
            + " was tried again. Reads this machine's database where no server is named and none"
            + " runs on this machine.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "STEP", description = "One step's id.")
  private Optional<String> step = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  ExplainCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer = server.isThere(context) ? asked() : read();
    Console console = context.console();
    if (output == OutputFormat.JSON || !(answer instanceof Map<?, ?> explained)) {
      console.out().println(Json.write(answer));
    } else {
      print(explained);
    }
    return ExitCode.OK;
  }

  private @Nullable Object asked() throws CommandException, InterruptedException {
    String query = step.map(id -> "?step=" + ServerClient.segment(id)).orElse("");
    return server
        .client(context)
        .get(ServerClient.RUNS + "/" + ServerClient.segment(run) + "/explain" + query);
  }

  private Object read() throws CommandException {
    try (RunningApplication application =
        RunningApplication.start(
            context.home(), context.console().environment(), Foreground.quiet())) {
      Pool pool =
          application
              .bean(Pool.class)
              .orElseThrow(() -> CommandException.failed("this build has no database in it"));
      return new LocalRuns(pool).explain(run, step);
    }
  }

  private void print(Map<?, ?> explained) {
    Console console = context.console();
    Style style = console.style();
    if (step.isPresent()) {
      line(explained, style);
      entries(explained.get("history"))
          .forEach(
              entry ->
                  console
                      .out()
                      .println(
                          "  "
                              + style.dim(Style.harmless(String.valueOf(entry.get("at"))))
                              + "  "
                              + Style.harmless(String.valueOf(entry.get("sentence")))));
      return;
    }
    console.out().println(style.bold(Style.harmless(String.valueOf(explained.get("sentence")))));
    entries(explained.get("steps")).forEach(entry -> line(entry, style));
  }

  private void line(Map<?, ?> entry, Style style) {
    context
        .console()
        .out()
        .println(
            style.bold("'" + Style.harmless(String.valueOf(entry.get("id"))) + "'")
                + " "
                + Style.harmless(String.valueOf(entry.get("sentence")))
                + ".");
  }

  private static List<Map<?, ?>> entries(@Nullable Object list) {
    return list instanceof List<?> entries
        ? entries.stream()
            .filter(Map.class::isInstance)
            .<Map<?, ?>>map(entry -> (Map<?, ?>) entry)
            .toList()
        : List.of();
  }
}
