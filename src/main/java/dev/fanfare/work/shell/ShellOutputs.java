package dev.fanfare.work.shell;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.Template;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Masker;
import dev.fanfare.work.DataOutputs;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Workspace;
import dev.fanfare.work.Yield;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.jcf.JcfRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a script yields (language.md, Outputs): the object of its declared outputs and of the pairs
 * in {@code $FANFARE_OUTPUT}, a declared one winning over a pair of the same name; without either,
 * its trimmed standard output where that is no longer than a value may be. Computed outputs ({@code
 * Output.Value}) are not this class's.
 */
final class ShellOutputs {

  private static final int JSON_LIMIT_BYTES = 4 << 20;

  private final Workspace workspace;
  private final Path workdir;
  private final Capture stdout;
  private final Map<String, String> exported;
  private final Masker masker;
  private boolean tooLong;

  /**
   * Outputs of one attempt.
   *
   * @param workdir where the script ran; relative paths are relative to the workspace
   * @param exported what the script has handed to later ones; a part of what it yields
   * @param masker covers the secrets in what messages quote
   */
  ShellOutputs(
      Path workspace, Path workdir, Capture stdout, Map<String, String> exported, Masker masker) {
    this.workspace = new Workspace(workspace);
    this.workdir = workdir;
    this.stdout = stdout;
    this.exported = exported;
    this.masker = masker;
  }

  /**
   * Collects them.
   *
   * @throws WorkException code {@code output_missing}, {@code output_invalid}, {@code
   *     output_too_large} or {@code path_outside_workspace}
   */
  @Nullable Object collect(Map<String, Output> declared, Path outputFile) throws WorkException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Output> output : declared.entrySet()) {
      if (!(output.getValue() instanceof Output.Value)) {
        values.put(output.getKey(), value(output.getKey(), output.getValue()));
      }
    }
    OutputFile.read(outputFile, masker).forEach(values::putIfAbsent);
    exported.forEach(values::putIfAbsent);
    return values.isEmpty() ? undeclared() : values;
  }

  /**
   * Standard output of a script that names no output. One that merely talks much has not asked for
   * it to be kept: it yields nothing, and the log says so. Whoever wants it declares it, and is
   * then told when it is too large.
   */
  private @Nullable Object undeclared() {
    if (stdout.isComplete() && Yield.fits(stdout.text())) {
      return stdout.text();
    }
    tooLong = true;
    return null;
  }

  /** Whether standard output would have been the output, had it not been too long. */
  boolean isTooLong() {
    return tooLong;
  }

  private @Nullable Object value(String name, Output output) throws WorkException {
    return switch (output) {
      case Output.Stdout out -> {
        String text = completeStdout();
        yield out.jmespath().isEmpty() ? text : query(name, parse(name, text), out.jmespath());
      }
      case Output.File file -> {
        Path path = existing(name, file.path());
        yield workspace.folder().relativize(path).toString().replace('\\', '/');
      }
      case Output.Json json -> query(name, parse(name, content(name, json)), json.jmespath());
      case Output.Data data -> DataOutputs.value(data, completeStdout());
      case Output.Value value -> null;
    };
  }

  private String completeStdout() throws WorkException {
    if (!stdout.isComplete()) {
      throw new WorkException(Yield.tooLarge(stdout.seen(), ShellWork.LARGE_OUTPUT_ADVICE));
    }
    return stdout.text();
  }

  private Path existing(String name, Template path) throws WorkException {
    String written = literal(path);
    Path file = workspace.resolve(written);
    boolean below = workdir.startsWith(workspace.folder());
    if (!Files.exists(file) && below && !workdir.equals(workspace.folder())) {
      Path there =
          workspace.resolve(workspace.folder().relativize(workdir).resolve(written).toString());
      file = Files.exists(there) ? there : file;
    }
    if (!Files.exists(file)) {
      throw new WorkException(
          "output_missing",
          ("The output \"%s\" names the file \"%s\", which is not in the workspace after the"
                  + " script. Correct the path or let the script write it.")
              .formatted(name, written));
    }
    return file;
  }

  private static String literal(Template path) {
    return path instanceof Template.Literal literal ? String.valueOf(literal.value()) : "";
  }

  private String content(String name, Output.Json json) throws WorkException {
    Path file = existing(name, json.path());
    try {
      Workspace.Content content = workspace.read(file, JSON_LIMIT_BYTES);
      if (content.size() > JSON_LIMIT_BYTES) {
        throw new WorkException(
            Yield.tooLarge(content.size(), "Yield the path with `file:` instead of the content."));
      }
      return new String(content.bytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw invalid(name, "its file cannot be read: " + e.getMessage());
    }
  }

  private @Nullable Object parse(String name, String text) throws WorkException {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      throw invalid(name, "it is not JSON: " + complaint(text));
    }
  }

  /** What is wrong with a text that may hold secrets: the reader quotes a part of what it reads. */
  private String complaint(String text) {
    try {
      Json.parse(masker.mask(text));
      return "it cannot be read";
    } catch (Json.JsonException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static @Nullable Object query(
      String name, @Nullable Object value, Optional<String> jmespath) throws WorkException {
    if (jmespath.isEmpty()) {
      return value;
    }
    try {
      return new JcfRuntime().compile(jmespath.get()).search(value);
    } catch (JmesPathException e) {
      throw invalid(
          name, "its JMESPath \"%s\" fails: %s".formatted(jmespath.get(), e.getMessage()));
    }
  }

  private static WorkException invalid(String name, String why) {
    return new WorkException(
        "output_invalid", "The output \"%s\" cannot be taken, %s.".formatted(name, why));
  }
}
