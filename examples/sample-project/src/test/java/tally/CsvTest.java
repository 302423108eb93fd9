package tally;

import java.util.List;

final class CsvTest {
  public static void main(String[] args) {
    Check check = new Check(CsvTest.class);
    check.equal(List.of("a", "b", "c"), Csv.fields("a,b,c"));
    check.equal(List.of(""), Csv.fields(""));
    check.equal(List.of("", ""), Csv.fields(","));
    check.equal("a,b", Csv.line(List.of("a", "b")));
    check.equal(",", Csv.line(List.of("", "")));
    check.done();
  }
}
