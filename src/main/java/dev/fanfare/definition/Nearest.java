package dev.fanfare.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known word nearest to one that is not known. */
public final class Nearest {

  /** Nobody mistypes a longer word recognisably, and comparing it costs. */
  private static final int LONGEST = 60;

  private Nearest() {}

  /**
   * The known word nearest to a written one, if it is near enough to be a slip: at most a third of
   * its letters, and never more than three, are wrong, missing, too many or swapped. Case, dashes
   * and underscores do not count.
   */
  public static Optional<String> to(String written, Collection<String> known) {
    String word = normal(written);
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    int most = Math.max(1, Math.min(3, (word.length() + 1) / 3));
    return known.stream()
        .filter(candidate -> !candidate.equals(written))
        .filter(candidate -> Math.abs(normal(candidate).length() - word.length()) <= most)
        .filter(candidate -> distance(word, normal(candidate)) <= most)
        .min(Comparator.comparingInt(candidate -> distance(word, normal(candidate))));
  }

  private static String normal(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Edit distance with swaps of neighbours; the lengths are bounded by the caller. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
