package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.plan.Plan;
import dev.fanfare.local.plan.PlanJson;
import dev.fanfare.local.plan.PlanMermaid;
import dev.fanfare.local.plan.PlanText;
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
    byte[] content = arguments.found(context.console().environment()).content();
    Plan plan =
        Plan.of(
            content,
            arguments.file(),
            arguments.dialect(),
            arguments.planInputs(false, context.console()));
    Console console = context.console();
    console
        .err()
        .print(
            new Diagnostics(arguments.file(), content, console.style()).render(plan.diagnostics()));
    switch (output) {
      case TEXT -> console.out().print(PlanText.of(plan, console.style()));
      case JSON -> console.out().println(Json.writePretty(PlanJson.of(plan)));
      case MERMAID -> console.out().print(PlanMermaid.of(plan));
    }
    return plan.isGood() ? ExitCode.OK : ExitCode.USAGE;
  }
}
