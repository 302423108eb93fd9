package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.KeyTable;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files of Dagu. The first document is what a file runs, the others are what its steps call; {@code
 * dagu:NAME} reads another one, {@code dagu:chain} and {@code dagu:graph} say what a document is
 * that has no {@code type}.
 */
public final class DaguDialect implements Dialect {

  private static final String NAME = "dagu";

  private static final Set<String> ROOT =
      Set.of(
          "schedule",
          "handlerOn",
          "handler_on",
          "preconditions",
          "skipIfSuccessful",
          "dotenv",
          "histRetentionDays",
          "hist_retention_days",
          "maxActiveSteps",
          "max_active_steps",
          "maxActiveRuns",
          "max_active_runs",
          "maxCleanUpTimeSec",
          "catchup_window");

  private static final Set<String> STEP =
      Set.of(
          "command",
          "script",
          "depends",
          "executor",
          "continueOn",
          "continue_on",
          "call",
          "foreach",
          "retryPolicy",
          "retry_policy",
          "repeatPolicy",
          "repeat_policy",
          "output",
          "action",
          "preconditions",
          "run");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyTable keys() {
    return DaguKeys.TABLE;
  }

  @Override
  public boolean manyDocuments() {
    return true;
  }

  /** A list of steps, keys that only Dagu has, or steps that are a list of commands. */
  @Override
  public boolean detects(SourceFile file) {
    if (file.root() instanceof Sequence steps) {
      return isListOfSteps(steps);
    }
    if (!(file.root() instanceof Mapping map) || map.has("flow") || map.has("version")) {
      return false;
    }
    YamlNode steps = map.get("steps").orElse(null);
    boolean ownKeys = map.entries().stream().anyMatch(entry -> ROOT.contains(entry.key()));
    return switch (steps) {
      case Sequence list -> ownKeys || isListOfSteps(list);
      case Mapping named ->
          // A name and steps by their names are Fanfare's too, maybe with a wrong key at the top.
          hasDaguStep(named) ? ownKeys || !map.has("name") : ownKeys && !map.has("name");
      case Scalar ignored -> ownKeys;
      case null -> ownKeys;
    };
  }

  private static boolean isListOfSteps(Sequence list) {
    return !list.items().isEmpty()
        && list.items().stream()
            .allMatch(
                item ->
                    switch (item) {
                      case Scalar scalar -> !scalar.isNull();
                      case Sequence group -> isListOfSteps(group);
                      case Mapping step ->
                          step.entries().stream().anyMatch(entry -> STEP.contains(entry.key()));
                    });
  }

  /** Steps by their names are written in other systems too: what only Dagu's have tells. */
  private static boolean hasDaguStep(Mapping steps) {
    return steps.entries().stream()
        .anyMatch(
            step ->
                step.value() instanceof Mapping body
                    && !body.has("type")
                    && !body.has("image")
                    && (body.has("command") || body.has("depends") || body.has("continueOn")));
  }

  @Override
  public Imported read(SourceFile file) {
    Problems problems = new Problems();
    Ledger ledger = new Ledger(DaguKeys.TABLE, problems);
    Variant variant = Variant.of(file.variant().orElse(""), names(file));
    String wanted = variant.document();
    Age age = Age.of(file.documents(), problems);
    List<Workflow> workflows = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (YamlNode document : file.documents()) {
      String name = name(document, file, workflows.isEmpty(), problems);
      if (names.contains(name)) {
        problems.error(
            "duplicate-document",
            "two documents are named '" + name + "'",
            document.span(),
            "give each DAG of the file a name of its own");
      }
      names.add(name);
      read(document, name, age, variant, file, ledger, problems).ifPresent(workflows::add);
    }
    int index = wanted.isEmpty() ? 0 : names.indexOf(wanted);
    if (index < 0) {
      problems.error(
          "unknown-dialect",
          "the file has no document '" + wanted + "'",
          SourceSpan.NONE,
          "its documents are " + String.join(", ", names) + "; or say dagu:chain or dagu:graph");
    }
    ledger.close(file.documents());
    Optional<Workflow> workflow =
        index >= 0 && index < workflows.size()
            ? Optional.of(workflows.get(index))
            : Optional.empty();
    return new Imported(NAME, workflow, problems.all(), ledger.uses(), file.inputs().read());
  }

  private static Set<String> names(SourceFile file) {
    Set<String> names = new HashSet<>();
    for (YamlNode document : file.documents()) {
      if (document instanceof Mapping map
          && map.get("name").orElse(null) instanceof Scalar scalar) {
        names.add(scalar.text());
      }
    }
    return names;
  }

  private static String name(YamlNode document, SourceFile file, boolean first, Problems problems) {
    if (document instanceof Mapping map && map.get("name").orElse(null) instanceof Scalar name) {
      return name.text();
    }
    if (!first) {
      problems.error(
          "missing-key",
          "a DAG after the first one of a file needs a 'name'",
          document.span(),
          "steps call it by its name");
    }
    return file.baseName();
  }

  private static Optional<Workflow> read(
      YamlNode document,
      String name,
      Age age,
      Variant variant,
      SourceFile file,
      Ledger ledger,
      Problems problems) {
    Optional<YamlNode> list = Optional.of(document).filter(Sequence.class::isInstance);
    Mapping root = document instanceof Mapping map ? map : new Mapping(List.of(), document.span());
    if (document instanceof Scalar scalar) {
      problems.error(
          "wrong-type", "a DAG is a mapping", scalar.span(), "write its steps under 'steps'");
      return Optional.empty();
    }
    Fields fields = new Fields(ledger.open("root", root));
    Document dag = new Document(fields, age, variant, file.inputs());
    return Optional.of(dag.workflow(Names.workflow(name), list));
  }
}
