package dev.fanfare.local.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where a server lives and as whom it runs.
 *
 * <p>Normally below Fanfare's home directory. Root in a container that permits no user namespace
 * runs the server as {@code nobody}, who cannot enter root's own home directory: then it lives
 * below {@code /var/lib/fanfare}, one folder for each home directory.
 */
record Placement(ServerDirectory directory, Account account) {

  private static final Path SHARED = Path.of("/var/lib/fanfare");

  /**
   * @throws PostgresException when no account can run a server for this home directory
   */
  static Placement of(Path home) throws IOException {
    ServerDirectory own = ServerDirectory.below(home);
    Optional<Account> there = Account.forDirectory(own.root());
    if (there.isPresent()) {
      return new Placement(own, there.get());
    }
    ServerDirectory shared = ServerDirectory.below(SHARED.resolve(nameOf(home)));
    Optional<Account> elsewhere = Account.forDirectory(shared.root());
    if (elsewhere.isPresent()) {
      return new Placement(shared, elsewhere.get());
    }
    throw new PostgresException(
        "PostgreSQL does not run as root, and this machine permits neither a user namespace"
            + " (unshare --user) nor a change to the account nobody (setpriv, runuser, su) that can"
            + " reach "
            + own.root()
            + " or "
            + SHARED
            + "; run Fanfare as an ordinary user, or point FANFARE_DATABASE_URL at a PostgreSQL"
            + " server");
  }

  private static String nameOf(Path home) {
    CRC32 crc = new CRC32();
    crc.update(home.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
