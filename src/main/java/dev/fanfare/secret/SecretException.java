package dev.fanfare.secret;

/** A secret that a step needs and cannot have. Never holds a value. */
public final class SecretException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String name;

  SecretException(String code, String name, String message) {
    super(message);
    this.code = code;
    this.name = name;
  }

  /** {@code secret_not_found}, {@code secret_invalid} or {@code secret_unavailable}. */
  public String code() {
    return code;
  }

  /** Of the secret. */
  public String name() {
    return name;
  }
}
