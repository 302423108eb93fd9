package dev.fanfare.local.command;

import dev.fanfare.local.FanfareHome;
import dev.fanfare.local.Interruption;
import dev.fanfare.local.view.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The top of the command line: knows the commands and turns every failure into one sentence. */
@Command(
    name = "fanfare",
    description = "Runs workflows: graphs of steps that fan out, race and fan in.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit codes: 0 succeeded (or partially), 1 failed or timed out, 2 the file or the call is"
          + " wrong, 3 cancelled.",
      "",
      "Environment:",
      "  FANFARE_HOME            where the embedded database, workspaces and logs live"
          + " (default ~/.fanfare)",
      "  FANFARE_DATABASE_URL    a PostgreSQL server to use instead of the embedded one",
      "  FANFARE_SERVER          the server that runs, show, cancel, ... talk to",
      "  FANFARE_TOKEN           the token that it asks for",
      "  FANFARE_KEEP_POSTGRES   1 leaves the embedded server running for the next command",
      "  FANFARE_JAVA_HOME       the JDK to use",
      "  NO_COLOR                no colours"
    })
public final class FanfareCommand {

  private FanfareCommand() {}

  /**
   * Carries out one command line.
   *
   * @return the exit code
   */
  public static int execute(Console console, Interruption interruption, String... arguments) {
    Context context = new Context(console, FanfareHome.of(console.environment()), interruption);
    CommandLine line = new CommandLine(new FanfareCommand());
    line.addSubcommand(new RunCommand(context));
    line.addSubcommand(new PlanCommand(context));
    line.addSubcommand(new ServeCommand(context));
    line.addSubcommand(new RunsCommand(context));
    line.addSubcommand(new ShowCommand(context));
    line.addSubcommand(new LogsCommand(context));
    line.addSubcommand(new ExplainCommand(context));
    line.addSubcommand(new CancelCommand(context));
    line.addSubcommand(new RerunCommand(context));
    line.addSubcommand(new ApproveCommand(context));
    line.addSubcommand(new DenyCommand(context));
    line.addSubcommand(TokenCommand.line(context));
    line.addSubcommand(new BenchCommand(context));
    Failures failures = new Failures(context);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpWidth(Math.max(80, Math.min(console.columns(), 110)));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // An argument such as @form.json is a value and no list of more arguments.
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    return line.execute(arguments);
  }
}
