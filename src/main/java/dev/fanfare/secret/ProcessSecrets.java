package dev.fanfare.secret;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All values that this process has ever read, for what belongs to no workflow: its own log. That is
 * one for the whole process, and so is this.
 */
public final class ProcessSecrets {

  private static final Set<String> VALUES = new LinkedHashSet<>();

  private static volatile Masker masker = Masker.NONE;

  private ProcessSecrets() {}

  /** Covers them. */
  public static Masker masker() {
    return masker;
  }

  static synchronized void add(String value) {
    if (VALUES.add(value)) {
      masker = Masker.of(VALUES);
    }
  }
}
