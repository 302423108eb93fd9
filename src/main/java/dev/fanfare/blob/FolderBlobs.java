package dev.fanfare.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Blobs in a folder, each a file at its key. A file is written beside the others and linked to its
 * name, which only one can have. Nothing removes old ones.
 */
public final class FolderBlobs implements Blobs {

  private static final String UNFINISHED = ".new-";

  private final Path root;

  /**
   * @param root made when it is first needed
   */
  public FolderBlobs(Path root) {
    this.root = root;
  }

  @Override
  public boolean put(String key, long length, Source source) throws IOException {
    Path file = file(key);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path folder = Files.createDirectories(file.getParent() == null ? root : file.getParent());
    Path unfinished = Files.createTempFile(folder, UNFINISHED, "");
    try {
      long written;
      try (InputStream in = new FirstBytes(source.open(), length + 1);
          OutputStream out = Files.newOutputStream(unfinished)) {
        written = in.transferTo(out);
      }
      if (written != length) {
        throw new IOException(
            "the blob %s was to have %d bytes and has %d".formatted(key, length, written));
      }
      Files.createLink(file, unfinished);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  @Override
  public Optional<InputStream> read(String key, long from, long length) throws IOException {
    try {
      FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ);
      channel.position(from);
      return Optional.of(new FirstBytes(Channels.newInputStream(channel), length));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> list(String prefix, int most) throws IOException {
    Path around = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(around)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(around)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(key -> key.startsWith(prefix) && !key.contains("/" + UNFINISHED))
          .sorted()
          .limit(most)
          .toList();
    }
  }

  private Path file(String key) {
    Path file = root.resolve(key).normalize();
    if (!file.startsWith(root.normalize())) {
      throw new IllegalArgumentException("no key of a blob: " + key);
    }
    return file;
  }

  @Override
  public String toString() {
    return "the folder " + root;
  }

  @Override
  public void close() {}
}
