package dev.fanfare.dialect.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypographyTest {

  @Test
  void no_break_spaces_in_front_of_a_line_are_spaces_with_one_warning() {
    YamlReader.Document read =
        read("a: 1\nb:\n \u00a0c: x\u00a0y\n\u00a0\u00a0d:\n \u00a0 \u00a0- e\n");

    assertEquals(List.of("yaml-no-break-spaces 3:1"), found(read));
    Mapping b = (Mapping) ((Mapping) read.root().orElseThrow()).get("b").orElseThrow();
    assertEquals("x\u00a0y", ((Scalar) b.get("c").orElseThrow()).text());
    assertEquals(1, ((Sequence) b.get("d").orElseThrow()).items().size());
  }

  @Test
  void tabs_behind_a_line_go_where_the_file_cannot_be_read_with_them() {
    YamlReader.Document read = read("a:\n  - x\n  - test2\t \n\t\nb: 1\n");

    Mapping root = (Mapping) read.root().orElseThrow();
    Sequence list = (Sequence) root.get("a").orElseThrow();
    assertEquals("test2", ((Scalar) list.items().get(1)).text());
  }

  @Test
  void tabs_in_a_script_stay_what_they_are() {
    YamlReader.Document read = read("a: |\n  printf 'x\t'\t\n  y\n");

    assertEquals(List.of(), found(read));
    Scalar script = (Scalar) ((Mapping) read.root().orElseThrow()).get("a").orElseThrow();
    assertEquals("printf 'x\t'\t\ny\n", script.text());
  }

  @Test
  void a_tab_for_indentation_is_still_refused() {
    assertEquals("yaml-tab 2:1", found(read("a:\n\tb: 1\n")).getFirst());
  }

  @Test
  void places_stay_those_of_the_file() {
    YamlReader.Document read = read("a:\n \u00a0b: 1\n \u00a0b: 2\n");

    assertEquals(List.of("yaml-no-break-spaces 2:1", "yaml-duplicate-key 3:3"), found(read));
  }

  @Test
  void documents_of_one_file_come_in_order_and_empty_ones_are_left_out() {
    YamlReader.Documents read =
        YamlReader.readAll("---\na: 1\n---\nb: 2\n---\n# nothing\n".getBytes(UTF_8));

    assertEquals(2, read.roots().size());
    assertEquals("[1:1, 3:1]", read.starts().toString());
  }

  @Test
  void an_anchor_of_one_document_is_not_known_in_the_next() {
    YamlReader.Documents read = YamlReader.readAll("a: &x 1\n---\nb: *x\n".getBytes(UTF_8));

    assertEquals("yaml-alias", read.diagnostics().getFirst().code());
  }

  private static YamlReader.Document read(String text) {
    return YamlReader.read(text.getBytes(UTF_8));
  }

  private static List<String> found(YamlReader.Document read) {
    return read.diagnostics().stream().map(TypographyTest::shown).toList();
  }

  private static String shown(Diagnostic found) {
    return found.code() + " " + found.span();
  }
}
