package dev.fanfare.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.StepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/events.md} lists the entries and reasons that the engine can write, no others. */
class EventsPageTest {

  private static final Pattern NOTE = Pattern.compile("\\bnote\\(\\s*\"([a-z_.]+)\"");
  private static final Pattern REASON =
      Pattern.compile("(?:Reason\\.of|new Reason|putBack)\\(\\s*(?:cell, )?\"([a-z_]+)\"");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z_.]+)` \\|");

  /** Statuses whose entries have a name of their own in the source, or that have none. */
  private static final Set<StepStatus> WITHOUT_OWN_ENTRY = Set.of(StepStatus.PENDING);

  @Test
  void the_page_lists_every_entry_and_no_other() throws IOException {
    Set<String> written = found(NOTE);
    written.add("run.running");
    written.add("run.waiting");
    Stream.of(StepStatus.values())
        .filter(status -> !WITHOUT_OWN_ENTRY.contains(status))
        .filter(status -> status != StepStatus.RUNNING)
        .forEach(status -> written.add("step." + status.id()));
    assertTrue(written.size() > 15, written::toString);
    Set<String> listed = listed("## Entries about the run", "## Reasons");
    assertEquals(written, listed);
  }

  @Test
  void the_page_lists_every_reason_and_no_other() throws IOException {
    Set<String> written = found(REASON);
    assertTrue(written.size() > 15, written::toString);
    assertEquals(written, listed("## Reasons", "\uffff"));
  }

  private static Set<String> found(Pattern pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path file : sources()) {
      pattern
          .matcher(Files.readString(file))
          .results()
          .map(match -> match.group(1))
          .filter(name -> !name.endsWith("."))
          .forEach(found::add);
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/fanfare/engine"))) {
      return files.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toList());
    }
  }

  private static Set<String> listed(String from, String to) throws IOException {
    String page = Files.readString(Path.of("docs/events.md"));
    int start = page.indexOf(from);
    int end = page.indexOf(to, start);
    String section = end < 0 ? page.substring(start) : page.substring(start, end);
    Set<String> names = new TreeSet<>();
    LISTED.matcher(section).results().forEach(match -> names.add(match.group(1)));
    return names;
  }
}
