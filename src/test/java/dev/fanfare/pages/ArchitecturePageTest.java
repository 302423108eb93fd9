package dev.fanfare.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rooms in {@code docs/architecture.md} is made from the packages themselves. */
class ArchitecturePageTest {

  private static final Path PAGE = Path.of("docs", "architecture.md");
  private static final Path HOUSE = Path.of("src", "main", "java", "dev", "fanfare");
  private static final String BEGIN = "<!-- rooms: generated -->\n";
  private static final String END = "<!-- end of rooms -->";
  private static final String WRITE =
      "scripts/test -Dtest=ArchitecturePageTest -Dfanfare.rooms=write";

  private static final Pattern DOC = Pattern.compile("(?s)/\\*\\*(.*?)\\*/");
  private static final Pattern SEEN = Pattern.compile("(?si)May see:? (.*?)\\.(?:\\s|$)");

  @Test
  void the_table_of_rooms_says_what_the_packages_say() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    assertTrue(from >= BEGIN.length() && to >= from, PAGE + " has no place for the table of rooms");
    String table = table();
    if (System.getProperty("fanfare.rooms", "").equals("write")) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
      return;
    }
    assertEquals(page.substring(from, to), table, "the rooms have changed. Run " + WRITE);
  }

  private static String table() throws IOException {
    try (Stream<Path> rooms = Files.list(HOUSE)) {
      List<Path> notes =
          rooms
              .map(room -> room.resolve("package-info.java"))
              .filter(Files::exists)
              .sorted()
              .toList();
      StringBuilder table =
          new StringBuilder("| package | what it is | may see |\n|---|---|---|\n");
      for (Path note : notes) {
        table.append(row(note));
      }
      return table.toString();
    }
  }

  private static String row(Path note) throws IOException {
    Matcher doc = DOC.matcher(Files.readString(note));
    assertTrue(doc.find(), note + " says nothing");
    String text =
        doc.group(1)
            .lines()
            .map(line -> line.replaceFirst("^ *\\* ?", ""))
            .collect(Collectors.joining("\n"))
            .replaceAll("\\{@(?:code|link)\\s+([^}]*)\\}", "`$1`")
            .strip();
    String summary = text.split("\n\n|(?<=\\.)\\s", 2)[0].replaceAll("\\s+", " ");
    Matcher seen = SEEN.matcher(text);
    String may = seen.find() ? seen.group(1).replaceAll("\\s+", " ") : "";
    Path folder = note.getParent();
    String link = "../" + note.toString().replace('\\', '/');
    return "| [`" + folder.getFileName() + "`](" + link + ") | " + summary + " | " + may + " |\n";
  }
}
