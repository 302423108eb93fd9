package dev.fanfare.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The files of one embedded server.
 *
 * <p>Connections are authenticated with SCRAM and a random password of 256 bits that stands in a
 * file only its owner can read. {@code trust} on the loopback address would let every user and
 * every container process of the machine in as the superuser, and {@code COPY .. PROGRAM} would
 * then run their commands under this account. A socket in a private directory would do as well, but
 * the JDBC driver that runs the migrations speaks TCP only. SCRAM also proves the server to the
 * client: whoever answers on a port found in {@code postmaster.pid} and does not know the password
 * is not ours.
 *
 * @param root holds everything; readable by its owner only
 */
record ServerDirectory(Path root) {

  static final String USER = "fanfare";

  private static final int PASSWORD_BYTES = 32;

  static ServerDirectory below(Path home) {
    return new ServerDirectory(home.toAbsolutePath().resolve("postgres-" + Software.MAJOR));
  }

  Path data() {
    return root.resolve("data");
  }

  Path log() {
    return root.resolve("server.log");
  }

  /** Held exclusively by whoever starts or stops the server. */
  Path startLock() {
    return root.resolve("start.lock");
  }

  /** Held in shared mode by every process that uses the server. */
  Path clientsLock() {
    return root.resolve("clients.lock");
  }

  Path passwordFile() {
    return root.resolve("password");
  }

  /** The password; made up at the first call. */
  String password() throws IOException {
    Path file = passwordFile();
    if (!Files.exists(file)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      Path unfinished = root.resolve("password.unfinished");
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(unfinished, HexFormat.of().formatHex(random) + "\n");
      Files.move(unfinished, file);
    }
    return Files.readString(file).strip();
  }

  Database database(int port, String name) throws IOException {
    return new Database("127.0.0.1", port, name, USER, password(), Map.of());
  }
}
