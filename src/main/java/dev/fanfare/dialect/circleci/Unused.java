package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.circleci.Library.Found;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions that no workflow uses: named, and their keys looked at all the same. */
final class Unused {

  private final Fields fields;

  Unused(Fields fields) {
    this.fields = fields;
  }

  void check(Library library, Scope scope) {
    List<Library.Unused> unused = library.unused();
    for (Library.Unused each : unused) {
      fields
          .problems()
          .info(
              "definition-unused",
              "nothing uses the " + each.kind().title() + " '" + each.entry().key() + "'",
              each.entry().keySpan(),
              "");
      if (each.entry().value() instanceof Mapping map) {
        look(each, map, scope);
      }
    }
    library.all().forEach(entry -> fields.ledger().settleAll(entry.value()));
  }

  private void look(Library.Unused each, Mapping map, Scope scope) {
    Fields shadow = fields.shadow();
    Map<String, Argument> none = Map.of();
    switch (each.kind()) {
      case JOB ->
          new JobReader(shadow, true)
              .job(
                  new Found.Defined(each.entry(), each.home()),
                  none,
                  new JobReader.Around(Optional.empty(), Optional.empty(), scope, each.home()),
                  scope,
                  each.entry().keySpan());
      case COMMAND -> command(shadow, each, map, scope);
      case EXECUTOR -> new JobReader(shadow, true).executor(map, scope);
      case GROUP -> {
        Section section = shadow.ledger().open("job-group", map);
        section.node("description");
        new InvocationReader(shadow).read(section, "a job group", scope);
        section.close();
      }
    }
  }

  private static void command(Fields shadow, Library.Unused each, Mapping map, Scope scope) {
    Parameters parameters = new Parameters(shadow, true);
    Section section = shadow.ledger().open("command", map);
    section.node("description");
    Scope inside =
        parameters.bind(
            "a command", parameters.declared(section, false), Map.of(), scope, map.span());
    StepReader steps = new StepReader(shadow, parameters, "", true);
    section.node("steps").ifPresent(list -> steps.read(list, each.home(), inside));
    section.close();
  }
}
