package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class ServerOptions {

  private static final int KNOCK_MILLIS = 500;
  private static final String DEFAULT = "http://127.0.0.1:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The server (default: FANFARE_SERVER, else the one that 'serve' runs on this machine).")
  private Optional<String> server = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "The token that the server asks for (default: FANFARE_TOKEN, which nobody sees in a list"
              + " of processes).")
  private Optional<String> token = Optional.empty();

  /** Whether a server is named on the command line or in the environment. */
  boolean isNamed(Context context) {
    return server.isPresent() || named(context, "FANFARE_SERVER").isPresent();
  }

  /** The token that is sent along, if there is one. */
  Optional<String> token(Context context) {
    return token.or(() -> named(context, "FANFARE_TOKEN"));
  }

  private static Optional<String> named(Context context, String variable) {
    return Optional.ofNullable(context.console().environment().get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Whether a server is named, or one runs on this machine. */
  boolean isThere(Context context) {
    return isNamed(context)
        || Announcement.read(context.home()).filter(ServerOptions::answers).isPresent();
  }

  /** A server that was killed has left its announcement behind. */
  private static boolean answers(String url) {
    URI uri = URI.create(url);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), KNOCK_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  ServerClient client(Context context) throws CommandException {
    String url =
        server
            .or(() -> named(context, "FANFARE_SERVER"))
            .or(() -> Announcement.read(context.home()))
            .orElse(DEFAULT);
    return ServerClient.at(url, token(context));
  }
}
