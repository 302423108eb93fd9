package dev.fanfare.work.files;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The list of a layer: what it says about which path, by {@link Names name}.
 *
 * <p>As text: a line {@code layer 1 FILES BYTES}, then for each path a line {@code KIND MODE SIZE
 * MODIFIED CONTENT NAME}, ordered by name, {@code -} for no content.
 */
record Manifest(SortedMap<String, Entry> entries, Usage usage) {

  private static final String HEAD = "layer 1 ";

  static Manifest of(Map<String, Entry> entries) {
    long bytes = 0;
    long files = 0;
    for (Entry entry : entries.values()) {
      bytes += entry.size();
      files += entry.isThere() ? 1 : 0;
    }
    return new Manifest(
        Collections.unmodifiableSortedMap(new TreeMap<>(entries)), new Usage(bytes, files));
  }

  /** Files and bytes of a layer or of several. */
  record Usage(long bytes, long files) {
    static final Usage NONE = new Usage(0, 0);

    Usage plus(Usage other) {
      return new Usage(bytes + other.bytes, files + other.files);
    }
  }

  String text() {
    StringBuilder text = new StringBuilder(HEAD);
    text.append(usage.files()).append(' ').append(usage.bytes()).append('\n');
    entries.forEach(
        (name, entry) ->
            text.append(entry.kind().letter)
                .append(' ')
                .append(entry.mode())
                .append(' ')
                .append(entry.size())
                .append(' ')
                .append(entry.modified())
                .append(' ')
                .append(entry.content().isEmpty() ? "-" : entry.content())
                .append(' ')
                .append(name)
                .append('\n'));
    return text.toString();
  }

  /** Reads what {@link #text} wrote. */
  static Manifest parse(String text) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    int at = text.indexOf('\n') + 1;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      String[] parts = text.substring(at, end).split(" ", 6);
      entries.put(
          parts[5],
          new Entry(
              Entry.Kind.of(parts[0].charAt(0)),
              Long.parseLong(parts[2]),
              Integer.parseInt(parts[1]),
              Long.parseLong(parts[3]),
              parts[4].equals("-") ? "" : parts[4]));
      at = end + 1;
    }
    return new Manifest(Collections.unmodifiableSortedMap(entries), usage(text));
  }

  /** What the first line says. */
  static Usage usage(String text) {
    if (!text.startsWith(HEAD)) {
      throw new IllegalArgumentException("no list of a layer");
    }
    String[] numbers = text.substring(HEAD.length(), text.indexOf('\n')).split(" ", -1);
    return new Usage(Long.parseLong(numbers[1]), Long.parseLong(numbers[0]));
  }
}
