package tally;

import java.util.List;

final class MoneySharesTest {
  public static void main(String[] args) {
    Check check = new Check(MoneySharesTest.class);
    for (int parts = 1; parts <= 100; parts++) {
      List<Money> shares = new Money(1003).shares(parts);
      long least = shares.stream().mapToLong(Money::cents).min().orElseThrow();
      long most = shares.stream().mapToLong(Money::cents).max().orElseThrow();
      check.equal(1003L, shares.stream().mapToLong(Money::cents).sum());
      check.equal(true, most - least <= 1);
    }
    check.refused(() -> new Money(1).shares(0));
    check.done();
  }
}
