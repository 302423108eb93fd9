package tally;

import java.util.ArrayList;
import java.util.List;

/** An amount in cents. */
public record Money(long cents) {

  /** Reads an amount such as 12, 12.5 or -3.07. */
  public static Money parse(String text) {
    if (!text.matches("-?[0-9]{1,15}(\\.[0-9]{1,2})?")) {
      throw new IllegalArgumentException("'" + text + "' is no amount");
    }
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String part = dot < 0 ? "" : text.substring(dot + 1);
    long hundredths = Long.parseLong((part + "00").substring(0, 2));
    long cents = Math.abs(Long.parseLong(whole)) * 100 + hundredths;
    return new Money(text.startsWith("-") ? -cents : cents);
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(cents, other.cents));
  }

  /** Parts that differ by a cent at most and together are this amount. */
  public List<Money> shares(int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("cannot share among " + parts);
    }
    List<Money> shares = new ArrayList<>();
    long given = 0;
    for (int i = 1; i <= parts; i++) {
      long upTo = cents * i / parts;
      shares.add(new Money(upTo - given));
      given = upTo;
    }
    return shares;
  }

  @Override
  public String toString() {
    long amount = Math.abs(cents);
    String digits = (amount % 100 < 10 ? "0" : "") + amount % 100;
    return (cents < 0 ? "-" : "") + amount / 100 + "." + digits;
  }
}
