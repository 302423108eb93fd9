package dev.fanfare.local.view;

/** How emphasis is shown: with the terminal's colours, or not at all. */
public enum Style {
  COLOURED,
  PLAIN;

  private static final String ESCAPE = "\u001b[";

  public String bold(String text) {
    return wrap("1", text);
  }

  public String dim(String text) {
    return wrap("2", text);
  }

  public String red(String text) {
    return wrap("31", text);
  }

  public String green(String text) {
    return wrap("32", text);
  }

  public String yellow(String text) {
    return wrap("33", text);
  }

  public String cyan(String text) {
    return wrap("36", text);
  }

  private String wrap(String code, String text) {
    return this == COLOURED && !text.isEmpty() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
  }

  /** Foreign text on one line, harmless to a terminal: control characters become spaces. */
  public static String harmless(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || isInvisibleFormat(c) ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** Characters that reorder or hide what stands around them. */
  private static boolean isInvisibleFormat(int c) {
    return Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
        || Character.getType(c) == Character.SURROGATE;
  }
}
