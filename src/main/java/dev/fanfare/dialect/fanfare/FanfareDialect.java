package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Optional;

/** The Fanfare workflow language. */
public final class FanfareDialect implements Dialect {

  /** The name of the language. */
  public static final String NAME = "fanfare";

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Every key at the top is one of the language's, and {@code name} and {@code steps} are there.
   */
  @Override
  public boolean detects(SourceFile file) {
    return file.root() instanceof Mapping map
        && map.has("name")
        && map.get("steps").orElse(null) instanceof Mapping
        && map.entries().stream().allMatch(entry -> WorkflowParser.KEYS.contains(entry.key()));
  }

  @Override
  public Imported read(SourceFile file) {
    if (file.variant().isPresent()) {
      Diagnostic unknown =
          Diagnostic.error(
              "unknown-dialect",
              "the dialect fanfare has no variant '" + file.variant().get() + "'",
              SourceSpan.NONE,
              "say --dialect fanfare");
      return Imported.refused(NAME, List.of(unknown));
    }
    Problems problems = new Problems();
    Optional<Workflow> workflow = new WorkflowParser(new Values(problems)).workflow(file.root());
    return new Imported(NAME, workflow, problems.all());
  }
}
