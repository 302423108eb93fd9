package dev.fanfare.dialect.yaml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarCursorTest {

  /** Every file has one key whose text contains an {@code X}; the place of it is expected. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`a: one X`                        | 1 | 8",
        "`a: one\n  two X`                 | 2 | 7",
        "`a: 'one X'`                      | 1 | 9",
        "`a: 'it''s X'`                    | 1 | 11",
        "`a: \"one \\t\\x41\\u00e4 X\"`    | 1 | 22",
        "`a: \"one\n    two X\"`           | 2 | 9",
        "`a: \"one \\\n    two X\"`        | 2 | 9",
        "`a: |\n    one\n      two X\n`    | 3 | 11",
        "`a: |2\n    one\n  X\n`           | 3 | 3",
        "`a: >-\n  one\n  two\n\n  X\n`    | 5 | 3",
        "`a: |  # X marks\n  one\n\n  X\n` | 4 | 3",
        "`a:\r\n  'one\r\n  X'\r\n`        | 3 | 3"
      })
  void a_character_is_found_where_it_was_written(String file, int line, int column) {
    Mapping root = (Mapping) YamlReader.read(file.getBytes(UTF_8)).root().orElseThrow();
    Scalar scalar = (Scalar) root.get("a").orElseThrow();

    SourceSpan span = scalar.cursor().at(scalar.text().indexOf('X'));

    assertEquals(new SourceSpan(line, column), span, scalar.text());
  }
}
