package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalEngine;
import dev.fanfare.local.plan.Plan;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Diagnostics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job: runs a file to its end in this process. */
@Command(
    name = "run",
    description =
        "Runs a workflow file to its end, shows live progress and prints the outcome. Starts the"
            + " embedded PostgreSQL where no other is named.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private WorkflowArguments arguments = new WorkflowArguments();

  @Option(
      names = "--max-parallel",
      paramLabel = "N",
      description = "At most N steps at work at once; 0 is no limit. Overrides the file's.")
  private Optional<Integer> maxParallel = Optional.empty();

  @Mixin private SecretsOption secrets = new SecretsOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}); json prints one object on standard"
              + " output.")
  private OutputFormat output = OutputFormat.TEXT;

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Map<String, String> environment = context.console().environment();
    arguments.found(environment);
    LocalEngine.Request request = request();
    Map<String, String> settings = new HashMap<>(secrets.settings());
    settings.putAll(arguments.settings(environment));
    if (!isReadable(request)) {
      return ExitCode.USAGE;
    }
    return new Foreground(context, output, settings).run(engine -> engine.start(request));
  }

  private LocalEngine.Request request() throws CommandException {
    if (maxParallel.isPresent() && maxParallel.get() < 0) {
      throw CommandException.usage("--max-parallel must be 0 (no limit) or more");
    }
    return new LocalEngine.Request(
        arguments.content(),
        arguments.file(),
        arguments.dialect(),
        arguments.params(),
        arguments.event(),
        arguments.run(context.console()),
        maxParallel.map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  /** Says what is wrong with a file before anything is started for it. */
  private boolean isReadable(LocalEngine.Request request) throws CommandException {
    Console console = context.console();
    Plan plan =
        Plan.of(
            request.content(),
            request.fileName(),
            request.dialect(),
            arguments.planInputs(true, console));
    console
        .err()
        .print(
            new Diagnostics(request.fileName(), request.content(), console.style())
                .render(plan.diagnostics()));
    return plan.isGood();
  }
}
