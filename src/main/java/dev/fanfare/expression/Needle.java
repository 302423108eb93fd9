package dev.fanfare.expression;

/** A text to be found in others in time linear in both (Knuth, Morris, Pratt). */
final class Needle {

  private static final int SHORT = 4;

  private final String wanted;
  private final int[] borders;

  private Needle(String wanted, int[] borders) {
    this.wanted = wanted;
    this.borders = borders;
  }

  static Needle of(String wanted) {
    int[] borders = new int[wanted.length() > SHORT ? wanted.length() : 0];
    int border = 0;
    for (int i = 1; i < borders.length; i++) {
      while (border > 0 && wanted.charAt(i) != wanted.charAt(border)) {
        border = borders[border - 1];
      }
      if (wanted.charAt(i) == wanted.charAt(border)) {
        border++;
      }
      borders[i] = border;
    }
    return new Needle(wanted, borders);
  }

  /** Where it first stands in the text at or after a position, -1 if nowhere. */
  int in(String text, int from) {
    if (borders.length == 0) {
      return text.indexOf(wanted, from);
    }
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != wanted.charAt(matched)) {
        matched = borders[matched - 1];
      }
      if (text.charAt(i) == wanted.charAt(matched)) {
        matched++;
      }
      if (matched == wanted.length()) {
        return i - matched + 1;
      }
    }
    return -1;
  }
}
