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

  /** Whether a server is named, or one runs on this machine. */
  boolean isThere(Context context) {
    return server.isPresent()
        || !context.console().environment().getOrDefault("FANFARE_SERVER", "").isBlank()
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
    String named = context.console().environment().getOrDefault("FANFARE_SERVER", "");
    String url =
        server.orElseGet(
            () -> named.isBlank() ? Announcement.read(context.home()).orElse(DEFAULT) : named);
    return ServerClient.at(url);
  }
}
