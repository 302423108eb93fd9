package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Style;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Goes on with a run that has ended: on a server where one is named or runs on this machine, else
 * in this process, as {@code run} does.
 */
@Command(
    name = "rerun",
    description =
        "Runs a run that has ended once more: all of it, what failed and everything behind it, or"
            + " a step and everything behind it. Goes on in this process where no server is named"
            + " and none runs on this machine.",
    mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Option(
      names = "--from",
      paramLabel = "start|failed|STEP",
      description = "Where to begin (default ${DEFAULT-VALUE}).")
  private String from = "start";

  @Mixin private SecretsOption secrets = new SecretsOption();

  @Mixin private JarsOption jars = new JarsOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  RerunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String by = Decider.of(context.console());
    if (!server.isThere(context)) {
      Map<String, String> environment = context.console().environment();
      jars.book(environment);
      Map<String, String> settings = new HashMap<>(secrets.settings());
      settings.putAll(jars.settings(environment));
      return new Foreground(context, output, settings).run(engine -> engine.rerun(run, from, by));
    }
    Object answer =
        server
            .client(context)
            .post(
                ServerClient.RUNS + "/" + ServerClient.segment(run) + "/rerun",
                server.token(context).isEmpty()
                    ? Map.of("from", from, "by", by)
                    : Map.of("from", from));
    if (output == OutputFormat.JSON) {
      context.console().out().println(Json.write(answer));
    } else if (answer instanceof Map<?, ?> rerun) {
      context.console().err().println(sentence(rerun));
    }
    return ExitCode.OK;
  }

  private static String sentence(Map<?, ?> rerun) {
    String subject = "The run " + rerun.get("id");
    return Style.harmless(
            Boolean.TRUE.equals(rerun.get("restarted"))
                ? subject + " goes on as attempt " + rerun.get("attempt")
                : subject + " is not over: it is " + rerun.get("status"))
        + ".";
  }
}
