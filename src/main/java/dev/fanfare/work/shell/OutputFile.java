package dev.fanfare.work.shell;

import dev.fanfare.secret.Masker;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Yield;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file behind {@code $FANFARE_OUTPUT}.
 *
 * <p>Each line is {@code KEY=value}; a value of several lines is written as {@code KEY<<MARK}, its
 * lines, and a line that holds the mark alone. Empty lines do not count, a later value of the same
 * key wins, every value is a text.
 */
final class OutputFile {

  private static final Pattern PAIR = Pattern.compile("([A-Za-z_][A-Za-z0-9_.-]*)=(.*)");
  private static final Pattern BLOCK = Pattern.compile("([A-Za-z_][A-Za-z0-9_.-]*)<<(\\S+)");
  private static final int LIMIT_BYTES = 1 << 20;

  private OutputFile() {}

  /**
   * Reads the pairs; none where the script has removed the file.
   *
   * @param masker covers the secrets in what a message quotes
   * @throws WorkException code {@code output_invalid} with the line, or {@code output_too_large}
   */
  static Map<String, Object> read(Path file, Masker masker) throws WorkException {
    try {
      if (!Files.isRegularFile(file)) {
        return Map.of();
      }
      long size = Files.size(file);
      if (size > LIMIT_BYTES) {
        throw new WorkException(
            Yield.tooLarge(size, "Write large values to a file and yield its path."));
      }
      return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), masker);
    } catch (IOException e) {
      throw new WorkException(
          "output_invalid", "$FANFARE_OUTPUT cannot be read: " + e.getMessage() + ".");
    }
  }

  static Map<String, Object> parse(String text, Masker masker) throws WorkException {
    Map<String, Object> pairs = new LinkedHashMap<>();
    Iterator<String> lines = text.lines().iterator();
    for (int number = 1; lines.hasNext(); number++) {
      String line = lines.next();
      Matcher pair = PAIR.matcher(line);
      Matcher block = BLOCK.matcher(line);
      if (block.matches()) {
        StringBuilder value = new StringBuilder();
        number += readBlock(lines, block.group(2), value, number);
        pairs.put(block.group(1), value.toString());
      } else if (pair.matches()) {
        pairs.put(pair.group(1), pair.group(2));
      } else if (!line.isBlank()) {
        throw invalid(
            number, "is neither KEY=value nor KEY<<MARK: " + abbreviate(masker.mask(line)));
      }
    }
    return pairs;
  }

  private static int readBlock(
      Iterator<String> lines, String mark, StringBuilder value, int startedAt)
      throws WorkException {
    for (int count = 1; lines.hasNext(); count++) {
      String line = lines.next();
      if (line.equals(mark)) {
        return count;
      }
      value.append(count == 1 ? "" : "\n").append(line);
    }
    throw invalid(startedAt, "opens a value that no line with " + mark + " alone closes");
  }

  private static WorkException invalid(int line, String what) {
    return new WorkException(
        "output_invalid", "Line %d of $FANFARE_OUTPUT %s.".formatted(line, what));
  }

  private static String abbreviate(String line) {
    return line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }
}
