package dev.fanfare.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MaskerTest {

  private static final String TRICKY = "p@ss/w+rd \"q\" 'ü' \\n&=%41😀";

  private static String mask(String text, String... values) {
    return Masker.of(List.of(values)).mask(text);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String url(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String lowerHex(String encoded) {
    return java.util.regex.Pattern.compile("%..")
        .matcher(encoded)
        .replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
  }

  @Test
  void a_value_is_covered_wherever_it_stands() {
    assertEquals("***", mask("hunter2", "hunter2"));
    assertEquals("a *** b *** c", mask("a hunter2 b hunter2 c", "hunter2"));
    assertEquals("***", mask("hunter2hunter2", "hunter2"));
    assertEquals("*** and ***", mask("first and second", "first", "second"));
    assertEquals("nothing here", mask("nothing here", "hunter2"));
    assertEquals("Hunter2", mask("Hunter2", "hunter2"));
    assertEquals("", mask("", "hunter2"));
    assertEquals("hun", mask("hun", "hunter2"));
  }

  @Test
  void a_text_without_a_value_stays_the_same_object() {
    String text = "a line of a log 100% \\o/ 1+1";
    assertSame(text, mask(text, "hunter2"));
    assertSame(text, Masker.NONE.mask(text));
    assertSame(Masker.NONE, Masker.of(List.of("", "abc")));
  }

  @Test
  void values_that_overlap_leave_nothing_of_each_other() {
    assertEquals("***", mask("abcdefgh", "abcdef", "efgh"));
    assertEquals("***", mask("abcdefgh", "abcdefgh", "cdef"));
    assertEquals("x***x", mask("xaaaaaaax", "aaaa"));
  }

  @Test
  void base64_is_covered_in_both_alphabets_with_and_without_padding() {
    for (String value : List.of("hunter2", "hunter22", "hunter222", "???>>>~~~", "ü€😀")) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        assertEquals("<***>", mask("<" + encoder.encodeToString(bytes) + ">", value));
        String bare = encoder.withoutPadding().encodeToString(bytes);
        assertEquals("<***>", mask("<" + bare + ">", value));
      }
    }
  }

  @Test
  void base64_of_a_longer_text_is_covered_where_the_value_is_in_it() {
    for (String value : List.of("s3cr", "hunter2", "hunter22", "hunter222")) {
      for (String before : List.of("", "u", "us", "use", "user:")) {
        for (String after : List.of("", "x", "xy", "xyz")) {
          String shown = mask(base64(before + value + after), value);
          assertTrue(shown.contains("***"), before + value + after + ": " + shown);
          assertTrue(shown.replace("***", "").length() <= base64(before + after).length() + 4);
          for (int shift = 0; shift < 3; shift++) {
            String pure = base64("zzz".substring(0, shift) + value).replace("=", "");
            String sure = pure.substring(shift == 0 ? 0 : shift + 1, pure.length() - 1);
            assertFalse(shown.contains(sure), before + value + after + ": " + shown);
          }
        }
      }
    }
  }

  @Test
  void base64_that_a_tool_broke_into_lines_is_covered_line_by_line() {
    String key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".repeat(3);
    for (int length : List.of(64, 76)) {
      Base64.Encoder mime = Base64.getMimeEncoder(length, new byte[] {'\n'});
      for (String printed : List.of(key, key + "\n")) {
        String text = mime.encodeToString(printed.getBytes(StandardCharsets.UTF_8));
        for (String line : text.split("\n")) {
          String shown = mask(line, key);
          assertTrue(shown.startsWith("***") && shown.length() <= 7, shown);
        }
      }
    }
  }

  @Test
  void url_encoded_values_are_covered_however_they_are_written() {
    for (String value : List.of(TRICKY, "a b+c", "päss wörd", "100%sure", "x=y&z")) {
      for (String encoded :
          List.of(
              url(value),
              url(value).replace("+", "%20"),
              lowerHex(url(value)),
              url(url(value)),
              value.replace("%", "%25").replace(" ", "%20"),
              everyByte(value))) {
        assertEquals("?q=***&r=1", mask("?q=" + encoded + "&r=1", value), encoded);
      }
    }
    assertEquals("a=***&b=100%", mask("a=" + url(base64("hunter2>>>")) + "&b=100%", "hunter2>>>"));
  }

  private static String everyByte(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format(Locale.ROOT, "%%%02x", b));
    }
    return encoded.toString();
  }

  @Test
  void values_in_json_in_programs_and_in_shells_are_covered() {
    for (String value : List.of(TRICKY, "a\"b\\c", "line one\nline two", "it's", "a\tb\u0001c")) {
      String json = Json.write(Map.of("k", value));
      assertEquals("{\"k\":\"***\"}", mask(json, value));
      String twice = Json.write(Map.of("k", json));
      assertEquals("{\"k\":\"{\\\"k\\\":\\\"***\\\"}\"}", mask(twice, value));
      assertEquals("<***>", mask("<" + unicode(value) + ">", value));
      assertEquals("q=%22***%22", mask("q=" + url(Json.write(value)), value));
    }
    assertEquals("+ echo '***'", mask("+ echo 'it'\\''s a secret'", "it's a secret"));
    assertEquals("+ echo '***'", mask("+ echo 'it'\"'\"'s a secret'", "it's a secret"));
    assertEquals("+ echo ***", mask("+ echo it\\'s\\ a\\ secret", "it's a secret"));
    assertEquals("$'***'", mask("$'a\\tb\\x01c'", "a\tb\u0001c"));
  }

  private static String unicode(String text) {
    return text.chars()
        .mapToObj(c -> String.format(Locale.ROOT, "\\u%04x", c))
        .collect(Collectors.joining());
  }

  @Test
  void each_line_of_a_value_of_several_lines_is_covered() {
    String key = "-----BEGIN KEY-----\n  MIIEvQIBADAN\r\nab\n\n    \n-----END KEY-----\n";
    assertEquals("***", mask("-----BEGIN KEY-----", key));
    assertEquals("1 ***", mask("1 MIIEvQIBADAN", key));
    assertEquals("ab", mask("ab", key));
    assertEquals("a    b", mask("a    b", key));
    assertEquals("***", mask(key.strip(), key));
    assertEquals(
        "***", mask("-----BEGIN KEY----- MIIEvQIBADAN ab -----END KEY-----", key), "one line");
    assertEquals("key=***", mask("key=hunter2", "  hunter2\n"));
  }

  @Test
  void of_a_line_that_sets_a_variable_the_value_is_covered_alone() {
    String variables = "TOKEN=hunter22\nSHORT=ab\nUSER_NAME=ann smith\n";
    assertEquals("the token is ***", mask("the token is hunter22", variables));
    assertEquals("***, ab", mask("ann smith, ab", variables));
  }

  @Test
  void a_json_value_is_covered_in_texts_names_and_numbers() {
    Masker masker = Masker.of(List.of("hunter2", "12345678"));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("hunter2", 1L);
    members.put("a", Arrays.asList("x hunter2", 12345678L, 1.5, true, null));
    members.put("***", Map.of("deep", List.of(List.of("hunter2"))));
    assertEquals(
        "{***=1, a=[x ***, ***, 1.5, true, null], ***-2={deep=[[***]]}}",
        String.valueOf(masker.maskAll(members)));
    assertEquals(null, masker.maskAll(null));
  }

  @Test
  void a_text_is_cut_where_no_value_is_cut_through() {
    Masker masker = Masker.of(List.of("hunter2", "a b"));
    assertEquals(5, masker.cut("see hunter2 run", 5 - 1) + 1);
    for (int at = 5; at <= 11; at++) {
      assertEquals(11, masker.cut("see hunter2 run", at));
    }
    assertEquals(12, masker.cut("see hunter2 run", 12));
    assertEquals(3, masker.cut("abc", 3));
    String encoded = "x" + everyByte("hunter2") + "y";
    for (int at = 2; at <= encoded.length() - 1; at++) {
      assertEquals(encoded.length() - 1, masker.cut(encoded, at));
    }
    assertEquals(4, masker.cut("ab\\ncd", 3));
    assertTrue(masker.reach() >= everyByte(base64("hunter2")).length());
    assertEquals(0, Masker.NONE.reach());
  }

  @Test
  void what_a_masker_prints_of_itself_is_no_value() {
    assertEquals("Masker[***]", Masker.of(List.of("hunter2")).toString());
  }

  @Test
  void random_texts_are_covered_exactly_where_a_value_is() {
    Random random = new Random(20260801);
    for (int round = 0; round < 5_000; round++) {
      List<String> values =
          random.ints(1 + random.nextInt(3), 4, 8).mapToObj(n -> word(random, n)).toList();
      String text = word(random, random.nextInt(60));
      assertEquals(covered(text, values), mask(text, values.toArray(String[]::new)), text + values);
    }
  }

  /** Of characters that no encoding touches and too few for base64 to be hit by chance. */
  private static String word(Random random, int length) {
    return random
        .ints(length, 0, 3)
        .mapToObj(i -> "-._".substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private static String covered(String text, List<String> values) {
    boolean[] hidden = new boolean[text.length() + 1];
    for (String value : values) {
      for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
        Arrays.fill(hidden, at, at + value.length(), true);
      }
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (!hidden[i]) {
        shown.append(text.charAt(i));
      } else if (i == 0 || !hidden[i - 1]) {
        shown.append("***");
      }
    }
    return shown.toString();
  }
}
