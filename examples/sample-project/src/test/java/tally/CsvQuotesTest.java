package tally;

import java.util.List;

final class CsvQuotesTest {
  public static void main(String[] args) {
    Check check = new Check(CsvQuotesTest.class);
    List<String> fields = List.of("plain", "with, comma", "with \"quotes\"");
    check.equal("plain,\"with, comma\",\"with \"\"quotes\"\"\"", Csv.line(fields));
    check.equal(fields, Csv.fields(Csv.line(fields)));
    check.refused(() -> Csv.fields("\"open"));
    check.done();
  }
}
