package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialect;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.KeyTable;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;

/** flowtoy's configuration files. */
public final class FlowtoyDialect implements Dialect {

  /** The name for {@code --dialect}. */
  public static final String NAME = "flowtoy";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public KeyTable keys() {
    return FlowtoyKeys.TABLE;
  }

  /** No other system has a list under {@code flow}. */
  @Override
  public boolean detects(SourceFile file) {
    return file.root() instanceof Mapping map
        && map.get("flow").filter(Sequence.class::isInstance).isPresent();
  }

  @Override
  public Imported read(SourceFile file) {
    if (file.variant().isPresent()) {
      return Imported.refused(
          NAME,
          List.of(
              Diagnostic.error(
                  "unknown-dialect",
                  "the dialect flowtoy has no variant '" + file.variant().get() + "'",
                  SourceSpan.NONE,
                  "say --dialect flowtoy")));
    }
    Problems problems = new Problems();
    Ledger ledger = new Ledger(FlowtoyKeys.TABLE, problems);
    Optional<Workflow> workflow = new FileReader(ledger).workflow(file);
    ledger.close(file.documents());
    return new Imported(NAME, workflow, problems.all(), ledger.uses(), file.inputs().read());
  }
}
