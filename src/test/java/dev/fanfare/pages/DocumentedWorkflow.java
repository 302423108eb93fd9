package dev.fanfare.pages;

import dev.fanfare.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A workflow of a page.
 *
 * @param mark what stands above it, as {@link DocumentedWorkflowsTest} explains
 * @param beside files beside it, by name
 * @param warns the code of the one warning it has
 */
public record DocumentedWorkflow(
    String page,
    String name,
    String mark,
    String source,
    Map<String, String> beside,
    Optional<String> warns) {

  private static final List<Path> PAGES =
      List.of(
          Path.of("README.md"),
          Path.of("docs", "getting-started.md"),
          Path.of("docs", "language.md"),
          Path.of("docs", "dialects", "flowtoy.md"));

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:<!-- warns: (\\S+) -->\n"
              + ")?(?:<!-- (runnable: [^>]*|planned|file: [^>]*) -->\n"
              + ")?```yaml\n"
              + "(.*?)```",
          Pattern.DOTALL);

  /**
   * What its mark says.
   *
   * @param actions what somebody does while it waits
   */
  public record Expected(
      String status,
      Optional<Map<String, Object>> outputs,
      Map<String, Object> params,
      List<String> actions) {}

  /** All of them, page by page. */
  public static List<DocumentedWorkflow> all() throws IOException {
    List<DocumentedWorkflow> blocks = new ArrayList<>();
    for (Path page : PAGES) {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      Map<String, String> beside = new LinkedHashMap<>();
      for (MatchResult match : matcher.results().toList()) {
        DocumentedWorkflow block = of(page, match, Map.copyOf(beside));
        blocks.add(block);
        if (block.fileName().isPresent()) {
          beside.put(block.fileName().get(), block.source());
        } else {
          beside.clear();
        }
      }
    }
    return blocks;
  }

  private static DocumentedWorkflow of(Path page, MatchResult block, Map<String, String> beside) {
    String source = block.group(3);
    String name = source.lines().findFirst().orElse("").replace("name: ", "");
    String mark = block.group(2) == null ? "" : block.group(2).strip();
    Optional<String> warns = Optional.ofNullable(block.group(1));
    return new DocumentedWorkflow(
        page.getFileName().toString(), name.split(" ", 2)[0], mark, source, beside, warns);
  }

  /** The name under which it is to be put beside the next one, empty for most. */
  Optional<String> fileName() {
    return mark.startsWith("file: ") ? Optional.of(mark.replace("file: ", "")) : Optional.empty();
  }

  public boolean isRunnable() {
    return mark.startsWith("runnable: ");
  }

  /**
   * @param server stands where the mark says {@code $SERVER}
   */
  public Expected expected(String server) throws Json.JsonException {
    String[] parts = mark.replace("$SERVER", server).replace("runnable: ", "").split(" \\| ");
    String[] words = parts[0].split(" ", 2);
    List<Map<String, Object>> values = objects(words.length > 1 ? words[1] : "");
    return new Expected(
        words[0],
        values.stream().findFirst(),
        values.size() > 1 ? values.get(1) : Map.of(),
        List.of(parts).subList(1, parts.length));
  }

  /** JSON objects one after another, on one line. */
  private static List<Map<String, Object>> objects(String text) throws Json.JsonException {
    List<Map<String, Object>> objects = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (text.charAt(i) == '}' && depth == 0) {
        objects.add(Json.parseOwnObject(text.substring(from, i + 1).strip()));
        from = i + 1;
      }
    }
    return objects;
  }

  @Override
  public String toString() {
    return page + ": " + name;
  }
}
