package tally;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sums the second column of a CSV on standard input and numbers the lines in Roman. */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Money sum = new Money(0);
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> fields = Csv.fields(line);
      sum = sum.plus(Money.parse(fields.get(1)));
      number++;
      System.out.println(Roman.of(number) + " " + fields.get(0) + " " + fields.get(1));
    }
    System.out.println("total " + sum);
  }
}
