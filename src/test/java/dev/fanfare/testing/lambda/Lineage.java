package dev.fanfare.testing.lambda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * {@code X-Amzn-Trace-Id}: {@code Root=1-..;Parent=..;Sampled=0;Lineage=a87bd80c:1|68fd508a:5}.
 *
 * <p>Lambda, SQS and the SDK hand it on, and its lineage counts how often each function stands in
 * the chain of requests: that is how recursive loops are found.
 *
 * @param root of the trace
 * @param counts invocations in this chain, by the hash of the function
 */
record Lineage(String root, Map<String, Integer> counts) {

  /** "Approximately 16": the next one is not run. */
  static final int MOST = 16;

  Lineage {
    counts = Map.copyOf(counts);
  }

  /** What a header says; a new trace where there is none. */
  static Lineage of(@Nullable String header) {
    String root = "";
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String part : header == null ? new String[0] : header.split(";", -1)) {
      if (part.startsWith("Root=")) {
        root = part.substring("Root=".length());
      } else if (part.startsWith("Lineage=")) {
        for (String entry : part.substring("Lineage=".length()).split("\\|", -1)) {
          int colon = entry.lastIndexOf(':');
          if (colon > 0) {
            counts.put(entry.substring(0, colon), Integer.parseInt(entry.substring(colon + 1)));
          }
        }
      }
    }
    return new Lineage(root.isEmpty() ? "1-" + hex(4) + "-" + hex(12) : root, counts);
  }

  /** The chain that a batch of messages continues: the longest of each function. */
  static Lineage of(List<String> headers) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<Lineage> all = new ArrayList<>();
    headers.forEach(header -> all.add(of(header)));
    all.forEach(one -> one.counts.forEach((key, count) -> counts.merge(key, count, Math::max)));
    return new Lineage(all.isEmpty() ? of((String) null).root : all.getFirst().root, counts);
  }

  /** How often a function has been invoked in this chain. */
  int count(String arn) {
    return counts.getOrDefault(hash(arn), 0);
  }

  /** With one more invocation of a function. */
  Lineage and(String arn) {
    Map<String, Integer> more = new LinkedHashMap<>(counts);
    more.merge(hash(arn), 1, Integer::sum);
    return new Lineage(root, more);
  }

  String header() {
    String lineage =
        counts.entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue())
            .collect(Collectors.joining("|"));
    return "Root="
        + root
        + ";Parent="
        + hex(8)
        + ";Sampled=0"
        + (lineage.isEmpty() ? "" : ";Lineage=" + lineage);
  }

  private static String hash(String arn) {
    CRC32 crc = new CRC32();
    crc.update(arn.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
