package dev.fanfare.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The zips that are deployed to Lambda, as {@code scripts/package} makes them. Where one is
 * missing, the test that asks for it fails under {@code scripts/test}, which makes them, and is
 * left out with a word elsewhere.
 */
public enum Deployables {
  /** All handlers. */
  FUNCTION("function"),
  /** Dispatcher and step: neither HTTP nor Hibernate is in it. */
  WORKER("worker"),
  /** {@link #WORKER} with a step that does nothing; {@code bench lambda} alone makes it. */
  BENCH("bench");

  private static final Path FOLDER = Path.of("target", "lambda").toAbsolutePath();

  private final String name;

  Deployables(String name) {
    this.name = name;
  }

  public Path zip() {
    Path zip = FOLDER.resolve(name + ".zip");
    if (!Files.exists(zip)) {
      String message = zip + " is missing: scripts/package makes it";
      if ("required".equals(System.getenv("FANFARE_ZIPS"))) {
        fail(message);
      }
      abort(message);
    }
    return zip;
  }

  /**
   * The folder that Lambda would have at {@code /var/task}: unpacked once for each build, shared by
   * all processes of this machine, and not to be written to.
   */
  @SuppressWarnings("try") // the lock is there to be held
  public Path unpacked() {
    Path zip = zip();
    try {
      FileTime built = Files.getLastModifiedTime(zip);
      Path folder = FOLDER.resolve(name + "-" + built.toMillis());
      Path done = folder.resolveSibling(folder.getFileName() + ".done");
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.exists(done)) {
          removeOlder();
          unpack(zip, folder);
          Files.createFile(done);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeOlder() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      for (Path old : all.filter(this::isUnpacked).toList()) {
        try (Stream<Path> files = Files.walk(old)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private boolean isUnpacked(Path path) {
    return path.getFileName().toString().matches(name + "-[0-9]+(\\.done)?");
  }

  private static void unpack(Path zip, Path folder) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder) || entry.isDirectory()) {
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.copy(in, target);
      }
    }
  }
}
