package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Style;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes a token. */
@Command(
    name = "revoke",
    description = "Revokes a token: from now on it is good for nothing.",
    mixinStandardHelpOptions = true)
final class TokenRevokeCommand implements Callable<Integer> {

  private final Context context;

  @Mixin private TokenDesk desk = new TokenDesk();

  @Parameters(index = "0", paramLabel = "ID", description = "Its id, as 'token list' shows it.")
  private String id = "";

  TokenRevokeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (desk.revoke(context, id) instanceof Map<?, ?> token) {
      context
          .console()
          .err()
          .println(
              Style.harmless(
                      "The token '"
                          + token.get("name")
                          + "' is revoked since "
                          + token.get("revokedAt"))
                  + ".");
    }
    return ExitCode.OK;
  }
}
