package dev.fanfare.conductor;

import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Failures of the database that pass: lost connections, deadlocks, a server that restarts. */
public final class Transients {

  /** Most tries: the pauses between them last about six seconds together. */
  static final int TRIES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Transients() {}

  /** The answer to a question to the database, asked again while it cannot be reached. */
  static <T> T answer(Supplier<Uni<T>> question) {
    for (int attempt = 1; ; attempt++) {
      try {
        return question.get().await().atMost(PATIENCE);
      } catch (RuntimeException e) {
        if (attempt == TRIES || !isTransient(e)) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  /** Whether the same again may well succeed. */
  public static boolean isTransient(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg) {
        String state = String.valueOf(pg.getSqlState());
        // Class 08: the connection; 25006: a server that only reads, as after a failover; class 40:
        // rolled back to resolve a conflict; 53: no room for now; 57: the server goes down, comes
        // up or cancelled a statement; 58: its machine failed. 28P01: a password that is being
        // rotated, for the seconds until its secret says so.
        return state.equals("25006")
            || state.equals("28P01")
            || Stream.of("08", "40", "53", "57", "58").anyMatch(state::startsWith);
      }
      if (cause instanceof IOException
          || cause instanceof NoStackTraceThrowable // what the driver says of a closed connection
          || cause instanceof ContendedException
          || cause instanceof io.vertx.core.VertxException
          || cause instanceof io.smallrye.mutiny.TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Whether a row with that key was there already. */
  static boolean isDuplicate(Throwable failure) {
    return failure instanceof PgException pg && "23505".equals(pg.getSqlState());
  }

  /** Waits up to 20 ms, so that two that contend do not go on in step. */
  static void pauseBriefly() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
  }

  /** Waits before the next try: 50 ms doubled each time, at most 5 s. */
  static void pause(int attempt) {
    long millis = Math.min(5_000, 50L << Math.min(attempt, 10));
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
