package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.StepStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one step sees of the others and of the run. */
final class StepViews {

  /** Where Codefresh mounts the volume that all steps share. */
  static final String VOLUME = "/codefresh/volume";

  private static final List<StepStatus> FAILURE = Results.of("failure").orElseThrow();

  private final StepIndex index;
  private final boolean parallel;
  private final Folders folders;

  StepViews(StepIndex index, boolean parallel, Folders folders) {
    this.index = index;
    this.parallel = parallel;
    this.folders = folders;
  }

  StepIndex index() {
    return index;
  }

  boolean isParallel() {
    return parallel;
  }

  /** The folder of a step, relative to the workspace; empty where it is an image and no folder. */
  Optional<String> folder(StepNode step) {
    return switch (step.type) {
      case CLONE, FREESTYLE -> Optional.of(folders.of(step));
      case BUILD, PUSH, APPROVAL, PARALLEL, PIPELINE, CLOUD, PLUGIN -> Optional.empty();
    };
  }

  /** The folder of any step, for where a folder is wanted. */
  String workdir(StepNode step) {
    return folders.of(step);
  }

  /** A folder of the workspace as scripts write it. */
  static String onVolume(String folder) {
    return folder.isEmpty() ? VOLUME : VOLUME + "/" + folder;
  }

  /** CEL for the status of a step; empty where there is no such step. */
  Optional<String> status(String id, Place place) {
    return index.find(id).map(step -> status(step, place));
  }

  private String status(StepNode step, Place place) {
    StepNode reader = place.step();
    boolean own = reader != null && (step == reader || reader.isInside(step));
    if (own && !place.isAfter(step)) {
      return Cel.quote(StepStatus.RUNNING.id());
    }
    // In a sequence a condition is looked at once: what comes later is pending for certain.
    return place.isAfter(step) || (parallel && reader != null)
        ? "steps[" + Cel.quote(step.path) + "].status"
        : Cel.quote(StepStatus.PENDING.id());
  }

  /** CEL for a member of a step; empty where there is none of that name. */
  Optional<Cel> member(String id, String field, Place place) {
    StepNode step = index.find(id).orElseThrow();
    return switch (field) {
      case "result", "status" -> Optional.of(Cel.text(Results.word(status(step, place))));
      case "name" -> Optional.of(Cel.text(Cel.quote(id)));
      case "type" -> Optional.of(Cel.text(Cel.quote(step.writtenType)));
      case "title", "description", "image", "tag" ->
          Optional.of(Cel.any(step.text(field).map(Cel::quote).orElse("null")));
      case "workingDirectory", "working_directory" ->
          Optional.of(Cel.text(Cel.quote(onVolume(folders.of(step)))));
      case "" -> Optional.empty();
      default -> Optional.of(Cel.any(output(step, List.of(field, outputName(field)), place)));
    };
  }

  /** Codefresh has two ways to write the name of an image. */
  private static String outputName(String field) {
    return switch (field) {
      case "image_name" -> "imageName";
      case "image_id", "imageID" -> "imageId";
      default -> field;
    };
  }

  private String output(StepNode step, List<String> names, Place place) {
    StepNode reader = place.step();
    boolean readable = place.isAfter(step) || (parallel && reader != step);
    if (!readable || (reader != null && reader.isInside(step))) {
      return "null";
    }
    String output = "steps[" + Cel.quote(step.path) + "].output";
    StringBuilder cel = new StringBuilder();
    for (String name : names.stream().distinct().toList()) {
      String key = Cel.quote(name);
      cel.append("type(").append(output).append(") == map && ").append(key).append(" in ");
      cel.append(output).append(" ? ").append(output).append("[").append(key).append("] : ");
    }
    return "(" + cel + "null)";
  }

  /**
   * CEL for what a variable says of steps: {@code build} is its image, {@code build.imageId},
   * {@code steps.build.result} a member. Empty where the name says nothing of any.
   */
  Optional<String> value(String name, Place place) {
    if (name.equals("workflow.result") || name.equals("workflow.status")) {
      return Optional.of(workflowResult(place));
    }
    Optional<StepNode> whole = index.find(name);
    if (whole.isPresent()) {
      return Optional.of(output(whole.get(), List.of("imageId"), place));
    }
    String rest = name.startsWith("steps.") ? name.substring("steps.".length()) : name;
    return index.ids().stream()
        .filter(id -> rest.startsWith(id + "."))
        .max(java.util.Comparator.comparingInt(String::length))
        .flatMap(
            id -> {
              String field = rest.substring(id.length() + 1);
              boolean plain = field.matches("[A-Za-z_][A-Za-z0-9_]*");
              return plain ? member(id, field, place).map(Cel::source) : Optional.empty();
            });
  }

  /**
   * CEL for the result of the run so far. One failed step makes it a failure, tolerated or not.
   * Steps that ask for it do not count as unfinished, or none of them would ever see a success.
   */
  String workflowResult(Place place) {
    if (place.step() == null && place.moment() == Place.Moment.AFTER) {
      return "{\"succeeded\": \"success\", \"partially_succeeded\": \"success\", \"cancelled\":"
          + " \"terminated\", \"failed\": \"failure\", \"timed_out\": \"failure\"}[run.status]";
    }
    StepNode reader = place.step();
    List<StepNode> others =
        index.all().stream()
            .filter(step -> reader == null || (step != reader && !reader.isInside(step)))
            .filter(step -> parallel || place.isAfter(step))
            .toList();
    String failed =
        others.stream()
            .filter(step -> !step.isGroup())
            .map(step -> Results.test(status(step, place), FAILURE))
            .collect(Collectors.joining(" || "));
    String ended =
        others.stream()
            .filter(step -> step.parent == null && parallel && !asksForTheRun(step))
            .map(step -> "!(" + Results.test(status(step, place), unfinished()) + ")")
            .collect(Collectors.joining(" && "));
    return "("
        + (failed.isEmpty() ? "false" : failed)
        + " ? \"failure\" : "
        + (ended.isEmpty() ? "true" : ended)
        + " ? \"success\" : \"running\")";
  }

  private static boolean asksForTheRun(StepNode step) {
    return step.body.get("when").map(when -> when.toString().contains("workflow.")).orElse(false);
  }

  private static List<StepStatus> unfinished() {
    return java.util.Arrays.stream(StepStatus.values())
        .filter(status -> !status.isTerminal())
        .toList();
  }
}
