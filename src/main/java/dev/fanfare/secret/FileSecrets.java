package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Secrets in a file of {@code NAME=value} lines, or in a folder with one file for each secret, as
 * container platforms mount them. One line end at the end of such a file is not part of the value.
 */
public final class FileSecrets implements SecretStore {

  private static final System.Logger LOG = System.getLogger(FileSecrets.class.getName());

  private final Path path;
  private final Executor threads;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param threads where the file is read
   */
  public FileSecrets(Path path, Executor threads) {
    this.path = path;
    this.threads = threads;
  }

  @Override
  public Uni<Optional<String>> value(String name) {
    return Uni.createFrom().item(() -> read(name)).runSubscriptionOn(threads);
  }

  @Override
  public List<String> places(String name) {
    return List.of(Files.isDirectory(path) ? "the folder " + path : "the file " + path);
  }

  private Optional<String> read(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    String place = places(name).getFirst();
    try {
      if (Files.isDirectory(path)) {
        Path file = path.resolve(name);
        return Files.isRegularFile(file)
            ? Optional.of(withoutLineEnd(Files.readString(file)))
            : Optional.empty();
      }
      warnIfOpen();
      return Optional.ofNullable(DotEnv.parse(Files.readString(path)).get(name));
    } catch (CharacterCodingException e) {
      throw new SecretUnavailableException(name, place, "it is not UTF-8");
    } catch (IOException e) {
      throw new SecretUnavailableException(
          name, place, Files.exists(path) ? "no permission, or the disk fails" : "it is not there");
    } catch (DotEnv.SyntaxException e) {
      throw new SecretUnavailableException(name, place, String.valueOf(e.getMessage()));
    }
  }

  private static String withoutLineEnd(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  private void warnIfOpen() throws IOException {
    boolean posix = Files.getFileStore(path).supportsFileAttributeView("posix");
    if (posix
        && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)
        && warned.compareAndSet(false, true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Everybody on this machine can read the secrets in {0}. Change that with: chmod 600 {0}",
          path);
    }
  }
}
