package dev.fanfare.work;

import dev.fanfare.work.log.LogSink;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Attempts for tests. */
public final class Assignments {

  private Assignments() {}

  public static Assignment in(Path workspace, LogSink log) {
    return new Assignment(
        UUID.randomUUID(),
        "release",
        "build",
        2,
        "key-1",
        workspace,
        log,
        new Pulse(),
        Optional.empty());
  }
}
