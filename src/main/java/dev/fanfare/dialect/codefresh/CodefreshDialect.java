package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.KeyTable;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;

/** Codefresh's {@code codefresh.yml}, and pipelines as its API and command line have them. */
public final class CodefreshDialect implements Dialect {

  static final String NAME = "codefresh";

  private static final Set<String> ROOT =
      Set.of("mode", "stages", "indicators", "fail_fast", "strict_fail_fast", "success_criteria");

  private static final Set<String> STEP =
      Set.of("type", "image", "commands", "fail_fast", "arguments");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyTable keys() {
    return Keys.TABLE;
  }

  @Override
  public boolean detects(SourceFile file) {
    if (!(file.root() instanceof Mapping map)) {
      return false;
    }
    if (isWrapped(map)) {
      return true;
    }
    if (!map.has("steps") || map.has("name") || map.has("jobs") || map.has("workflows")) {
      return map.has("version") && map.has("steps") && file.name().startsWith("codefresh.");
    }
    return map.has("version")
        || map.entries().stream().anyMatch(entry -> ROOT.contains(entry.key()))
        || hasStep(map);
  }

  /** Whether any step has a key that gives it away. */
  private static boolean hasStep(Mapping map) {
    return map.get("steps").orElse(null) instanceof Mapping steps
        && steps.entries().stream()
            .map(Entry::value)
            .filter(Mapping.class::isInstance)
            .flatMap(step -> ((Mapping) step).entries().stream())
            .anyMatch(entry -> STEP.contains(entry.key()));
  }

  /** Whether a pipeline stands in the wrapper that the API has for it. */
  static boolean isWrapped(Mapping map) {
    return map.has("spec")
        && map.get("kind").orElse(null) instanceof Scalar kind
        && kind.text().equals("pipeline");
  }

  @Override
  public Imported read(SourceFile file) {
    Problems problems = new Problems();
    Ledger ledger = new Ledger(Keys.TABLE, problems);
    file.variant()
        .ifPresent(
            variant ->
                problems.error(
                    "unknown-dialect",
                    "the dialect codefresh has no variant '" + variant + "'",
                    file.root().span(),
                    "say --dialect codefresh"));
    Optional<Workflow> workflow = Optional.empty();
    if (file.root() instanceof Mapping map) {
      workflow = Optional.of(new PipelineReader(file, ledger).read(map));
      ledger.close(file.documents());
    } else {
      problems.error(
          "not-a-mapping",
          "a pipeline is a mapping",
          file.root().span(),
          "begin with \"version: '1.0'\" and 'steps:'");
    }
    return new Imported(NAME, workflow, problems.all(), ledger.uses(), file.inputs().read());
  }
}
