package dev.fanfare.local.command;

import dev.fanfare.function.access.Tokens;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token and prints its secret, this once. */
@Command(
    name = "create",
    description = "Makes a token. Its secret is printed, and cannot be had again.",
    mixinStandardHelpOptions = true)
final class TokenCreateCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private TokenDesk desk = new TokenDesk();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "Whose it is: shown in lists, and as who cancelled or approved something.")
  private String name = "";

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      required = true,
      split = ",",
      description =
          "read (look), run (start, rerun, cancel, approve, publish; and read) or admin (workflows"
              + " and tokens; and all else).")
  private List<String> scopes = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      description =
          "After which it is good no more, or 'never' (default " + Tokens.USUAL_LIFETIME + ").")
  private Optional<String> expires = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  TokenCreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer = desk.create(context, name, scopes, expires);
    Console console = context.console();
    if (output == OutputFormat.JSON) {
      console.out().println(Json.write(answer));
    } else if (answer instanceof Map<?, ?> token) {
      console.out().println(token.get("secret"));
      Object until = token.get("expiresAt");
      console
          .err()
          .println(
              Style.harmless(
                  "Token '"
                      + token.get("name")
                      + "' ("
                      + token.get("id")
                      + ") "
                      + (until == null ? "never expires" : "expires " + until)
                      + ". Keep its secret now: it is not shown again."));
    }
    return ExitCode.OK;
  }
}
