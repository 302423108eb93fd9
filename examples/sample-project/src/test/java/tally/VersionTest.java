package tally;

final class VersionTest {
  public static void main(String[] args) {
    Check check = new Check(VersionTest.class);
    check.equal(new Version(1, 4, 0, ""), Version.parse("1.4.0"));
    check.equal(new Version(2, 0, 0, "rc1"), Version.parse("2.0.0-rc1"));
    check.equal("2.0.0-rc1", Version.parse("2.0.0-rc1").toString());
    check.refused(() -> Version.parse("1.4"));
    check.refused(() -> Version.parse("1.4.x"));
    check.refused(() -> Version.parse("1.4.0-"));
    check.done();
  }
}
