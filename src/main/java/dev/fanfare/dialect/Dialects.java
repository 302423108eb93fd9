package dev.fanfare.dialect;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.circleci.CircleCiDialect;
import dev.fanfare.dialect.codefresh.CodefreshDialect;
import dev.fanfare.dialect.dagu.DaguDialect;
import dev.fanfare.dialect.fanfare.FanfareDialect;
import dev.fanfare.dialect.flowtoy.FlowtoyDialect;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every dialect this version reads, and the way from bytes to a workflow. */
public final class Dialects {

  private static final Dialect FANFARE = new FanfareDialect();

  /** In the order in which they are asked whether a file is theirs. */
  private static final List<Dialect> ALL =
      List.of(
          FANFARE,
          new CodefreshDialect(),
          new CircleCiDialect(),
          new DaguDialect(),
          new FlowtoyDialect());

  private Dialects() {}

  /** The names {@code --dialect} accepts. */
  public static List<String> names() {
    return ALL.stream().map(Dialect::name).toList();
  }

  /** Every dialect. */
  public static List<Dialect> all() {
    return ALL;
  }

  /**
   * Reads a workflow file as it is to every run: planned or registered with nothing known.
   *
   * @see #read(byte[], String, Optional, ImportInputs)
   */
  public static Imported read(byte[] content, String fileName, Optional<String> dialect) {
    return read(content, fileName, dialect, ImportInputs.none());
  }

  /**
   * Reads a workflow file.
   *
   * @param content the file's bytes
   * @param fileName its name or path, for detection only; it is not opened
   * @param dialect the dialect a person asked for; absent, the file is looked at
   * @param inputs what the run brings
   * @return the workflow, or what is wrong with the file; nothing is thrown
   */
  public static Imported read(
      byte[] content, String fileName, Optional<String> dialect, ImportInputs inputs) {
    YamlReader.Documents read = YamlReader.readAll(content);
    Optional<Dialect> named = dialect.flatMap(Dialects::named);
    if (dialect.isPresent() && named.isEmpty()) {
      return Imported.refused(Imported.UNKNOWN, List.of(unknown(dialect.get())));
    }
    if (read.roots().isEmpty()) {
      String name = named.map(Dialect::name).orElse(Imported.UNKNOWN);
      return Imported.refused(name, read.diagnostics());
    }
    String name = fileName.substring(fileName.replace('\\', '/').lastIndexOf('/') + 1);
    Optional<String> variant = dialect.filter(d -> d.contains(":")).map(Dialects::variant);
    SourceFile file = new SourceFile(name, read.roots(), variant, inputs);
    return named
        .map(chosen -> read(chosen, file, read))
        .orElseGet(() -> detect(file, read))
        .after(read.diagnostics());
  }

  /** The names that the documents of a file give themselves; none of a file that is not YAML. */
  public static List<String> documentNames(byte[] content) {
    return YamlReader.readAll(content).roots().stream()
        .flatMap(root -> root instanceof Mapping map ? map.get("name").stream() : Stream.empty())
        .flatMap(name -> name instanceof Scalar text ? Stream.of(text.text()) : Stream.empty())
        .toList();
  }

  private static Imported detect(SourceFile file, YamlReader.Documents read) {
    for (Dialect candidate : ALL) {
      if (candidate.detects(file)) {
        return read(candidate, file, read);
      }
    }
    return ForeignFormat.of(file.root())
        .map(found -> Imported.refused(Imported.UNKNOWN, List.of(found)))
        .orElseGet(() -> read(FANFARE, file, read));
  }

  private static Imported read(Dialect dialect, SourceFile file, YamlReader.Documents read) {
    if (file.documents().size() > 1 && !dialect.manyDocuments()) {
      return Imported.refused(dialect.name(), List.of(YamlReader.secondDocument(read)));
    }
    return dialect.read(file);
  }

  private static Optional<Dialect> named(String name) {
    String base = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    return ALL.stream().filter(dialect -> dialect.name().equals(base)).findFirst();
  }

  private static String variant(String name) {
    return name.substring(name.indexOf(':') + 1);
  }

  private static Diagnostic unknown(String name) {
    return Diagnostic.error(
        "unknown-dialect",
        "there is no dialect '" + name + "'",
        SourceSpan.NONE,
        "the dialects are " + String.join(", ", names()) + "; without one, the file is looked at");
  }
}
