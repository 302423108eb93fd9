package dev.fanfare.local.command;

import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Diagnostics;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a file would do, and everything that is wrong with it. Starts nothing. */
@Command(
    name = "plan",
    description = "Shows the compiled graph of a file and every diagnostic; runs nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private WorkflowArguments arguments = new WorkflowArguments();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private PlanFormat output = PlanFormat.TEXT;

  PlanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException {
    byte[] content = arguments.content();
    arguments.params();
    arguments.event();
    Console console = context.console();
    Imported imported = Dialects.read(content, arguments.file(), arguments.dialect());
    console
        .err()
        .print(
            new Diagnostics(arguments.file(), content, console.style())
                .render(imported.diagnostics()));
    return imported.workflow().isPresent() ? ExitCode.OK : ExitCode.USAGE;
  }
}
