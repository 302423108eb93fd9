package tally;

import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values, quoted as RFC 4180 has it. */
public final class Csv {

  private Csv() {}

  /** Cuts a line into its fields. */
  public static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (doubled) {
          field.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is not closed: " + line);
    }
    fields.add(field.toString());
    return fields;
  }

  /** Puts fields together, with quotes where they are needed. */
  public static String line(List<String> fields) {
    List<String> written = new ArrayList<>();
    for (String field : fields) {
      boolean plain = field.indexOf('"') < 0 && field.indexOf(',') < 0;
      written.add(plain ? field : '"' + field.replace("\"", "\"\"") + '"');
    }
    return String.join(",", written);
  }
}
