package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingCopyTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;

  private void git(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", script).directory(folder.toFile()).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_AUTHOR_NAME", "ann",
                "GIT_AUTHOR_EMAIL", "ann@example.org",
                "GIT_COMMITTER_NAME", "ann",
                "GIT_COMMITTER_EMAIL", "ann@example.org"));
    assertEquals(0, builder.start().waitFor());
  }

  @Test
  void a_branch_that_is_checked_out_is_taken_and_its_commit() throws Exception {
    git(
        "git init -q -b feature/x . && echo 1 > a && git add a && git commit -qm one && git tag"
            + " v1");
    Path below = Files.createDirectories(folder.resolve(".circleci"));

    WorkingCopy copy = WorkingCopy.around(below.resolve("config.yml"));

    assertEquals(Optional.of("feature/x"), copy.branch());
    assertEquals(Optional.empty(), copy.tag(), "a push brings a branch or a tag, never both");
    assertEquals(40, copy.revision().orElseThrow().length());
    String revision = copy.revision().get().substring(0, 12);
    assertEquals(Optional.of("from git: branch feature/x, revision " + revision), copy.note());
  }

  @Test
  void a_tag_that_is_checked_out_is_taken_and_no_branch() throws Exception {
    git(
        "git init -q -b main . && echo 1 > a && git add a && git commit -qm one"
            + " && git tag -a v1.0 -m x && git checkout -q v1.0");

    WorkingCopy copy = WorkingCopy.around(folder.resolve("codefresh.yml"));

    assertEquals(Optional.empty(), copy.branch());
    assertEquals(Optional.of("v1.0"), copy.tag());
  }

  @Test
  void where_there_is_no_repository_or_no_commit_nothing_is_known() throws Exception {
    assertEquals(WorkingCopy.NONE, WorkingCopy.around(folder.resolve("gone/x.yml")));
    git("git init -q -b main .");
    assertEquals(WorkingCopy.NONE, WorkingCopy.around(folder.resolve("x.yml")));
    assertEquals(Optional.empty(), WorkingCopy.NONE.note());
  }

  @Test
  void answers_of_any_kind_are_read() {
    assertEquals(WorkingCopy.NONE, WorkingCopy.parsed(""));
    assertEquals(WorkingCopy.NONE, WorkingCopy.parsed("warning: something else\n"));
    assertEquals(
        new WorkingCopy(Optional.empty(), Optional.empty(), Optional.of(COMMIT)),
        WorkingCopy.parsed(COMMIT + "\n"));
    assertEquals(
        new WorkingCopy(Optional.of("a,b"), Optional.empty(), Optional.of(COMMIT)),
        WorkingCopy.parsed(
            COMMIT + "\nHEAD -> refs/heads/a,b, tag: refs/tags/v1, refs/remotes/origin/a\n"));
  }
}
