package dev.fanfare.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Tables of pages, between {@code <!-- NAME: .. -->} and {@code <!-- end of NAME -->}. */
final class Tables {

  private Tables() {}

  /** The cells of each row, without the head. */
  static List<List<String>> rows(Path page, String name) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf("<!-- " + name + ":");
    int to = text.indexOf("<!-- end of " + name + " -->");
    if (from < 0 || to < from) {
      throw new IllegalStateException(page + " has no table '" + name + "'");
    }
    return text.substring(from, to)
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(
            line ->
                Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
                    .map(String::strip)
                    .toList())
        .toList();
  }
}
