package dev.fanfare.local.postgres;

import java.io.IOException;

/** A PostgreSQL server that cannot be had. The message says why and what to do about it. */
public final class PostgresException extends IOException {
  private static final long serialVersionUID = 1;

  public PostgresException(String message) {
    super(message);
  }

  public PostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
