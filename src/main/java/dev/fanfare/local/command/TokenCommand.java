package dev.fanfare.local.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tokens of the API: what its subcommands are about. */
@Command(
    name = "token",
    description =
        "Makes, lists and revokes tokens of the API: on the database that 'serve' uses, or with"
            + " --server on a server, which takes a token with the scope admin.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine line(Context context) {
    CommandLine line = new CommandLine(new TokenCommand());
    line.addSubcommand(new TokenCreateCommand(context));
    line.addSubcommand(new TokenListCommand(context));
    line.addSubcommand(new TokenRevokeCommand(context));
    return line;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: token create, token list or token revoke");
  }
}
