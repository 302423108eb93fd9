package dev.fanfare.work;

import dev.fanfare.work.log.LogSink;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Attempts for tests. */
public final class Assignments {

  public static final TraceContext TRACE =
      new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, "");

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
        Optional.empty(),
        TRACE);
  }
}
