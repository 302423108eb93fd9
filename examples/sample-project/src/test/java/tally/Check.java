package tally;

import java.util.Objects;

/** The whole test framework: counts what was checked, and ends the program with what failed. */
final class Check {

  private final String name;
  private int checks;
  private int failures;

  Check(Class<?> test) {
    this.name = test.getSimpleName();
  }

  void equal(Object expected, Object actual) {
    checks++;
    if (!Objects.equals(expected, actual)) {
      failures++;
      System.out.println("  " + name + ": expected " + expected + ", was " + actual);
    }
  }

  void refused(Runnable action) {
    checks++;
    try {
      action.run();
      failures++;
      System.out.println("  " + name + ": expected a refusal");
    } catch (IllegalArgumentException e) {
      // As it should be.
    }
  }

  /** Prints one line: the test, how much it checked, how much failed. */
  void done() {
    System.out.println("RESULT " + name + " " + checks + " " + failures);
    System.exit(failures == 0 ? 0 : 1);
  }
}
