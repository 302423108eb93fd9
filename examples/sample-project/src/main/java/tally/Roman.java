package tally;

/** Roman numerals from 1 to 3999. */
public final class Roman {

  private static final int[] VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
  private static final String[] LETTERS = {
    "M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"
  };

  private Roman() {}

  /** Writes a number. */
  public static String of(int number) {
    if (number < 1 || number > 3999) {
      throw new IllegalArgumentException("no Roman numeral for " + number);
    }
    StringBuilder text = new StringBuilder();
    int left = number;
    for (int i = 0; i < VALUES.length; i++) {
      while (left >= VALUES[i]) {
        text.append(LETTERS[i]);
        left -= VALUES[i];
      }
    }
    return text.toString();
  }

  /** Reads a numeral, and only one that {@link #of} writes. */
  public static int parse(String text) {
    int number = 0;
    int at = 0;
    for (int i = 0; i < VALUES.length; i++) {
      while (text.startsWith(LETTERS[i], at)) {
        number += VALUES[i];
        at += LETTERS[i].length();
      }
    }
    if (number < 1 || number > 3999 || !of(number).equals(text)) {
      throw new IllegalArgumentException("'" + text + "' is no Roman numeral");
    }
    return number;
  }
}
