package dev.fanfare.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What git says about the folder of a workflow file: what a push of it would bring to a server.
 *
 * @param branch that is checked out
 * @param tag where that was checked out, and no branch
 * @param revision the commit
 */
record WorkingCopy(Optional<String> branch, Optional<String> tag, Optional<String> revision) {

  /** Nothing is known. */
  static final WorkingCopy NONE =
      new WorkingCopy(Optional.empty(), Optional.empty(), Optional.empty());

  private static final long PATIENCE_SECONDS = 3;
  private static final int MOST_BYTES = 64 << 10;
  private static final String BRANCH = "HEAD -> refs/heads/";
  private static final String TAG = "tag: refs/tags/";

  /** Asks git, where it is installed. Never fails: whoever cannot be asked says nothing. */
  static WorkingCopy around(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? NONE : asked(folder);
  }

  private static WorkingCopy asked(Path folder) {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "git",
                    "-C",
                    folder.toString(),
                    "log",
                    "-1",
                    "--no-show-signature",
                    "--decorate=full",
                    "--format=%H%n%D"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
    try {
      Process git = builder.start();
      git.getOutputStream().close();
      byte[] answer;
      try (InputStream out = git.getInputStream()) {
        answer = out.readNBytes(MOST_BYTES);
      }
      boolean ended = git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        git.destroyForcibly();
      }
      return ended && git.exitValue() == 0
          ? parsed(new String(answer, StandardCharsets.UTF_8))
          : NONE;
    } catch (IOException e) {
      return NONE; // there is no git
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NONE;
    }
  }

  /** The commit, and in the next line its names, separated by what no name can have in it. */
  static WorkingCopy parsed(String answer) {
    List<String> lines = answer.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().matches("[0-9a-f]{40,64}")) {
      return NONE;
    }
    List<String> names = lines.size() < 2 ? List.of() : List.of(lines.get(1).split(", "));
    Optional<String> branch = first(names, BRANCH);
    // A push brings a branch or a tag, never both; so does this.
    Optional<String> tag = branch.isPresent() ? Optional.empty() : first(names, TAG);
    return new WorkingCopy(branch, tag, Optional.of(lines.getFirst()));
  }

  private static Optional<String> first(List<String> names, String prefix) {
    return names.stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .findFirst();
  }

  /** As the fields of {@code run}. */
  Map<String, String> context() {
    Map<String, String> context = new LinkedHashMap<>();
    branch.ifPresent(value -> context.put("branch", value));
    tag.ifPresent(value -> context.put("tag", value));
    revision.ifPresent(value -> context.put("revision", value));
    return context;
  }

  /** A line that says what was taken from git; empty where nothing was. */
  Optional<String> note() {
    return context().isEmpty()
        ? Optional.empty()
        : Optional.of(
            context().entrySet().stream()
                .map(entry -> entry.getKey() + " " + shown(entry.getValue()))
                .collect(Collectors.joining(", ", "from git: ", "")));
  }

  private static String shown(String value) {
    return value.matches("[0-9a-f]{40,64}") ? value.substring(0, 12) : value;
  }
}
