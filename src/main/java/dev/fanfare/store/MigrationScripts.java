package dev.fanfare.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The migrations that this build brings along, without the tool that runs them. */
final class MigrationScripts {

  static final String FOLDER = "db/migration";

  private static final Pattern NAME = Pattern.compile("V(\\d+)__[^/]*\\.sql");

  private MigrationScripts() {}

  /**
   * The checksum of every migration by its version, as Flyway records them. Empty where the class
   * path cannot be listed: then only Flyway itself can tell.
   */
  static Optional<NavigableMap<Integer, Integer>> checksums() throws IOException {
    URL folder = MigrationScripts.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      return Optional.empty();
    }
    NavigableMap<Integer, Integer> checksums = new TreeMap<>();
    for (String name : names(folder)) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()) {
        checksums.put(Integer.valueOf(matcher.group(1)), checksum(name));
      }
    }
    return checksums.isEmpty() ? Optional.empty() : Optional.of(checksums);
  }

  /** The newest version. Empty where the class path cannot be listed. */
  static Optional<Integer> newest() throws IOException {
    URL folder = MigrationScripts.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      return Optional.empty();
    }
    return names(folder).stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .max(Comparator.naturalOrder());
  }

  /** Whether a history (version to checksum) is exactly what this build would leave behind. */
  static boolean areApplied(Map<Integer, Integer> history) throws IOException {
    return checksums().map(history::equals).orElse(false);
  }

  private static List<String> names(URL folder) throws IOException {
    URLConnection connection = folder.openConnection();
    if (connection instanceof JarURLConnection jarConnection) {
      jarConnection.setUseCaches(false);
      try (var jar = jarConnection.getJarFile()) {
        return jar.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.startsWith(FOLDER + "/"))
            .map(name -> name.substring(FOLDER.length() + 1))
            .toList();
      }
    }
    if (!folder.getProtocol().equals("file")) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Path.of(new URI(folder.toString())))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (URISyntaxException e) {
      return List.of();
    }
  }

  /** CRC-32 of the lines without their ends. */
  private static int checksum(String name) throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream stream =
            MigrationScripts.class.getClassLoader().getResourceAsStream(FOLDER + "/" + name);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(stream, name), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        crc.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return (int) crc.getValue();
  }
}
