package tally;

final class MoneyTest {
  public static void main(String[] args) {
    Check check = new Check(MoneyTest.class);
    check.equal(1200L, Money.parse("12").cents());
    check.equal(1250L, Money.parse("12.5").cents());
    check.equal(-307L, Money.parse("-3.07").cents());
    check.equal(-50L, Money.parse("-0.50").cents());
    check.equal("-0.05", new Money(-5).toString());
    check.equal("8.93", Money.parse("12").plus(Money.parse("-3.07")).toString());
    check.refused(() -> Money.parse("1.234"));
    check.refused(() -> Money.parse("twelve"));
    check.done();
  }
}
