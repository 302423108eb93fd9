package dev.fanfare.local.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's programs, unpacked once from the archive on the class path. */
final class Software {

  /** Major version of the server that the build brings along. */
  static final int MAJOR = 17;

  private Software() {}

  /**
   * The folder with {@code bin}, {@code lib} and {@code share}; unpacks it where it is missing. The
   * caller holds the start lock.
   */
  static Path unpackedBelow(Path directory) throws IOException {
    URL archive = archive();
    Path target = directory.resolve("software-" + fingerprint(archive));
    if (Files.isDirectory(target)) {
      return target;
    }
    Path unfinished = directory.resolve("software.unfinished");
    deleteTree(unfinished);
    unpack(archive, unfinished);
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    try (Stream<Path> siblings = Files.list(directory)) {
      for (Path old : siblings.filter(path -> isOldSoftware(path, target)).toList()) {
        deleteTree(old);
      }
    }
    return target;
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      tree.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.deleteIfExists(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isOldSoftware(Path path, Path current) {
    return path.getFileName().toString().startsWith("software-") && !path.equals(current);
  }

  private static URL archive() throws PostgresException {
    String system = system();
    String machine = machine();
    String name = "/postgres-" + system + "-" + machine + ".txz";
    URL archive = null;
    for (String candidate :
        Files.exists(Path.of("/etc/alpine-release"))
            ? List.of(name.replace(".txz", "-alpine_linux.txz"), name)
            : List.of(name)) {
      archive = archive == null ? Software.class.getResource(candidate) : archive;
    }
    if (archive == null) {
      throw new PostgresException(
          "this build brings no PostgreSQL for "
              + system
              + " on "
              + machine
              + "; build Fanfare on this machine, or point FANFARE_DATABASE_URL at a PostgreSQL"
              + " server of version 14 or newer");
    }
    return archive;
  }

  private static String system() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os;
  }

  private static String machine() {
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> System.getProperty("os.arch", "unknown");
    };
  }

  /** Changes with the archive's content; costs no reading of it. */
  private static String fingerprint(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(false);
      try (var jar = connection.getJarFile()) {
        return Long.toHexString(jar.getEntry(connection.getEntryName()).getCrc());
      }
    }
    return "unpackaged";
  }

  private static void unpack(URL archive, Path target) throws IOException {
    Files.createDirectories(target);
    try (InputStream raw = archive.openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(raw)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new PostgresException("the PostgreSQL archive is damaged: " + entry.getName());
        }
        unpack(tar, entry, path);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
