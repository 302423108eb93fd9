package dev.fanfare.graph;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/** "Did you mean": the known name nearest to one that is not known. */
final class Suggestion {

  private Suggestion() {}

  static String of(String name, Collection<String> known) {
    int limit = Math.max(1, (name.length() + 1) / 3);
    return known.stream()
        .filter(candidate -> Math.abs(candidate.length() - name.length()) <= limit)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .filter(candidate -> distance(name, candidate) <= limit)
        .map(candidate -> "did you mean '" + candidate + "'?")
        .orElseGet(
            () ->
                known.isEmpty()
                    ? "there is no other step"
                    : "the steps are "
                        + known.stream().sorted().limit(8).collect(Collectors.joining(", "))
                        + (known.size() > 8 ? ", ..." : ""));
  }

  /** Levenshtein's distance, ignoring case. */
  static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
