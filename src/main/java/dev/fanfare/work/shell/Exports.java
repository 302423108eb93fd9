package dev.fanfare.work.shell;

import dev.fanfare.json.Json;
import dev.fanfare.secret.Masker;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Variables that scripts hand to those after them. They are kept in the workspace, a file for each
 * script, so that they go where its files go: to every later script of a shared workspace, down the
 * graph in a layered one.
 *
 * @param values by name, the newest of each
 * @param hidden names whose values nobody is to see
 */
record Exports(Map<String, String> values, Set<String> hidden) {

  static final Exports NONE = new Exports(Map.of(), Set.of());

  private static final String FOLDER = ".fanfare/exports";
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int LIMIT_BYTES = 1 << 20;

  Exports {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    hidden = Set.copyOf(hidden);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /** Those that may be shown. */
  Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>(values);
    shown.keySet().removeAll(hidden);
    return shown;
  }

  /** What nobody is to see. */
  Set<String> hiddenValues() {
    Set<String> found = new LinkedHashSet<>();
    hidden.forEach(name -> found.add(values.getOrDefault(name, "")));
    return found;
  }

  /** These, and newer ones over them. */
  Exports and(Exports newer) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(newer.values);
    Set<String> allHidden = new LinkedHashSet<>(hidden);
    allHidden.removeAll(newer.values.keySet());
    allHidden.addAll(newer.hidden);
    return new Exports(all, allHidden);
  }

  /**
   * What the scripts before this one have left in its workspace.
   *
   * @throws WorkException code {@code exports_unreadable} when a script has spoilt it
   */
  static Exports before(Path workspace) throws WorkException, IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(workspace.resolve(FOLDER), "[0-9]*.json")) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return NONE;
    }
    Collections.sort(files); // by time
    Exports found = NONE;
    for (Path file : files) {
      found = found.and(read(file));
    }
    return found;
  }

  private static Exports read(Path file) throws WorkException, IOException {
    if (Files.size(file) <= 3L * LIMIT_BYTES
        && parsed(Files.readString(file)) instanceof Map<?, ?> json
        && json.get("values") instanceof Map<?, ?> values
        && json.get("hidden") instanceof List<?> hidden) {
      Map<String, String> texts = new LinkedHashMap<>();
      values.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
      Set<String> names = new LinkedHashSet<>();
      hidden.forEach(name -> names.add(String.valueOf(name)));
      return new Exports(texts, names);
    }
    throw new WorkException(
        "exports_unreadable",
        "The variables that earlier steps exported cannot be read: %s in the workspace was changed."
            .formatted(FOLDER + "/" + file.getFileName()));
  }

  private static @Nullable Object parsed(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return null;
    }
  }

  /**
   * What a script has exported so far: by the tool, and by lines in a file that it may write to.
   *
   * @param written in the workspace; taken away, so that it is nobody else's
   * @throws WorkException code {@code output_invalid} or {@code output_too_large}
   */
  static Exports of(Scratch scratch, Path written) throws WorkException, IOException {
    Map<String, String> values = new LinkedHashMap<>();
    if (Files.isRegularFile(written)) {
      Path taken = scratch.folder().resolve("written");
      Files.move(written, taken, StandardCopyOption.REPLACE_EXISTING);
      if (Files.size(taken) > LIMIT_BYTES) {
        throw new WorkException(
            "output_too_large",
            "%s has more than 1 MiB. Export less.".formatted(written.getFileName()));
      }
      lines(taken).forEach(line -> put(line, values));
    }
    OutputFile.read(scratch.exports(), Masker.NONE)
        .forEach((name, value) -> values.put(name, String.valueOf(value)));
    return new Exports(values, hidden(scratch));
  }

  private static void put(String line, Map<String, String> values) {
    int equals = line.indexOf('=');
    if (equals > 0 && NAME.matcher(line.substring(0, equals).strip()).matches()) {
      values.put(line.substring(0, equals).strip(), line.substring(equals + 1));
    }
  }

  private static Set<String> hidden(Scratch scratch) throws IOException {
    return Files.exists(scratch.masked()) ? new LinkedHashSet<>(lines(scratch.masked())) : Set.of();
  }

  private static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  /** What a script that is at work has hidden until now. */
  static Set<String> hiddenBy(Scratch scratch) {
    try {
      return of(scratch, scratch.folder().resolve("none")).hiddenValues();
    } catch (IOException | WorkException e) {
      return Set.of(); // it says so itself when it has ended
    }
  }

  /** Leaves these in a workspace, after those of all that came before. */
  void leaveIn(Path workspace) throws IOException {
    if (isEmpty()) {
      return;
    }
    Path folder = Files.createDirectories(workspace.resolve(FOLDER));
    String name =
        String.format(
            Locale.ROOT, "%015d-%s.json", Instant.now().toEpochMilli(), UUID.randomUUID());
    String json = Json.write(Map.of("values", values, "hidden", List.copyOf(hidden)));
    Path whole = Files.writeString(folder.resolve("." + name), json);
    Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
