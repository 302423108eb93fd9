package dev.fanfare.local.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts and stops the server of one directory. Every caller holds the start lock. */
final class Server {

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int START_ATTEMPTS = 5;
  private static final long LOG_LIMIT_BYTES = 8L << 20;
  private static final int LOG_TAIL_LINES = 12;

  /** What differs from PostgreSQL's defaults, whoever the server is for. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "max_connections=100",
          "shared_buffers=128MB",
          "wal_level=minimal",
          "max_wal_senders=0",
          "max_wal_size=1GB",
          "checkpoint_timeout=15min",
          "random_page_cost=1.1",
          "jit=off",
          "timezone=UTC",
          "log_timezone=UTC");

  /** For data that is thrown away: nothing is forced to the disk. */
  private static final List<String> THROW_AWAY =
      List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off");

  private static final List<String> DURABLE =
      List.of("fsync=on", "synchronous_commit=on", "full_page_writes=on");

  private final ServerDirectory directory;
  private final Account account;
  private final Path software;
  private final boolean durable;

  Server(ServerDirectory directory, Account account, Path software, boolean durable) {
    this.directory = directory;
    this.account = account;
    this.software = software;
    this.durable = durable;
  }

  /** The port of the server that runs; empty when none does. Waits for one that is starting. */
  Optional<Integer> runningPort() throws IOException {
    Optional<PostmasterFile> found = PostmasterFile.read(directory.data());
    if (found.isEmpty() || !found.get().isServerAlive(directory.data())) {
      return Optional.empty();
    }
    return awaitReady(found.get().pid());
  }

  /** Creates the data directory where there is none. */
  void initialise() throws IOException {
    if (Files.exists(directory.data().resolve("PG_VERSION"))) {
      return;
    }
    Path unfinished = directory.root().resolve("data.unfinished");
    Software.deleteTree(unfinished);
    Files.createDirectories(unfinished);
    account.give(unfinished);
    directory.password();
    account.give(directory.passwordFile());
    List<String> initdb =
        new ArrayList<>(
            List.of(
                program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + ServerDirectory.USER,
                "--auth=scram-sha-256",
                "--pwfile=" + directory.passwordFile(),
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions"));
    if (!durable) {
      initdb.add("--no-sync");
    }
    run(initdb, "create its data directory");
    Files.move(unfinished, directory.data(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts the server on a free port and waits until it answers. */
  int start() throws IOException {
    forgetDeadServer();
    trimLog();
    for (int attempt = 1; ; attempt++) {
      run(pgCtlStart(freePort()), "start");
      Optional<Integer> port = awaitStarted();
      if (port.isPresent()) {
        return port.get();
      }
      if (attempt == START_ATTEMPTS) {
        throw failure("start");
      }
      // The port may have been taken meanwhile, or children of a killed server are still leaving.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    }
  }

  /** Stops the server: clients are disconnected, everything is written. No server is no error. */
  void stop() throws IOException {
    Optional<PostmasterFile> running = PostmasterFile.read(directory.data());
    if (running.isEmpty() || !running.get().isServerAlive(directory.data())) {
      return;
    }
    // Not pg_ctl: it would have to run as the account. INT asks for PostgreSQL's fast shutdown.
    run(List.of("sh", "-c", "kill -INT " + running.get().pid()), "stop", false);
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (Files.exists(PostmasterFile.in(directory.data()))
        && running.get().isServerAlive(directory.data())) {
      if (System.nanoTime() > deadline) {
        throw failure("stop within " + STOP_LIMIT.toSeconds() + " seconds");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private List<String> pgCtlStart(int port) {
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.addAll(durable ? DURABLE : THROW_AWAY);
    settings.add("port=" + port);
    StringBuilder options = new StringBuilder();
    for (String setting : settings) {
      options.append("-c ").append(setting).append(' ');
    }
    return List.of(
        program("pg_ctl"),
        "start",
        "--pgdata=" + directory.data(),
        "--log=" + directory.log(),
        "--no-wait",
        "--silent",
        "--options=" + options);
  }

  /** Removes the mark of a server that died, when another process has its id by now. */
  private void forgetDeadServer() throws IOException {
    Optional<PostmasterFile> found = PostmasterFile.read(directory.data());
    if (found.isEmpty() || !found.get().isServerAlive(directory.data())) {
      Files.deleteIfExists(PostmasterFile.in(directory.data()));
    }
  }

  /** Waits until the server just launched is ready; empty when it ends instead. */
  private Optional<Integer> awaitStarted() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    Optional<PostmasterFile> found = PostmasterFile.read(directory.data());
    while (found.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
      found = PostmasterFile.read(directory.data());
    }
    return found.isEmpty() ? Optional.empty() : awaitReady(found.get().pid());
  }

  private Optional<Integer> awaitReady(long pid) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<PostmasterFile> now = PostmasterFile.read(directory.data());
      if (now.isEmpty() || now.get().pid() != pid || !now.get().isServerAlive(directory.data())) {
        return Optional.empty();
      }
      if (now.get().ready()) {
        return Optional.of(now.get().port());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw failure("become ready within " + START_LIMIT.toSeconds() + " seconds");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
      return socket.getLocalPort();
    }
  }

  private String program(String name) {
    return software.resolve("bin").resolve(name).toString();
  }

  private void run(List<String> command, String purpose) throws IOException {
    run(account.command(command), purpose, true);
  }

  private void run(List<String> command, String purpose, boolean mustSucceed) throws IOException {
    Path output = directory.root().resolve("command.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile()).redirectInput(Path.of("/dev/null").toFile());
    builder.directory(directory.root().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw failure(purpose + " within " + COMMAND_LIMIT.toSeconds() + " seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PostgreSQL was to " + purpose, e);
    }
    if (mustSucceed && process.exitValue() != 0) {
      throw new PostgresException(
          "PostgreSQL could not " + purpose + ": " + tail(output) + directory.log());
    }
  }

  private PostgresException failure(String purpose) throws IOException {
    return new PostgresException(
        "PostgreSQL did not "
            + purpose
            + "; its log ends with: "
            + tail(directory.log())
            + "the whole log is "
            + directory.log());
  }

  private static String tail(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "(nothing) ";
    }
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
    return String.join(" | ", last) + "; ";
  }

  private void trimLog() throws IOException {
    if (Files.exists(directory.log()) && Files.size(directory.log()) > LOG_LIMIT_BYTES) {
      Files.newByteChannel(
              directory.log(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
    }
  }
}
