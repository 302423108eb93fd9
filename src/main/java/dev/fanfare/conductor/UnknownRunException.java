package dev.fanfare.conductor;

import java.util.UUID;

/** There is no such run. */
public final class UnknownRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownRunException(UUID run) {
    super("there is no run " + run);
  }
}
