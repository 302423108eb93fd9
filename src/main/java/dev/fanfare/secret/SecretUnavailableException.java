package dev.fanfare.secret;

/** A place of secrets cannot be asked just now. Asking again may help. Never holds a value. */
public final class SecretUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param place where the secret was looked for
   * @param why what the place answered, without any value
   */
  public SecretUnavailableException(String name, String place, String why) {
    super("The secret %s cannot be read from %s: %s".formatted(name, place, why));
  }
}
