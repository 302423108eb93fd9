package dev.fanfare.local.postgres;

import java.nio.file.Path;

/** A process that uses the server of a home directory until its standard input ends. */
final class ServerUser {

  private ServerUser() {}

  /**
   * @param arguments the home directory
   */
  public static void main(String[] arguments) throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.open(Path.of(arguments[0]), EmbeddedPostgres.Options.DEFAULT)) {
      System.out.println(postgres.database().port());
      while (System.in.read() >= 0) {
        // Until the test closes the stream.
      }
    }
  }
}
