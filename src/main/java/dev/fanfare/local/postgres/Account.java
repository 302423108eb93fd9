package dev.fanfare.local.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * As whom the server's programs run. PostgreSQL refuses to run as root, so root hands them to a
 * process that is not: one in a user namespace of its own, or one of the account {@code nobody}.
 *
 * @param prefix words put before a command
 * @param owner numeric user and group ids that files must belong to; empty: the caller's own
 */
record Account(List<String> prefix, Optional<Owner> owner) {

  /** Numeric ids, as {@code chown} takes them. */
  record Owner(String user, String group) {}

  private static final Account CALLER = new Account(List.of(), Optional.empty());
  private static final Account NAMESPACE =
      new Account(List.of("unshare", "--user"), Optional.empty());

  /**
   * The account under which a server may use a directory; empty when root finds none that can reach
   * it. Creates the directory, for nobody else to read, and gives it to the account.
   *
   * @throws PostgresException when the directory belongs to somebody else
   */
  static Optional<Account> forDirectory(Path directory) throws IOException {
    createPrivate(directory);
    if (!"0".equals(output("id", "-u").orElse("0"))) {
      if (!Files.isWritable(directory)) {
        throw new PostgresException(
            "the directory "
                + directory
                + " belongs to somebody else, so no database can live in it; set FANFARE_HOME to a"
                + " directory of your own");
      }
      return Optional.of(CALLER);
    }
    String ownerNow = String.valueOf(Files.getAttribute(directory, "unix:uid"));
    List<Account> candidates =
        ownerNow.equals("0")
            ? Stream.concat(Stream.of(NAMESPACE), unprivileged()).toList()
            : unprivileged().filter(account -> account.has(ownerNow)).toList();
    for (Account candidate : candidates) {
      candidate.give(directory);
      if (candidate.canWrite(directory)) {
        return Optional.of(candidate);
      }
    }
    // Nothing lives there: a directory given away for nothing would hide it from root's next try.
    output("rmdir", directory.toString());
    return Optional.empty();
  }

  /** A command to be run as this account. */
  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(words);
    return command;
  }

  /** Makes a file or directory the account's own. */
  void give(Path path) throws IOException {
    if (owner.isPresent()) {
      output("chown", owner.get().user() + ":" + owner.get().group(), path.toString());
    }
  }

  private boolean has(String user) {
    return owner.isPresent() && owner.get().user().equals(user);
  }

  private boolean canWrite(Path directory) {
    List<String> probe = command(List.of("sh", "-c", "test -w \"$0\"", directory.toString()));
    return output(probe.toArray(String[]::new)).isPresent();
  }

  private static Stream<Account> unprivileged() {
    Optional<String> user = output("id", "-u", "nobody");
    Optional<String> group = output("id", "-g", "nobody");
    if (user.isEmpty() || group.isEmpty()) {
      return Stream.empty();
    }
    Optional<Owner> owner = Optional.of(new Owner(user.get(), group.get()));
    return Stream.of(
            List.of(
                "setpriv",
                "--reuid=" + user.get(),
                "--regid=" + group.get(),
                "--clear-groups",
                "--"),
            List.of("runuser", "-u", "nobody", "--"),
            List.of("su", "-s", "/bin/sh", "nobody", "-c", "exec \"$0\" \"$@\"", "--"))
        .map(prefix -> new Account(prefix, owner));
  }

  private static void createPrivate(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Another process that starts at the same moment was faster; a file in its place is told of.
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /** First line of what a command prints; empty when it fails or does not exist. */
  private static Optional<String> output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream stdout = process.getInputStream()) {
        String text = new String(stdout.readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
