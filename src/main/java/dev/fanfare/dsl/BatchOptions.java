package dev.fanfare.dsl;

/** How the batches of a {@code batch} are done. */
public final class BatchOptions {

  private int concurrency = 1;

  BatchOptions() {}

  /** How many batches at once; 1 unless it is said. */
  public BatchOptions concurrency(int most) {
    if (most < 1) {
      throw new FlowException("batch: concurrency is at least 1");
    }
    concurrency = most;
    return this;
  }

  int concurrency() {
    return concurrency;
  }
}
