package dev.fanfare.dialect.flowtoy.jinja;

/** A template, or a part of it, has no translation. */
public final class Untranslatable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int at;
  private final String code;
  private final String hint;

  /**
   * @param at offset into the template's text
   * @param code of the diagnostic
   * @param message a sentence without its place
   * @param hint what to do about it
   */
  public Untranslatable(int at, String code, String message, String hint) {
    super(message, null, false, false);
    this.at = at;
    this.code = code;
    this.hint = hint;
  }

  static Untranslatable syntax(int at, String message) {
    return new Untranslatable(at, "template-syntax", message, "");
  }

  static Untranslatable missing(int at, String what, String hint) {
    return new Untranslatable(at, "template-untranslatable", what + " has no translation", hint);
  }

  int at() {
    return at;
  }

  String code() {
    return code;
  }

  String hint() {
    return hint;
  }
}
