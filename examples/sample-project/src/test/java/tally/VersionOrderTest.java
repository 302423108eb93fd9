package tally;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

final class VersionOrderTest {
  public static void main(String[] args) {
    Check check = new Check(VersionOrderTest.class);
    List<Version> ordered = new ArrayList<>();
    for (String text :
        List.of("0.9.9", "1.0.0-a", "1.0.0-b", "1.0.0", "1.2.0", "1.10.0", "2.0.0")) {
      ordered.add(Version.parse(text));
    }
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      List<Version> shuffled = new ArrayList<>(ordered);
      Collections.shuffle(shuffled, random);
      Collections.sort(shuffled);
      check.equal(ordered, shuffled);
    }
    check.done();
  }
}
