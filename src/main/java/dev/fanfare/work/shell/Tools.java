package dev.fanfare.work.shell;

import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Programs that scripts written for another system expect, and what else they find there. A set is
 * a resource {@code tools/NAME.properties} beside this class; its programs are scripts there.
 *
 * @param programs their names
 * @param env variables of the script
 * @param texts texts of its commands and of its environment, and what stands for them
 * @param exports a file in the workspace in which a script may leave variables for later ones;
 *     without it there are no such variables
 * @param reference how a text names such a variable, with a % for the name
 */
record Tools(
    List<String> programs,
    Map<String, String> env,
    Map<String, String> texts,
    Optional<String> exports,
    String reference) {

  /** What a script finds that says nothing. */
  static final Tools NONE = new Tools(List.of(), Map.of(), Map.of(), Optional.empty(), "%");

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");
  private static final Map<String, Tools> SETS = new ConcurrentHashMap<>();

  Tools {
    programs = List.copyOf(programs);
    env = Map.copyOf(env);
    texts = Map.copyOf(texts);
  }

  /**
   * The set of this name.
   *
   * @throws WorkException code {@code tools_unknown}
   */
  static Tools named(String name) throws WorkException {
    Tools known = SETS.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream stream = NAME.matcher(name).matches() ? open(name + ".properties") : null) {
      if (stream == null) {
        throw new WorkException(
            "tools_unknown",
            "The script wants the tools \"%s\", which this version does not have.".formatted(name));
      }
      Properties properties = new Properties();
      properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
      Tools read = of(properties);
      SETS.put(name, read);
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tools of(Properties properties) {
    return new Tools(
        List.of(properties.getProperty("programs", "").split(" ")),
        below("env.", properties),
        below("text.", properties),
        Optional.ofNullable(properties.getProperty("exports")),
        properties.getProperty("reference", "%"));
  }

  private static Map<String, String> below(String prefix, Properties properties) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(prefix)) {
        entries.put(key.substring(prefix.length()), properties.getProperty(key));
      }
    }
    return entries;
  }

  /** The same in the folders of one attempt. */
  Tools in(Path workspace, Scratch scratch) {
    UnaryOperator<String> placed =
        value ->
            value
                .replace("{workspace}", workspace.toString())
                .replace("{scratch}", scratch.own().toString());
    return new Tools(programs, each(env, placed), each(texts, placed), exports, reference);
  }

  private static Map<String, String> each(Map<String, String> map, UnaryOperator<String> change) {
    Map<String, String> changed = new LinkedHashMap<>();
    map.forEach((name, value) -> changed.put(name, change.apply(value)));
    return changed;
  }

  /** Writes the programs into a folder. */
  void install(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String program : programs) {
      try (InputStream stream = open(program)) {
        if (stream == null) {
          throw new IOException("the program " + program + " is missing in this build");
        }
        Path file = folder.resolve(program);
        Files.copy(stream, file);
        if (!file.toFile().setExecutable(true)) {
          throw new IOException(file + " cannot be made a program");
        }
      }
    }
  }

  private static @Nullable InputStream open(String name) {
    return Tools.class.getResourceAsStream("tools/" + name);
  }
}
