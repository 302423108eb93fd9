package dev.fanfare.function;

/** A setting of this process cannot be used; the message says which and what would be right. */
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SettingException(String message) {
    super(message);
  }
}
