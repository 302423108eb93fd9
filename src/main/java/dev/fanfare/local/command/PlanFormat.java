package dev.fanfare.local.command;

/** How a plan is printed. */
enum PlanFormat {
  TEXT,
  JSON,
  MERMAID;

  @Override
  public String toString() {
    return switch (this) {
      case TEXT -> "text";
      case JSON -> "json";
      case MERMAID -> "mermaid";
    };
  }
}
