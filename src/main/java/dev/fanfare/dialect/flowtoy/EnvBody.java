package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.flowtoy.jinja.Cel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step of an {@code env} source: prints its variables as JSON, so that outputs can ask about
 * them. What it prints is covered wherever it is stored; a step that reads one gets the secret
 * itself.
 */
final class EnvBody {

  private static final String PRINT =
      """
      awk 'function quoted(text,   i, c, out) {
        for (i = 1; i <= length(text); i++) {
          c = substr(text, i, 1)
          if (c == "\\\\" || c == "\\"") out = out "\\\\" c
          else if (c == "\\n") out = out "\\\\n"
          else if (c == "\\r") out = out "\\\\r"
          else if (c == "\\t") out = out "\\\\t"
          else out = out c
        }
        return "\\"" out "\\""
      }
      BEGIN {
        printf "{"
        for (i = 1; i < ARGC; i++)
          printf "%s%s: %s", (i > 1 ? ", " : ""), quoted(ARGV[i]), quoted(ENVIRON[ARGV[i]])
        print "}"
      }'\
      """
          .stripTrailing();

  private EnvBody() {}

  static Made of(FlowStep step) {
    Map<String, Template> env = new LinkedHashMap<>();
    for (String name : step.variables()) {
      env.put(name, new Template.Expression(new Expr(Cel.member("secrets", name), step.span())));
    }
    String script = PRINT + " " + String.join(" ", step.variables());
    return new Made(
        new Work.Run(List.of(script), Optional.empty(), Optional.empty(), Optional.empty()),
        env,
        Timeouts.NONE);
  }
}
