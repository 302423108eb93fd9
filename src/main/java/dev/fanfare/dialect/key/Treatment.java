package dev.fanfare.dialect.key;

import java.util.Locale;

/** What becomes of a key of a foreign dialect. */
public enum Treatment {
  /** It means the same here. */
  SUPPORTED,
  /** It becomes something else that does the same, or nearly; the rule says what. */
  MAPPED,
  /** It is not honoured: a diagnostic says so, and what follows from that. */
  REPORTED;

  /** The name in plans and pages. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
