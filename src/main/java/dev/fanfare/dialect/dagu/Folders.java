package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.util.Optional;

/** Where scripts run: in the folder of the file, on one machine, unless it says otherwise. */
final class Folders {

  /** The parameter that says where a DAG works that is called by its path. */
  static final String CALLER = "DAGU_CALLER_DIR";

  /** The folder of the file; empty, which is the workspace, where a run comes from elsewhere. */
  private static final String SOURCE = "run.?source.orValue(\"\")";

  /** A DAG that another one calls works in a folder of its own. */
  private static final String OWN = "(run.?parent.orValue(null) != null ? \"\" : " + SOURCE + ")";

  private final Place place;

  Folders(Place place) {
    this.place = place;
  }

  Template workdir(Optional<Fields> step, Scope scope, SourceSpan span) {
    Optional<String> own = step.flatMap(Folders::written);
    String source =
        place.variant.called()
            ? "cel.bind(c, " + Scope.given(CALLER) + ", c == \"\" ? " + SOURCE + " : c)"
            : SOURCE;
    String base =
        place
            .workdir
            .map(text -> below(source, text, scope))
            .orElse(place.age == Age.NEW ? OWN : source);
    return Cel.template(own.map(text -> below(base, text, scope)).orElse(base), span);
  }

  /** Where a step works, as the source of an expression. */
  String source(Optional<Fields> step, Scope scope, SourceSpan span) {
    return workdir(step, scope, span) instanceof Template.Expression expression
        ? expression.expr().source()
        : "\"\"";
  }

  static Optional<String> written(Fields fields) {
    return fields.text("working_dir").or(() -> fields.text("dir"));
  }

  private static String below(String base, String text, Scope scope) {
    String path = Words.text(text, scope);
    if (text.startsWith("/") || text.startsWith("~")) {
      return path;
    }
    return "cel.bind(p, %s, cel.bind(b, %s, p.startsWith(\"/\") || b == \"\" ? p : b + \"/\" + p))"
        .formatted(path, base);
  }
}
