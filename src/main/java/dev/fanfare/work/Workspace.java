package dev.fanfare.work;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The folder that the steps of one run share.
 *
 * @param folder absolute, without links; only its owner may enter it
 */
public record Workspace(Path folder) {

  /**
   * The folder of a run under a root, made when missing.
   *
   * @throws IOException when it cannot be made
   */
  public static Workspace create(Path root, UUID run) throws IOException {
    Path folder = Files.createDirectories(root).toRealPath().resolve(run.toString());
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
   * Removes the folder and all in it; links are removed, not followed. Nothing happens when it is
   * not there.
   *
   * @throws IOException when something cannot be removed
   */
  public void delete() throws IOException {
    deleteTree(folder);
  }

  /** Removes a folder and all in it without following links. */
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
