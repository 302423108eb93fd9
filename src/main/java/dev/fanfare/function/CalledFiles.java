package dev.fanfare.function;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.store.GraphStore;
import dev.fanfare.work.Input.WorkflowInput;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds what a step of a foreign dialect calls: a document of the caller's own file, a file by its
 * path, or a registered workflow. Files are read when the step runs, so one that an earlier step
 * has written counts. Blocks.
 */
final class CalledFiles {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_BYTES = 1 << 20;
  private static final List<String> ENDINGS = List.of("", ".yaml", ".yml");

  private final GraphStore graphs;
  private final WorkflowFiles workflows;

  CalledFiles(GraphStore graphs, WorkflowFiles workflows) {
    this.graphs = graphs;
    this.workflows = workflows;
  }

  /**
   * What can be found without the files of the run: a document beside the caller, or a file that is
   * absolute or beside the caller's.
   *
   * @throws WorkException code {@code child_refused} for a file that cannot be read
   */
  Optional<WorkflowFiles.Found> outside(WorkOrder order, WorkflowInput input) throws WorkException {
    Optional<WorkflowFiles.Found> document = document(order, input);
    if (document.isPresent()) {
      return document;
    }
    String path = atHome(input.workflow());
    Optional<Path> around = WorkflowFiles.folder(order.context());
    for (String ending : ENDINGS) {
      Optional<Path> file =
          path.startsWith("/")
              ? path(Path.of("/"), path + ending)
              : around.flatMap(folder -> path(folder, path + ending));
      if (file.filter(Files::isRegularFile).isPresent()) {
        Path parent = file.get().toAbsolutePath().getParent();
        return Optional.of(
            new WorkflowFiles.Found(read(file.get(), input), Optional.ofNullable(parent)));
      }
    }
    return Optional.empty();
  }

  /**
   * What can be found in the files of the run, or else among the registered workflows.
   *
   * @throws WorkException code {@code child_refused} for a file that cannot be read
   */
  Optional<WorkflowFiles.Found> inside(Path folder, WorkOrder order, WorkflowInput input)
      throws WorkException {
    Workspace workspace = new Workspace(folder);
    if (!input.workflow().startsWith("/")) {
      for (String ending : ENDINGS) {
        Optional<Path> file = within(workspace, input.workflow() + ending);
        if (file.isPresent()) {
          // The folder of a step in a layered workspace is gone before the run begins.
          Optional<Path> around =
              order.view().isEmpty()
                  ? Optional.ofNullable(file.get().getParent())
                  : Optional.empty();
          return Optional.of(new WorkflowFiles.Found(read(file.get(), input), around));
        }
      }
    }
    String name = input.workflow().replaceFirst("\\.ya?ml$", "");
    return workflows.registered(name).or(() -> workflows.registered(input.workflow()));
  }

  private Optional<WorkflowFiles.Found> document(WorkOrder order, WorkflowInput input) {
    String dialect = base(input);
    return graphs
        .ofRun(order.run())
        .await()
        .atMost(PATIENCE)
        .filter(caller -> !caller.text().isEmpty())
        .map(
            caller ->
                new Graphs.File(
                    caller.text().getBytes(StandardCharsets.UTF_8),
                    caller.fileName(),
                    Optional.of(dialect + ":" + input.workflow())))
        .filter(file -> Dialects.documentNames(file.content()).contains(input.workflow()))
        .map(file -> new WorkflowFiles.Found(file, WorkflowFiles.folder(order.context())));
  }

  private static String base(WorkflowInput input) {
    String dialect = input.dialect().orElse("");
    return dialect.contains(":") ? dialect.substring(0, dialect.indexOf(':')) : dialect;
  }

  private static String atHome(String path) {
    return path.startsWith("~/") ? System.getProperty("user.home") + path.substring(1) : path;
  }

  private static Optional<Path> path(Path folder, String path) {
    try {
      return Optional.of(folder.resolve(path).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> within(Workspace workspace, String path) {
    try {
      return Optional.of(workspace.resolve(path)).filter(Files::isRegularFile);
    } catch (WorkException e) {
      return Optional.empty();
    }
  }

  private static Graphs.File read(Path file, WorkflowInput input) throws WorkException {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw refused(input, "%s has %d bytes, more than 1 MiB".formatted(file, size));
      }
      return new Graphs.File(Files.readAllBytes(file), file.toString(), input.dialect());
    } catch (IOException e) {
      throw refused(input, "%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static WorkException refused(WorkflowInput input, String why) {
    return new WorkException(
        ErrorInfo.of("child_refused", "'%s' cannot be run: %s".formatted(input.workflow(), why))
            .with("diagnostics", List.of(why)));
  }

  /** Why there is nothing of that name. */
  ErrorInfo unknown(WorkOrder order, WorkflowInput input) {
    String beside =
        WorkflowFiles.folder(order.context())
            .map(folder -> "in " + folder + " or the workspace")
            .orElse("in the workspace");
    List<String> documents =
        graphs.ofRun(order.run()).await().atMost(PATIENCE).stream()
            .flatMap(
                caller ->
                    Dialects.documentNames(caller.text().getBytes(StandardCharsets.UTF_8)).stream())
            .toList();
    List<String> known =
        Stream.concat(documents.stream(), workflows.known(Map.of()).stream())
            .distinct()
            .limit(ChildRuns.SHOWN)
            .toList();
    return ErrorInfo.of(
            "unknown_workflow",
            ("there is no workflow '%s': no document of the file that calls it has this name, there"
                    + " is no such file %s (with or without .yaml), and none is registered; %s")
                .formatted(
                    input.workflow(),
                    beside,
                    known.isEmpty()
                        ? "write the file's path, or register it"
                        : "known are " + String.join(", ", known)))
        .with("known", known);
  }
}
