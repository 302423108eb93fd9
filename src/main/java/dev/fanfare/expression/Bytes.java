package dev.fanfare.expression;

import java.util.Arrays;

/** Bytes as a value: equal by content, never changed. */
final class Bytes {

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** Takes the array over; the caller must not keep it. */
  static Bytes of(byte[] content) {
    return new Bytes(content);
  }

  /** The content; not to be changed. */
  byte[] content() {
    return content;
  }

  int size() {
    return content.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }
}
