package dev.fanfare.dialects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every file of another system that the tests and the pages have. */
final class ForeignFiles {

  private static final Pattern FENCED = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```");

  private ForeignFiles() {}

  /**
   * @param dialect of the folder or page that it is in
   */
  record Foreign(String dialect, String name, String text) {}

  static List<Foreign> all() throws IOException {
    List<Foreign> files = new ArrayList<>();
    for (Path path : paths(Path.of("src/test/resources/dialects"))) {
      if (path.toString().matches(".*\\.ya?ml")) {
        String dialect = path.getParent().getFileName().toString();
        files.add(new Foreign(dialect, path.getFileName().toString(), Files.readString(path)));
      }
    }
    for (Path page : paths(Path.of("docs/dialects"))) {
      String dialect = page.getFileName().toString().replace(".md", "");
      Matcher fenced = FENCED.matcher(Files.readString(page));
      while (fenced.find()) {
        files.add(new Foreign(dialect, "config.yml", fenced.group(1)));
      }
    }
    return files;
  }

  private static List<Path> paths(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
