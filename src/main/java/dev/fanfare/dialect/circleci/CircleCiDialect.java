package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.KeyTable;
import dev.fanfare.dialect.key.KeyUse;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** CircleCI's {@code .circleci/config.yml}, version 2 and 2.1. */
public final class CircleCiDialect implements Dialect {

  /** The name of the dialect. */
  public static final String NAME = "circleci";

  /** What is told of parts of a file that do not run. */
  private static final Set<String> TOLD_ANYWAY =
      Set.of("unknown-key", "unknown-command", "unknown-argument", "key-has-no-effect");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyTable keys() {
    return CircleCiKeys.TABLE;
  }

  @Override
  public boolean detects(SourceFile file) {
    return file.root() instanceof Mapping map
        && (map.has("version") || map.has("workflows"))
        && (map.has("jobs") || map.has("workflows") || map.has("orbs"));
  }

  @Override
  public Imported read(SourceFile file) {
    if (!(file.root() instanceof Mapping map)) {
      Diagnostic shape =
          Diagnostic.error(
              "not-a-mapping",
              "a CircleCI file is a mapping",
              file.root().span(),
              "begin with version: 2.1");
      return Imported.refused(NAME, List.of(shape));
    }
    Problems problems = new Problems();
    Ledger ledger = new Ledger(CircleCiKeys.TABLE, problems);
    Fields fields = new Fields(ledger);
    Workflow workflow = new Pipeline(fields, file).workflow(map);
    ledger.close(file.documents());
    for (Ledger shadow : fields.shadows()) {
      shadow.problems().all().stream()
          .filter(each -> TOLD_ANYWAY.contains(each.code()))
          .forEach(each -> tell(each, problems));
    }
    List<KeyUse> uses =
        Stream.concat(Stream.of(ledger), fields.shadows().stream())
            .flatMap(each -> each.uses().stream())
            .distinct()
            .sorted(Comparator.comparing(KeyUse::span))
            .toList();
    return new Imported(NAME, Optional.of(workflow), problems.all(), uses, file.inputs().read());
  }

  private static void tell(Diagnostic found, Problems problems) {
    if (found.isError()) {
      problems.error(found.code(), found.message(), found.span(), found.hint());
    } else {
      problems.warning(found.code(), found.message(), found.span(), found.hint());
    }
  }
}
