package dev.fanfare.work.files;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.work.WorkException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Counts files against the limits of a workspace, and remembers the largest. */
final class Tally {

  private static final int LARGEST = 3;

  private final Limits limits;
  private final List<Large> largest = new ArrayList<>();
  private long bytes;
  private long files;

  private record Large(String name, long bytes) {}

  /**
   * @param before what there is already
   */
  Tally(Limits limits, Manifest.Usage before) {
    this.limits = limits;
    this.bytes = before.bytes();
    this.files = before.files();
  }

  void add(String name, long size) {
    files++;
    bytes += size;
    if (size > 0 && (largest.size() < LARGEST || size > largest.getLast().bytes())) {
      largest.add(new Large(name, size));
      largest.sort(Comparator.comparingLong(Large::bytes).reversed().thenComparing(Large::name));
      if (largest.size() > LARGEST) {
        largest.removeLast();
      }
    }
  }

  boolean isOver() {
    return bytes > limits.bytes() || files > limits.files();
  }

  /**
   * Refuses what is too much.
   *
   * @throws WorkException code {@code workspace_too_large}
   */
  void check() throws WorkException {
    if (!isOver()) {
      return;
    }
    boolean tooMany = files > limits.files();
    String found =
        tooMany ? "more than " + limits.files() + " files" : "more than " + size(limits.bytes());
    String names =
        largest.stream()
            .map(each -> "\"%s\" (%s)".formatted(Names.shown(each.name()), size(each.bytes())))
            .collect(Collectors.joining(", "));
    String setting = tooMany ? "fanfare.workspace.files" : "fanfare.workspace.limit";
    throw new WorkException(
        ErrorInfo.of(
                "workspace_too_large",
                ("With what this step has left, the run's workspace has %s, which is the limit%s."
                        + " Let steps remove what no later one needs, or raise %s.")
                    .formatted(found, names.isEmpty() ? "" : "; the largest are " + names, setting))
            .with("bytes", bytes)
            .with("files", files)
            .with("limit", tooMany ? limits.files() : limits.bytes()));
  }

  static String size(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String number =
        value == Math.rint(value)
            ? Long.toString((long) value)
            : String.format(Locale.ROOT, "%.1f", value);
    return number + " " + units[unit];
  }
}
