package dev.fanfare.work.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.Masker;
import dev.fanfare.work.Pulse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinePumpTest {

  private static final String SECRET = "s3cr3t/w+th \"odd\" ünits";

  /** Gives a few bytes at a time, as a pipe may. */
  private static InputStream dripping(String text, Random random) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] bytes, int from, int length) {
        return super.read(bytes, from, Math.min(length, 1 + random.nextInt(5_000)));
      }

      @Override
      public int read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
      }
    };
  }

  private static List<String> pumped(String text, Masker masker, Random random) {
    List<String> lines = new ArrayList<>();
    new LinePump(lines::add, new Capture(0), new Pulse(), masker).pump(dripping(text, random));
    return lines;
  }

  @Test
  void lines_are_what_stands_between_line_feeds_however_the_bytes_arrive() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      assertEquals(
          List.of("a", "", "b\rc", "ü€😀", " ", "end"),
          pumped("a\n\nb\rc\r\nü€😀\n \nend", Masker.NONE, random));
    }
    assertEquals(List.of(), pumped("", Masker.NONE, random));
    assertEquals(List.of(""), pumped("\n", Masker.NONE, random));
    String exact = "x".repeat(LinePump.MAX_LINE);
    assertEquals(List.of(exact, "y"), pumped(exact + "\ny", Masker.NONE, random));
    assertEquals(List.of(exact, "z", "y"), pumped(exact + "z\ny", Masker.NONE, random));
  }

  @Test
  void no_piece_of_a_long_line_holds_a_piece_of_a_secret() {
    Random random = new Random(2);
    Masker masker = Masker.of(List.of(SECRET));
    String encoded = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
    String escaped = SECRET.replace("\"", "\\\"").replace("ü", "\\u00fc");
    String percent = java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    for (String form : List.of(SECRET, encoded, escaped, percent)) {
      for (int before = LinePump.MAX_LINE - form.length() - 3;
          before < LinePump.MAX_LINE + 3;
          before++) {
        String line = "x".repeat(before) + form + "y".repeat(20_000) + form + form;
        List<String> pieces = pumped(line + "\nnext", masker, random);
        assertEquals("next", pieces.getLast());
        assertEquals(line, String.join("", pieces.subList(0, pieces.size() - 1)));
        List<String> shown = pieces.stream().map(masker::mask).toList();
        assertEquals(
            "x".repeat(before) + "***" + "y".repeat(20_000) + "***" + "next",
            String.join("", shown).replace("******", "***"));
        assertTrue(pieces.size() > 2);
      }
    }
  }

  @Test
  void a_line_that_is_nothing_but_secrets_stays_whole_up_to_the_reach_and_covers() {
    Masker masker = Masker.of(List.of("abcd"));
    String line = "abcd".repeat(20_000);
    List<String> pieces = pumped(line, masker, new Random(3));
    assertEquals(line, String.join("", pieces));
    assertTrue(pieces.stream().allMatch(piece -> masker.mask(piece).equals("***")));
  }
}
