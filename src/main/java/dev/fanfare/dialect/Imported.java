package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.key.KeyUse;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What became of a file.
 *
 * @param dialect the dialect it was read in; {@code unknown} where none could be chosen
 * @param workflow present exactly when no diagnostic is an error
 * @param diagnostics what there is to say about the file, in the order of its lines
 * @param keys what became of each key of a foreign file, in the order of its lines
 * @param read what of the run the file's meaning depends on: {@link ImportInputs#read()}
 */
public record Imported(
    String dialect,
    Optional<Workflow> workflow,
    List<Diagnostic> diagnostics,
    List<KeyUse> keys,
    Map<String, Object> read) {

  /** The dialect of a file for which none could be chosen. */
  public static final String UNKNOWN = "unknown";

  private static final int MAX_MESSAGE = 1000;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

  public Imported {
    keys = List.copyOf(keys);
    diagnostics =
        diagnostics.stream()
            .map(Imported::printable)
            .sorted(Comparator.comparing(Diagnostic::span))
            .toList();
    if (diagnostics.stream().anyMatch(Diagnostic::isError)) {
      workflow = Optional.empty();
    }
  }

  /** A file that means the same to every run, and whose keys need no explanation. */
  public Imported(String dialect, Optional<Workflow> workflow, List<Diagnostic> diagnostics) {
    this(dialect, workflow, diagnostics, List.of(), Map.of());
  }

  /** Whether the file may mean something else to a run that brings something else. */
  public boolean isShaped() {
    return !read.isEmpty();
  }

  /** A file that cannot be read. */
  public static Imported refused(String dialect, List<Diagnostic> diagnostics) {
    return new Imported(dialect, Optional.empty(), diagnostics);
  }

  /** Messages quote what a stranger wrote: one line of bounded length, no control characters. */
  private static Diagnostic printable(Diagnostic found) {
    return new Diagnostic(
        found.severity(),
        found.code(),
        printable(found.message()),
        found.span(),
        printable(found.hint()));
  }

  private static String printable(String text) {
    String line = CONTROL.matcher(text).replaceAll(" ");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  /** The same with earlier findings in front. */
  Imported after(List<Diagnostic> earlier) {
    List<Diagnostic> all = Stream.concat(earlier.stream(), diagnostics.stream()).toList();
    return new Imported(dialect, workflow, all, keys, read);
  }
}
