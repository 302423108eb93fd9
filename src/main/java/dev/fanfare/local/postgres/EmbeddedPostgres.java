package dev.fanfare.local.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * This process's share in the embedded server of a home directory.
 *
 * <p>{@link #open} starts the server, or joins the one that another Fanfare process started or left
 * behind; {@link #close} leaves it, and stops it when nobody else uses it.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final String DATABASE = "fanfare";
  private static final String FIND_DATABASE =
      "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'";

  private final Server server;
  private final ServerDirectory directory;
  private final FileChannel clients;
  private final Database database;
  private final boolean keep;
  private boolean closed;

  private EmbeddedPostgres(
      Server server,
      ServerDirectory directory,
      FileChannel clients,
      Database database,
      boolean keep) {
    this.server = server;
    this.directory = directory;
    this.clients = clients;
    this.database = database;
    this.keep = keep;
  }

  /**
   * How a server is run.
   *
   * @param durable whether a commit survives a crash of the machine; {@code false} is for tests
   * @param keep whether the server goes on after the last process has left
   */
  public record Options(boolean durable, boolean keep) {
    public static final Options DEFAULT = new Options(true, false);
  }

  /**
   * Starts or joins the server below a home directory. A process opens a directory once at a time.
   *
   * @throws PostgresException when there can be no server; the message says what to do
   */
  public static EmbeddedPostgres open(Path home, Options options) throws IOException {
    Placement placement = Placement.of(home);
    ServerDirectory directory = placement.directory();
    try (FileChannel starting = openLock(directory.startLock())) {
      starting.lock();
      Path software = Software.unpackedBelow(directory.root());
      Server server = new Server(directory, placement.account(), software, options.durable());
      FileChannel clients = openLock(directory.clientsLock());
      try {
        clients.lock(0, Long.MAX_VALUE, true);
        Database database = join(server, directory);
        return new EmbeddedPostgres(server, directory, clients, database, options.keep());
      } catch (IOException | RuntimeException e) {
        clients.close();
        throw e;
      }
    } catch (OverlappingFileLockException e) {
      throw new PostgresException("this process uses the PostgreSQL of " + home + " already", e);
    }
  }

  /** Where the server listens now. */
  public Database database() {
    return database;
  }

  /** Leaves the server, and stops it when this was the last process that used it. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (FileChannel starting = openLock(directory.startLock())) {
      starting.lock();
      clients.close();
      if (!keep && isUnused()) {
        server.stop();
      }
    }
  }

  private boolean isUnused() throws IOException {
    try (FileChannel channel = openLock(directory.clientsLock())) {
      return channel.tryLock() != null;
    }
  }

  private static Database join(Server server, ServerDirectory directory) throws IOException {
    server.initialise();
    Optional<Integer> running = server.runningPort();
    int port = running.isPresent() ? running.get() : server.start();
    Path created = directory.data().resolve("fanfare.created");
    if (running.isPresent() || !Files.exists(created)) {
      createDatabase(directory, directory.database(port, "postgres"));
      Files.writeString(created, "");
    }
    return directory.database(port, DATABASE);
  }

  /**
   * Creates the database where it is missing. Getting in also proves that a server which was found
   * running is ours: one that does not know the password fails the SCRAM exchange.
   */
  private static void createDatabase(ServerDirectory directory, Database admin)
      throws PostgresException {
    try (Connection connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        Statement statement = connection.createStatement()) {
      boolean exists;
      try (ResultSet found = statement.executeQuery(FIND_DATABASE)) {
        exists = found.next();
      }
      if (!exists) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    } catch (SQLException e) {
      throw new PostgresException(
          "the PostgreSQL server of "
              + directory.root()
              + " does not let this process in: "
              + e.getMessage(),
          e);
    }
  }

  private static FileChannel openLock(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
