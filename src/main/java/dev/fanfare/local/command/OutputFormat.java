package dev.fanfare.local.command;

/** How a result is printed. */
enum OutputFormat {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return this == TEXT ? "text" : "json";
  }
}
