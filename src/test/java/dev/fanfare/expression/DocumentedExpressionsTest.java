package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of docs/expressions.md are true. */
class DocumentedExpressionsTest {

  private static final Path PAGE = Path.of("docs", "expressions.md");

  private static List<String> blocks(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    return block.results().map(result -> result.group(1)).toList();
  }

  static Stream<Arguments> examples() throws IOException {
    return blocks("cel").stream()
        .flatMap(String::lines)
        .map(line -> line.split("\\s+-> ", 2))
        .map(parts -> Arguments.of(parts[0], parts[1]));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("examples")
  void an_example_of_the_page_has_the_value_it_says(String source, String json) throws Exception {
    Map<String, Object> values = Json.parseOwnObject(blocks("json").getFirst());
    assertEquals(
        List.of(), Expressions.check(Sample.template(source), values.keySet()).diagnostics());
    assertEquals(Json.parse(json), Expressions.evaluate(Sample.template(source), values::get));
  }

  @Test
  void every_function_is_on_the_page() throws IOException {
    String page = Files.readString(PAGE);
    for (String name : Functions.names()) {
      String word = name.substring(name.lastIndexOf('.') + 1);
      boolean written = Character.isLetter(word.charAt(0));
      assertTrue(!written || page.contains(word), name + " is not documented");
    }
  }
}
