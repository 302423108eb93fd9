package dev.fanfare.work.files;

import dev.fanfare.work.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What changes when a file does.
 *
 * @param changed nanoseconds since 1970 of the last change to the file or to what is known of it,
 *     which no program can set; of the last change to its content where the system keeps no other
 * @param modified nanoseconds since 1970 of the last change to its content
 */
record Stamp(long size, int mode, long modified, long changed, Object identity) {

  static Stamp of(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Map<String, Object> values =
          Files.readAttributes(
              file, "unix:size,mode,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
      return new Stamp(
          (Long) value(values, "size"),
          (Integer) value(values, "mode") & 07777,
          nanos((FileTime) value(values, "lastModifiedTime")),
          nanos((FileTime) value(values, "ctime")),
          value(values, "ino"));
    }
    long modified = nanos(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
    return new Stamp(Files.size(file), Trees.mode(file), modified, modified, "");
  }

  /** What was asked for is there, or reading would have failed. */
  private static Object value(Map<String, Object> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
