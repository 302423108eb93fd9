package dev.fanfare.local.command;

import dev.fanfare.local.FanfareHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The address of this machine's server, in a file where the other commands look for it. */
record Announcement(Path file, String url) implements AutoCloseable {

  static Announcement of(FanfareHome home, String url) {
    Path file = file(home);
    try {
      Files.createDirectories(home.root());
      Files.writeString(file, url + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Announcement(file, url);
  }

  /** What the latest server of this home announced; it may be gone. */
  static Optional<String> read(FanfareHome home) {
    try {
      return Optional.of(Files.readString(file(home)).strip()).filter(url -> !url.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the announcement back, unless another server has replaced it. */
  @Override
  public void close() {
    try {
      if (Files.exists(file) && Files.readString(file).strip().equals(url)) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(FanfareHome home) {
    return home.root().resolve("server.url");
  }
}
