package tally;

final class RomanTest {
  public static void main(String[] args) {
    Check check = new Check(RomanTest.class);
    check.equal("I", Roman.of(1));
    check.equal("IV", Roman.of(4));
    check.equal("XLII", Roman.of(42));
    check.equal("MCMXCIX", Roman.of(1999));
    check.equal("MMXXVI", Roman.of(2026));
    check.refused(() -> Roman.of(0));
    check.refused(() -> Roman.of(4000));
    check.done();
  }
}
