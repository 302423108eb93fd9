package dev.fanfare.testing.lambda.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds in memory. */
final class Resident {

  private Resident() {}

  /** In MiB; 0 where the system does not tell. */
  static long mebibytes(long process) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
