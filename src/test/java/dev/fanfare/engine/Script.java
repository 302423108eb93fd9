package dev.fanfare.engine;

/** What the attempts of scripted work do: the same for the same path and attempt, always. */
@FunctionalInterface
interface Script {

  /**
   * One attempt.
   *
   * @param millis how long it takes
   * @param code of the error it ends with, empty for success
   */
  record Attempt(long millis, String code) {}

  /**
   * What an attempt does.
   *
   * @param attempt from 1; attempts that vanished with their worker are not counted
   */
  Attempt attempt(String path, int attempt);

  /** Instead of an error: work that finds nothing to do. */
  String SKIPPED = "skipped";

  /** Random work: two in three attempts do not fail, durations are unlikely ever to be equal. */
  static Script random(long seed) {
    return (path, attempt) -> {
      java.util.Random random =
          new java.util.Random(seed * 31 + path.hashCode() * 1_000_003L + attempt * 7_919L);
      random.nextLong();
      long millis = 1 + random.nextLong(1_000_000_000L);
      int luck = random.nextInt(12);
      return new Attempt(millis, luck < 7 ? "" : luck < 8 ? SKIPPED : luck < 10 ? "boom" : "bust");
    };
  }

  /** Work that succeeds at once. */
  static Script quick() {
    return (path, attempt) -> new Attempt(1, "");
  }
}
