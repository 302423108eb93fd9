package dev.fanfare.work;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Set;

/**
 * The folder that a step works in: that of its run, or its own.
 *
 * @param folder absolute, without links; only its owner may enter it
 */
public record Workspace(Path folder) {

  /**
   * The folder of a run under a root, made when missing.
   *
   * @param name of the folder
   * @throws IOException when it cannot be made
   */
  public static Workspace create(Path root, String name) throws IOException {
    Path folder = Files.createDirectories(root).toRealPath().resolve(name);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder);
      restrict(folder);
    }
    return new Workspace(folder);
  }

  private static void restrict(Path folder) throws IOException {
    Set<String> views = folder.getFileSystem().supportedFileAttributeViews();
    if (views.contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /**
   * A path that a person wrote, inside the workspace. Nothing needs to exist there, but what exists
   * of it must not lead out: no absolute path, no {@code ..} above the top, no link to elsewhere.
   *
   * @throws WorkException code {@code path_outside_workspace} or {@code path_invalid}
   */
  public Path resolve(String relative) throws WorkException {
    try {
      Path real = folder.toRealPath();
      Path resolved = real.resolve(relative).normalize();
      if (Path.of(relative).isAbsolute() || !resolved.startsWith(real)) {
        throw outside(relative);
      }
      checkExisting(real, resolved, relative);
      return resolved;
    } catch (InvalidPathException e) {
      throw invalid(relative, e.getReason());
    } catch (IOException e) {
      throw invalid(relative, "it cannot be followed: " + e.getMessage());
    }
  }

  /** Follows the path from the top down as far as it exists. */
  private static void checkExisting(Path real, Path resolved, String relative)
      throws WorkException, IOException {
    Path existing = real;
    for (Path name : real.relativize(resolved)) {
      existing = existing.resolve(name);
      if (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (!existing.toRealPath().startsWith(real)) {
        throw outside(relative);
      }
    }
  }

  private static WorkException outside(String relative) {
    return new WorkException(
        "path_outside_workspace",
        "The path \"%s\" leads out of the run's workspace. Use a path inside it."
            .formatted(relative));
  }

  private static WorkException invalid(String relative, String why) {
    return new WorkException(
        "path_invalid", "The path \"%s\" cannot be used: %s.".formatted(relative, why));
  }

  /**
   * A file in the workspace as it is now.
   *
   * @param size in bytes; more than {@code bytes} has where the file is larger than was asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
  public record Content(long size, byte[] bytes) {}

  /**
   * Reads a file that {@link #resolve} has found. It is opened from folder to folder without
   * following a link, so that it makes no difference what others do to the path meanwhile.
   *
   * @param limit most bytes to read
   * @throws WorkException code {@code path_outside_workspace}, or {@code path_invalid} for what is
   *     no file
   */
  public Content read(Path file, int limit) throws WorkException, IOException {
    Path top = folder.toRealPath();
    Path real = file.toRealPath();
    String shown = folder.relativize(file).toString();
    if (!real.startsWith(top)) {
      throw outside(shown);
    }
    if (real.equals(top)) {
      throw invalid(shown, "it is no file");
    }
    Iterator<Path> names = top.relativize(real).iterator();
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(top)) {
      return opened instanceof SecureDirectoryStream<Path> secure
          ? read(secure, names, limit, shown)
          : read(real, limit, shown);
    }
  }

  private static Content read(
      SecureDirectoryStream<Path> around, Iterator<Path> names, int limit, String shown)
      throws WorkException, IOException {
    Path name = names.next();
    if (names.hasNext()) {
      try (SecureDirectoryStream<Path> next =
          around.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        return read(next, names, limit, shown);
      }
    }
    BasicFileAttributes attributes =
        around
            .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    checkIsFile(attributes, shown);
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = around.newByteChannel(name, options)) {
      return content(channel, limit);
    }
  }

  private static Content read(Path real, int limit, String shown)
      throws WorkException, IOException {
    checkIsFile(
        Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS), shown);
    try (SeekableByteChannel channel =
        Files.newByteChannel(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return content(channel, limit);
    }
  }

  private static void checkIsFile(BasicFileAttributes attributes, String shown)
      throws WorkException {
    if (!attributes.isRegularFile()) {
      throw invalid(shown, "it is no file");
    }
  }

  private static Content content(SeekableByteChannel channel, int limit) throws IOException {
    return new Content(channel.size(), Channels.newInputStream(channel).readNBytes(limit));
  }
}
