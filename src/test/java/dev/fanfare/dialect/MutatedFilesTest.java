package dev.fanfare.dialect;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fanfare.definition.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that were right, damaged at random: no exception, no hang, always a place. */
class MutatedFilesTest {

  private static final Duration BUDGET = Duration.ofSeconds(4);
  private static final int MAX_ROUNDS = 20_000;
  private static final List<String> SEEDS =
      List.of("/dialect/fanfare/release.yaml", "/dialect/fanfare/everything.yaml");
  private static final byte[] SPICE =
      "{}[]:,-#&*!|>'\"%@`?<=~$ \n\t\r\0\u00e4${{}}\\0x9".getBytes(StandardCharsets.UTF_8);

  @Test
  void no_damage_to_a_file_escapes_as_an_exception() throws IOException {
    long seed = Long.getLong("fanfare.test.seed", System.nanoTime());
    System.out.println("seed of the damage: " + seed + " (repeat with -Dfanfare.test.seed)");
    Random random = new Random(seed);
    List<byte[]> files = new ArrayList<>();
    for (String name : SEEDS) {
      try (InputStream in = MutatedFilesTest.class.getResourceAsStream(name)) {
        files.add(in.readAllBytes());
      }
    }
    long end = System.nanoTime() + BUDGET.toNanos();
    int rounds = 0;
    while (rounds < MAX_ROUNDS && System.nanoTime() < end) {
      byte[] file = files.get(random.nextInt(files.size()));
      int times = 1 + random.nextInt(6);
      for (int i = 0; i < times; i++) {
        file = damage(file, random);
      }
      check(file);
      rounds++;
    }
    assertTrue(rounds > 100, "only " + rounds + " files in the time given");
  }

  private static void check(byte[] file) {
    Imported imported =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> Dialects.read(file, "fanfare.yaml", Optional.of("fanfare")),
            () -> "hangs on " + HexFormat.of().formatHex(file));
    for (Diagnostic found : imported.diagnostics()) {
      if (found.span().line() < 1 || found.span().column() < 1) {
        fail("no place: " + found.oneLine() + " in " + HexFormat.of().formatHex(file));
      }
    }
    boolean error = imported.diagnostics().stream().anyMatch(Diagnostic::isError);
    assertTrue(error != imported.workflow().isPresent());
  }

  private static byte[] damage(byte[] file, Random random) {
    if (file.length < 2) {
      return file;
    }
    int at = random.nextInt(file.length);
    int length = 1 + random.nextInt(Math.min(20, file.length));
    int until = Math.min(file.length, at + length);
    return switch (random.nextInt(7)) {
      case 0 -> joined(file, 0, at, new byte[0], until);
      case 1 -> joined(file, 0, until, Arrays.copyOfRange(file, at, until), until);
      case 2 -> joined(file, 0, at, new byte[] {spice(random)}, at + 1);
      case 3 -> joined(file, 0, at, new byte[] {spice(random)}, at);
      case 4 -> withoutLine(file, random);
      case 5 -> joined(file, 0, at, new byte[] {(byte) random.nextInt(256)}, at + 1);
      default -> swapped(file, random);
    };
  }

  private static byte spice(Random random) {
    return SPICE[random.nextInt(SPICE.length)];
  }

  private static byte[] joined(byte[] file, int from, int to, byte[] between, int rest) {
    byte[] joined = new byte[to - from + between.length + file.length - rest];
    System.arraycopy(file, from, joined, 0, to - from);
    System.arraycopy(between, 0, joined, to - from, between.length);
    System.arraycopy(file, rest, joined, to - from + between.length, file.length - rest);
    return joined;
  }

  private static byte[] withoutLine(byte[] file, Random random) {
    List<String> lines = lines(file);
    lines.remove(random.nextInt(lines.size()));
    return text(lines);
  }

  private static byte[] swapped(byte[] file, Random random) {
    List<String> lines = lines(file);
    int from = random.nextInt(lines.size());
    lines.add(random.nextInt(lines.size() + 1), lines.get(from));
    return text(lines);
  }

  private static List<String> lines(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    return new ArrayList<>(Arrays.asList(text.split("\n", -1)));
  }

  private static byte[] text(List<String> lines) {
    return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }
}
