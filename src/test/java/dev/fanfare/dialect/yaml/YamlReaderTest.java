package dev.fanfare.dialect.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

  @Test
  void every_node_and_every_key_knows_its_place() {
    Mapping root = mapping("name: x\nsteps:\n  a: { run: 'b' }\n  c: [1, 2]\n");

    Entry steps = root.entry("steps").orElseThrow();
    assertEquals(new SourceSpan(2, 1), steps.keySpan());
    assertEquals(new SourceSpan(3, 3), steps.value().span());
    Mapping a = (Mapping) ((Mapping) steps.value()).get("a").orElseThrow();
    assertEquals(new SourceSpan(3, 6), a.span());
    assertEquals(new SourceSpan(3, 8), a.entry("run").orElseThrow().keySpan());
    assertEquals(new SourceSpan(3, 13), a.get("run").orElseThrow().span());
    Sequence c = (Sequence) ((Mapping) steps.value()).get("c").orElseThrow();
    assertEquals(new SourceSpan(4, 10), c.items().get(1).span());
  }

  @Test
  void columns_count_characters_and_not_bytes() {
    Mapping root = mapping("a: \"\uD83D\uDE00\u00E4\"\n? \"\uD83D\uDE00\"\n: [\uD83D\uDE00, b]\n");

    Sequence list = (Sequence) root.get("\uD83D\uDE00").orElseThrow();
    assertEquals(new SourceSpan(3, 7), list.items().get(1).span());
  }

  @Test
  void words_of_yaml_1_1_stay_text() {
    Mapping root = mapping("on: yes\noff: no\nn: y\n");

    assertEquals("yes", value(root, "on"));
    assertEquals("no", value(root, "off"));
    assertEquals("y", value(root, "n"));
  }

  @Test
  void plain_scalars_have_the_types_of_the_core_schema() {
    Mapping root =
        mapping(
            """
            a: 1
            b: -7
            c: 0x1F
            d: 0o17
            e: 1.5
            f: 1e3
            g: true
            h: FALSE
            i: ~
            j:
            k: null
            l: .inf
            m: 1_000
            n: 99999999999999999999
            o: 1e999
            p: 0777
            q: .5
            """);

    assertEquals(1L, value(root, "a"));
    assertEquals(-7L, value(root, "b"));
    assertEquals(31L, value(root, "c"));
    assertEquals(15L, value(root, "d"));
    assertEquals(1.5, value(root, "e"));
    assertEquals(1000.0, value(root, "f"));
    assertEquals(true, value(root, "g"));
    assertEquals(false, value(root, "h"));
    assertNull(value(root, "i"));
    assertNull(value(root, "j"));
    assertNull(value(root, "k"));
    assertEquals(".inf", value(root, "l"));
    assertEquals("1_000", value(root, "m"));
    assertEquals(1e20, value(root, "n"));
    assertEquals("1e999", value(root, "o"));
    assertEquals(777L, value(root, "p"));
    assertEquals(0.5, value(root, "q"));
  }

  @Test
  void quoted_scalars_and_blocks_stay_text() {
    Mapping root = mapping("a: '1'\nb: \"true\"\nc: |\n  2\nd: !!str 3\ne: ''\n");

    assertEquals("1", value(root, "a"));
    assertEquals("true", value(root, "b"));
    assertEquals("2\n", value(root, "c"));
    assertEquals("3", value(root, "d"));
    assertEquals("", value(root, "e"));
  }

  @Test
  void the_text_of_a_scalar_is_kept_as_written() {
    assertEquals("1.10", ((Scalar) mapping("a: 1.10\n").get("a").orElseThrow()).text());
  }

  @Test
  void an_alias_is_the_value_of_its_anchor() {
    Mapping root = mapping("a: &x [1, 2]\nb: *x\n");

    assertEquals(root.get("a"), root.get("b"));
  }

  @Test
  void merged_keys_yield_to_written_ones_and_earlier_ones_win() {
    Mapping root =
        mapping("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {<<: *b}\n");

    Mapping c = (Mapping) root.get("c").orElseThrow();
    assertEquals(List.of("y", "z", "x"), c.entries().stream().map(Entry::key).toList());
    assertEquals(3L, value(c, "x"));
    assertEquals(1L, value(c, "y"));
    assertEquals(2L, value(c, "z"));
    assertEquals(2L, value((Mapping) root.get("d").orElseThrow(), "y"));
  }

  @Test
  void a_quoted_merge_key_is_a_key() {
    assertTrue(mapping("\"<<\": {a: 1}\n").has("<<"));
  }

  @Test
  void duplicate_keys_are_refused_with_the_place_of_both() {
    List<Diagnostic> found =
        YamlReader.read("a: 1\nb: 2\na: 3\nb: 4\n".getBytes(UTF_8)).diagnostics();

    assertEquals(2, found.size());
    assertEquals("yaml-duplicate-key", found.get(0).code());
    assertEquals(new SourceSpan(3, 1), found.get(0).span());
    assertTrue(found.get(0).message().contains("1:1"), found.get(0).message());
    assertEquals(new SourceSpan(4, 1), found.get(1).span());
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_file() {
    assertEquals(new SourceSpan(1, 1), mapping("\uFEFFa: 1\n").entry("a").orElseThrow().keySpan());
  }

  @Test
  void windows_line_ends_count_once() {
    assertEquals(
        new SourceSpan(3, 1), mapping("a: 1\r\n\r\nb: 2\r\n").entry("b").orElseThrow().keySpan());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                          | yaml-empty          | 1 | 1",
        "`# only a comment\n\n`      | yaml-empty          | 1 | 1",
        "`---\n`                     | yaml-empty          | 1 | 1",
        "`a: 1\n---\nb: 2\n`         | yaml-many-documents | 2 | 1",
        "`a:\n\tb: 1\n`              | yaml-tab            | 2 | 1",
        "`a: [1, 2\nb: 3\n`          | yaml-syntax         | 2 | 2",
        "`a: 'x\n`                   | yaml-syntax         | 2 | 1",
        "`a: b: c\n`                 | yaml-syntax         | 1 | 5",
        "`a: *nobody\n`              | yaml-alias          | 1 | 4",
        "`a: &x [1, *x]\n`           | yaml-alias          | 1 | 11",
        "`a: !custom b\n`            | yaml-tag            | 1 | 4",
        "`a: !!binary aGVsbG8=\n`    | yaml-tag            | 1 | 4",
        "`? [a, b]\n: c\n`           | yaml-key            | 1 | 3",
        "`a: {<<: [1]}\n`            | yaml-merge          | 1 | 10",
        "`a: {<<: {b: 1}, <<: {}}\n` | yaml-duplicate-key  | 1 | 17",
        "`!%A`                       | yaml-tag            | 1 | 1",
        "`a: 1\u0000`                | yaml-encoding       | 1 | 5",
        "`a: \u0007\n`               | yaml-encoding       | 1 | 4"
      })
  void a_broken_file_is_one_diagnostic_with_its_place(
      String file, String code, int line, int column) {
    Diagnostic found = only(file.getBytes(UTF_8));

    assertEquals(code, found.code(), found.oneLine());
    assertEquals(new SourceSpan(line, column), found.span(), found.oneLine());
    assertTrue(!found.hint().isEmpty(), found.oneLine());
  }

  @Test
  void a_byte_that_is_not_utf_8_is_reported_at_its_line_and_column() {
    byte[] content = "a: 1\n\u00E4b: x\n".getBytes(UTF_8);
    content[content.length - 2] = (byte) 0xE4;

    Diagnostic found = only(content);

    assertEquals("yaml-encoding", found.code());
    assertEquals(new SourceSpan(2, 5), found.span());
    assertTrue(found.message().contains("0xE4"), found.message());
  }

  @Test
  void utf_16_is_named_as_such() {
    assertTrue(only(new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0}).message().contains("UTF-16"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: ", "!!seq [", "&x ["})
  void five_thousand_levels_are_a_diagnostic(String opening) {
    assertEquals("yaml-too-deep", only(opening.repeat(5000).getBytes(UTF_8)).code());
  }

  @Test
  void sixty_four_levels_are_read_and_one_more_is_not() {
    String deepest = "[".repeat(YamlReader.MAX_DEPTH) + "]".repeat(YamlReader.MAX_DEPTH);

    assertInstanceOf(Sequence.class, YamlReader.read(deepest.getBytes(UTF_8)).root().orElseThrow());
    assertEquals("yaml-too-deep", only(("[" + deepest + "]").getBytes(UTF_8)).code());
  }

  @Test
  void aliases_cannot_hide_depth() {
    StringBuilder file = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i <= YamlReader.MAX_DEPTH; i++) {
      file.append(String.format("a%d: &a%d [*a%d]%n", i, i, i - 1));
    }

    assertEquals("yaml-too-deep", only(file.toString().getBytes(UTF_8)).code());
  }

  @Test
  void an_alias_bomb_is_refused_by_what_it_expands_to() {
    StringBuilder file = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c <= 'i'; c++) {
      String nine = ("*" + (char) (c - 1) + ", ").repeat(9);
      file.append(c).append(": &").append(c).append(" [").append(nine).append("]\n");
    }

    assertEquals("yaml-too-big", only(file.toString().getBytes(UTF_8)).code());
  }

  @Test
  void too_many_aliases_values_and_bytes_are_refused() {
    String aliases = "a: &a 1\nb: [" + "*a, ".repeat(YamlReader.MAX_ALIASES + 1) + "]\n";
    String values = "a: [" + "1,".repeat(YamlReader.MAX_NODES) + "]\n";
    String bytes = "a: '" + "x".repeat(YamlReader.MAX_BYTES) + "'\n";

    assertEquals("yaml-too-big", only(aliases.getBytes(UTF_8)).code());
    assertEquals("yaml-too-big", only(values.getBytes(UTF_8)).code());
    assertEquals("yaml-too-big", only(bytes.getBytes(UTF_8)).code());
  }

  @Test
  void a_syntax_error_beside_an_expression_advises_quotes() {
    Diagnostic found = only("a: { when: ${{ b }} }\n".getBytes(UTF_8));

    assertTrue(found.hint().contains("quotes"), found.oneLine());
  }

  private static Diagnostic only(byte[] content) {
    List<Diagnostic> found = YamlReader.read(content).diagnostics();
    assertEquals(1, found.size(), () -> "diagnostics: " + found);
    return found.getFirst();
  }

  private static Mapping mapping(String text) {
    YamlReader.Document document = YamlReader.read(text.getBytes(UTF_8));
    assertEquals(List.of(), document.diagnostics());
    return (Mapping) document.root().orElseThrow();
  }

  private static @Nullable Object value(Mapping map, String key) {
    return ((Scalar) map.get(key).orElseThrow()).value();
  }
}
