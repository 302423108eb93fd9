package dev.fanfare.conductor;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Failures of the database that pass: lost connections, deadlocks, a server that restarts. */
final class Transients {

  private Transients() {}

  static boolean isTransient(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg) {
        String state = String.valueOf(pg.getSqlState());
        // Class 40: rolled back to resolve a conflict; 57P: the server goes down or comes up;
        // 53300: too many connections.
        return state.startsWith("40") || state.startsWith("57P") || state.equals("53300");
      }
      if (cause instanceof IOException
          || cause instanceof io.vertx.core.VertxException
          || cause instanceof io.smallrye.mutiny.TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Waits before the next try: 50 ms doubled each time, at most 5 s. */
  static void pause(int attempt) {
    long millis = Math.min(5_000, 50L << Math.min(attempt, 10));
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
