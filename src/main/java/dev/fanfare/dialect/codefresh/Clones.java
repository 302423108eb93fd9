package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code git-clone}: the repository is cloned with the git of the machine. One whose name stays
 * unknown is the pipeline's own: it is the folder that the file lies in.
 */
final class Clones {

  private final Context context;

  Clones(Context context) {
    this.context = context;
  }

  Bodies.Made read(StepNode node, Section step, Place place) {
    Optional<String> repo = step.text("repo");
    if (repo.isEmpty() && !node.id.equals(Folders.MAIN)) {
      context
          .problems()
          .error(
              "missing-key",
              "the step '" + node.id + "' has no 'repo'",
              node.span,
              "name one: owner/name, or an address");
    }
    if (step.free("credentials").isPresent()) {
      context
          .problems()
          .warning(
              "key-not-honoured",
              "'credentials' of a clone are not used: git finds its own on the machine",
              step.keySpan("credentials"),
              "");
    }
    new FreestyleBodies(context).folder(step, node);
    Map<String, Template> env = new LinkedHashMap<>();
    env.put("CF_CLONE_FOLDER", context.texts().template(folder(node), node.span, place));
    env.put("CF_CLONE_URL", url(repo.orElse(""), step.keySpan("repo"), place));
    env.put(
        "CF_CLONE_REVISION",
        known(step.text("revision").orElse(""), step.keySpan("revision"), place, "x"));
    Work work =
        new Work.Run(
            List.of(
                "fanfare-checkout \"$CF_CLONE_FOLDER\" \"$CF_CLONE_URL\" \"$CF_CLONE_REVISION\""),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            FreestyleBodies.TOOLS);
    return Bodies.Made.of(work, env);
  }

  private String folder(StepNode node) {
    String folder = context.variables().steps().workdir(node);
    return folder.isEmpty() ? "." : folder;
  }

  private Template url(String repo, SourceSpan span, Place place) {
    String host = context.variables().orNull("CF_GIT_URL", place);
    String address =
        "x.contains(\"://\") || x.startsWith(\"git@\") || x.startsWith(\"/\") ||"
            + " x.startsWith(\".\") || x == \"\" ? x : cel.bind(h, "
            + host
            + ", (h == null ? \"https://github.com\" : string(h)) + \"/\" + x + \".git\")";
    return known(repo, span, place, address);
  }

  /** A text, empty where a variable in it has no value; {@code x} is the text in {@code then}. */
  private Template known(String text, SourceSpan span, Place place, String then) {
    String cel =
        "cel.bind(x, "
            + context.texts().cel(text, place)
            + ", x.contains(\"${{\") ? \"\" : "
            + then
            + ")";
    return new Template.Expression(new Expr(cel, span));
  }
}
