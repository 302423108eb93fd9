package tally;

final class RomanRoundTripTest {
  public static void main(String[] args) {
    Check check = new Check(RomanRoundTripTest.class);
    for (int number = 1; number <= 3999; number++) {
      check.equal(number, Roman.parse(Roman.of(number)));
    }
    check.refused(() -> Roman.parse("IIII"));
    check.refused(() -> Roman.parse("VX"));
    check.refused(() -> Roman.parse(""));
    check.done();
  }
}
