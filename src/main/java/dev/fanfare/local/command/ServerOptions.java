package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class ServerOptions {

  private static final String DEFAULT = "http://127.0.0.1:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The server (default: FANFARE_SERVER, else the one that 'serve' runs on this machine).")
  private Optional<String> server = Optional.empty();

  ServerClient client(Context context) throws CommandException {
    String named = context.console().environment().getOrDefault("FANFARE_SERVER", "");
    String url =
        server.orElseGet(
            () -> named.isBlank() ? Announcement.read(context.home()).orElse(DEFAULT) : named);
    return ServerClient.at(url);
  }
}
