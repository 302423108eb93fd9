package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what the steps of a run have written, or one of them. */
@Command(
    name = "logs",
    description = "Prints what the steps of a run have written, or one of them.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "STEP", description = "One step's id.")
  private Optional<String> step = Optional.empty();

  @Option(names = "--tail", paramLabel = "N", description = "Only the step's last N lines.")
  private Optional<Integer> tail = Optional.empty();

  LogsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String below = step.map(id -> "/" + ServerClient.segment(id)).orElse("");
    String query = tail.map(lines -> "?tail=" + lines).orElse("");
    if (tail.isPresent() && step.isEmpty()) {
      throw CommandException.usage("--tail needs a STEP; name the step whose last lines to print");
    }
    String path = ServerClient.RUNS + "/" + ServerClient.segment(run) + "/logs" + below + query;
    PrintStream out = context.console().out();
    server.client(context).lines(path, out::println);
    return ExitCode.OK;
  }
}
