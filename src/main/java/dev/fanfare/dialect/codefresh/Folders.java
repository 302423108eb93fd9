package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.ImportInputs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In which folder of the workspace each step works. The volume is the workspace; a step called
 * {@code main_clone} that clones sets the folder of all the others.
 */
final class Folders {

  static final String MAIN = "main_clone";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\{\\s*([^}]*?)\\s*}}");
  private static final int MAX_STEPS = 8;

  private final StepIndex index;
  private final ImportInputs inputs;

  Folders(StepIndex index, ImportInputs inputs) {
    this.index = index;
    this.inputs = inputs;
  }

  /** The folder of a step, relative to the workspace, empty for the workspace itself. */
  String of(StepNode step) {
    return of(step, 0);
  }

  private String of(StepNode step, int depth) {
    Optional<String> written =
        step.text("working_directory").or(() -> step.text("working-directory"));
    boolean image = written.map("IMAGE_WORK_DIR"::equals).orElse(false);
    if (written.isPresent() && !image && depth < MAX_STEPS) {
      return relative(resolved(written.get(), depth), step, depth);
    }
    return step.type == StepType.CLONE ? repository(step) : base(step, depth);
  }

  /** Where a step works that says nothing. */
  private String base(StepNode step, int depth) {
    return index
        .find(MAIN)
        .filter(main -> main != step && main.type == StepType.CLONE && depth < MAX_STEPS)
        .filter(main -> step.type != StepType.PLUGIN)
        .map(main -> of(main, depth + 1))
        .orElse("");
  }

  /** The folder of a clone is called as the repository, where its name is known. */
  private String repository(StepNode clone) {
    String repo = resolved(clone.text("repo").orElse(""), MAX_STEPS);
    String name =
        repo.replaceFirst("/+$", "").replaceFirst("^.*[/:]", "").replaceFirst("\\.git$", "");
    return name.isEmpty() || name.contains("$") || name.startsWith(".") ? clone.name : name;
  }

  /** Folders of other steps and parameters that are known, in the place of their variables. */
  private String resolved(String text, int depth) {
    Matcher variable = VARIABLE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (variable.find()) {
      String name = variable.group(1);
      String value =
          name.equals("CF_VOLUME_PATH")
              ? StepViews.VOLUME
              : index
                  .find(name)
                  .filter(step -> depth < MAX_STEPS)
                  .map(step -> StepViews.onVolume(of(step, depth + 1)))
                  .or(() -> known(name))
                  .orElse(variable.group());
      variable.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return variable.appendTail(resolved).toString();
  }

  private Optional<String> known(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*")
        ? inputs.param(name).map(String::valueOf)
        : Optional.empty();
  }

  private String relative(String folder, StepNode step, int depth) {
    if (folder.equals(StepViews.VOLUME)) {
      return "";
    }
    if (folder.startsWith(StepViews.VOLUME + "/")) {
      return normal(folder.substring(StepViews.VOLUME.length() + 1));
    }
    if (folder.startsWith("/")) {
      return folder;
    }
    String base = base(step, depth);
    return (base.startsWith("/") ? "/" : "") + normal(base + "/" + folder);
  }

  /** The path without empty parts and dots; one that climbs out stays as it is. */
  private static String normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : List.of(path.split("/", -1))) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    List<String> kept = new ArrayList<>(parts);
    return String.join("/", kept);
  }
}
