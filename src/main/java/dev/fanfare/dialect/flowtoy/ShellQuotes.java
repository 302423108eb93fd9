package dev.fanfare.dialect.flowtoy;

/** Which quotes a place in a line of the shell stands in. */
final class ShellQuotes {

  private char open;
  private boolean escaped;

  /** Goes over a piece of the line. */
  void pass(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\' && open != '\'') {
        escaped = true;
      } else if (open == 0 && (c == '\'' || c == '"')) {
        open = c;
      } else if (c == open) {
        open = 0;
      }
    }
  }

  /** The value of a variable, as one word or a part of one, where the line has come to. */
  String inside(String variable) {
    return switch (open) {
      case '\'' -> "'\"${" + variable + "}\"'";
      case '"' -> "${" + variable + "}";
      default -> "\"${" + variable + "}\"";
    };
  }
}
