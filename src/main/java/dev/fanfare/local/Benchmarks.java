package dev.fanfare.local;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The workloads of {@code bench}. A CDI bean implements it. */
public interface Benchmarks {

  /**
   * Runs one workload or all of them.
   *
   * @param lines takes one JSON object a line, as each workload ends
   * @throws CommandException when there is no such workload; the message lists them
   */
  void run(Optional<String> workload, OptionalInt size, Consumer<String> lines)
      throws CommandException, InterruptedException;
}
