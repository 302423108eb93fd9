package dev.fanfare.local.view;

import java.util.List;

/** Columns of text, as wide as their widest cell; the last one is cut to the terminal. */
final class Table {

  private static final int GAP = 2;
  private static final int LEAST_LAST_COLUMN = 20;

  private Table() {}

  /**
   * @param rows all of the same length; the first is the heading
   * @param columns width of the terminal
   */
  static String render(List<List<String>> rows, int columns, Style style) {
    int count = rows.getFirst().size();
    int[] widths = new int[count];
    for (List<String> row : rows) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    int before = 0;
    for (int i = 0; i < count - 1; i++) {
      before += widths[i] + GAP;
    }
    int room = Math.max(LEAST_LAST_COLUMN, columns - before - GAP);
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder(" ".repeat(GAP));
      for (int i = 0; i < count; i++) {
        String cell = rows.get(r).get(i);
        line.append(i < count - 1 ? Text.pad(cell, widths[i] + GAP) : Text.cut(cell, room));
      }
      String shown = line.toString().stripTrailing();
      text.append(r == 0 ? style.dim(shown) : coloured(shown, rows.get(r), style)).append('\n');
    }
    return text.toString();
  }

  /** A row in the colour of the status in its second cell. */
  private static String coloured(String line, List<String> row, Style style) {
    return switch (row.size() > 1 ? row.get(1) : "") {
      case "failed", "timed out", "timed_out", "denied" -> style.red(line);
      case "skipped", "not_run", "discarded", "not run" -> style.dim(line);
      case "cancelled", "aborted", "partially_succeeded" -> style.yellow(line);
      default -> line;
    };
  }
}
