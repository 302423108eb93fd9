package dev.fanfare.expression;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds names with dashes, which CEL reads as subtractions. */
final class DashedNames {

  private static final Pattern DASHED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\.([A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)+)");

  private DashedNames() {}

  /** What to write for the dashed name that an offset (in code points) lies in; empty if none. */
  static String around(String source, int at) {
    int index =
        source.offsetByCodePoints(0, Math.min(at, source.codePointCount(0, source.length())));
    Matcher dashed = DASHED.matcher(source);
    while (dashed.find()) {
      if (dashed.start(2) < index && index < dashed.end(2)) {
        return "write " + dashed.group(1) + "[\"" + dashed.group(2) + "\"]";
      }
    }
    return "";
  }
}
