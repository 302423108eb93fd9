package dev.fanfare.local.command;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.plan.Plan;
import dev.fanfare.local.view.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A workflow file and what decides its graph: the arguments that run and plan share. */
final class WorkflowArguments {

  /** The reader refuses far smaller files; this bounds what is read into memory before. */
  private static final int LARGEST_FILE_BYTES = 16 << 20;

  @Parameters(
      paramLabel = "FILE",
      description =
          "The workflow file; - reads standard input. With --jars also a workflow's name.")
  private String file = "";

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description = "A parameter of the workflow. May be given several times.")
  private List<String> params = new ArrayList<>();

  @Option(
      names = "--event",
      paramLabel = "FILE",
      description = "A JSON file: the payload that started the run, as a webhook would send it.")
  private Optional<String> event = Optional.empty();

  @Option(
      names = "--branch",
      paramLabel = "B",
      description = "The branch, for filters. Without it and --tag git is asked.")
  private Optional<String> branch = Optional.empty();

  @Option(names = "--tag", paramLabel = "T", description = "The tag, for filters.")
  private Optional<String> tag = Optional.empty();

  private Optional<Map<String, String>> asked = Optional.empty();

  @Option(
      names = "--dialect",
      paramLabel = "D",
      description = "The language of the file; without it the file is looked at.")
  private Optional<String> dialect = Optional.empty();

  @Mixin private JarsOption jars = new JarsOption();

  /** What FILE names, where that is a workflow written in Java. */
  private Optional<Graphs.File> written = Optional.empty();

  /**
   * Looks for a workflow written in Java, where FILE is no file.
   *
   * @throws CommandException when the jars are wrong, or have none of that name
   */
  WorkflowArguments found(Map<String, String> environment) throws CommandException {
    FlowBook book = jars.book(environment);
    if (book.names().isEmpty() || file.equals("-") || Files.exists(Path.of(file))) {
      return this;
    }
    written = book.file(file);
    if (written.isEmpty()) {
      throw CommandException.usage(
          "there is no file and no workflow '%s'; the workflows of the jars are %s"
              .formatted(file, String.join(", ", book.names())));
    }
    return this;
  }

  /** The configuration that goes with the workflow. */
  Map<String, String> settings(Map<String, String> environment) {
    return jars.settings(environment);
  }

  String file() {
    return file.equals("-") ? "(standard input)" : file;
  }

  /**
   * What is known of the sources: what was typed, or else what git says, which is said once.
   *
   * @param console takes the line that says so
   */
  Map<String, String> run(Console console) {
    if (asked.isEmpty()) {
      WorkingCopy copy =
          branch.isPresent() || tag.isPresent() || file.equals("-")
              ? new WorkingCopy(branch, tag, Optional.empty())
              : git(console);
      asked = Optional.of(copy.context());
    }
    return asked.get();
  }

  private WorkingCopy git(Console console) {
    try {
      WorkingCopy copy = WorkingCopy.around(Path.of(file));
      copy.note().ifPresent(console.err()::println);
      return copy;
    } catch (InvalidPathException e) {
      return WorkingCopy.NONE; // reading it says what is wrong
    }
  }

  Optional<String> dialect() {
    return dialect.or(() -> written.flatMap(Graphs.File::dialect));
  }

  /**
   * What decides the graph besides the file.
   *
   * @param strict whether required parameters must have values
   * @param console its environment says which images functions carry
   */
  Plan.Inputs planInputs(boolean strict, Console console) throws CommandException {
    Map<String, String> known = new LinkedHashMap<>(run(console));
    source().ifPresent(folder -> known.put("source", folder));
    Map<String, String> environment = console.environment();
    return new Plan.Inputs(params(), event(), known, strict, images(environment), environment);
  }

  private Optional<String> source() {
    return file.equals("-")
        ? Optional.empty()
        : Optional.ofNullable(Path.of(file).toAbsolutePath().normalize().getParent())
            .map(Path::toString);
  }

  private static Set<String> images(Map<String, String> environment) {
    return Cloud.images(environment.getOrDefault("FANFARE_IMAGES", "")).keySet();
  }

  /** The bytes of the workflow file. */
  byte[] content() throws CommandException {
    return written.isPresent() ? written.get().content() : read(file, "the workflow file");
  }

  /** Values as typed, in the order of the command line. */
  Map<String, String> params() throws CommandException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : params) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw CommandException.usage(
            "--param '" + pair + "' is not of the form NAME=VALUE; write --param NAME=VALUE");
      }
      String name = pair.substring(0, equals);
      if (values.put(name, pair.substring(equals + 1)) != null) {
        throw CommandException.usage("--param " + name + " is given twice; give it once");
      }
    }
    return values;
  }

  /** The event's payload; empty where none was given. */
  @SuppressWarnings("unchecked")
  Map<String, @Nullable Object> event() throws CommandException {
    if (event.isEmpty()) {
      return Map.of();
    }
    String text = new String(read(event.get(), "the event file"), StandardCharsets.UTF_8);
    try {
      if (Json.parse(text) instanceof Map<?, ?> payload) {
        return (Map<String, @Nullable Object>) payload;
      }
      throw CommandException.usage(
          "the event file " + event.get() + " holds no JSON object; an event is an object");
    } catch (Json.JsonException e) {
      throw CommandException.usage(
          "the event file " + event.get() + " is not JSON: " + e.getMessage());
    }
  }

  private static byte[] read(String name, String what) throws CommandException {
    if (!name.equals("-") && Files.isDirectory(Path.of(name))) {
      throw CommandException.usage(what + " " + name + " is a directory; name a file in it");
    }
    try (InputStream stream = name.equals("-") ? System.in : Files.newInputStream(Path.of(name))) {
      byte[] content = stream.readNBytes(LARGEST_FILE_BYTES + 1);
      if (content.length > LARGEST_FILE_BYTES) {
        throw CommandException.usage(what + " " + name + " is larger than 16 MiB");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw CommandException.usage(what + " " + name + " does not exist");
    } catch (AccessDeniedException e) {
      throw CommandException.usage(what + " " + name + " may not be read by this user");
    } catch (IOException e) {
      throw CommandException.usage(what + " " + name + " cannot be read: " + e.getMessage());
    } catch (InvalidPathException e) {
      throw CommandException.usage(what + " has an impossible name: " + e.getMessage());
    }
  }
}
