package dev.fanfare.work.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.log.LogStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fanfare-checkout} with real repositories. */
class CheckoutTest {

  private static final Map<String, String> QUIET =
      Map.of(
          "GIT_CONFIG_GLOBAL", "/dev/null",
          "GIT_AUTHOR_NAME", "ann",
          "GIT_AUTHOR_EMAIL", "ann@example.org",
          "GIT_COMMITTER_NAME", "ann",
          "GIT_COMMITTER_EMAIL", "ann@example.org");

  private ShellFixture shell;
  private Path sources;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    shell = new ShellFixture(folder);
    sources = Files.createDirectories(folder.resolve("my sources")).toRealPath();
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private Outcome run(Map<String, String> env, String... commands) {
    Map<String, String> all = new java.util.HashMap<>(QUIET);
    all.putAll(env);
    return shell.run(
        new ShellInput(
            List.of(commands), "sh", "", all, Map.of(), Map.of(), Optional.of("circleci")));
  }

  private void repository() {
    Outcome made =
        run(
            Map.of("TO", sources.toString()),
            "cd \"$TO\"",
            "git init -q -b main",
            "mkdir -p .circleci src",
            "printf 'ignored/\\n*.log\\n' > .gitignore",
            "echo one > src/a.txt; echo gone > gone.txt; echo cfg > .circleci/config.yml",
            "git add -A && git commit -qm first && git tag v1",
            "echo two > src/a.txt && git commit -qam second",
            "git checkout -q -b feature/x && echo x > x.txt && git add x.txt && git commit -qm x",
            "git checkout -q main");
    assertTrue(made instanceof Outcome.Succeeded, made + " " + shell.log.texts(LogStream.ERR));
  }

  private List<String> printed(String... commands) {
    int before = shell.log.texts(LogStream.OUT).size();
    Outcome outcome = run(Map.of("FROM", sources.toString()), commands);
    assertTrue(
        outcome instanceof Outcome.Succeeded, outcome + " " + shell.log.texts(LogStream.ERR));
    List<String> all = shell.log.texts(LogStream.OUT);
    return all.subList(before, all.size());
  }

  @Test
  void sources_around_the_file_are_taken_as_they_lie_there() throws Exception {
    repository();
    Files.writeString(sources.resolve("src/a.txt"), "changed\n");
    Files.writeString(sources.resolve("new file.txt"), "new\n");
    Files.createDirectories(sources.resolve("ignored"));
    Files.writeString(sources.resolve("ignored/big"), "big\n");
    Files.delete(sources.resolve("gone.txt"));

    List<String> printed =
        printed(
            "export FANFARE_SOURCE=\"$FROM/.circleci\"",
            "cd \"$FANFARE_SCRATCH\"",
            "fanfare-checkout project",
            "cd project",
            "cat src/a.txt 'new file.txt'; ls -A | tr '\\n' ' '; echo",
            "git log --format=%s; git rev-parse --abbrev-ref HEAD",
            "git status --porcelain");

    assertEquals(
        List.of(
            "changed",
            "new",
            ".circleci .git .gitignore new file.txt src ",
            "second",
            "first",
            "main",
            " D gone.txt",
            " M src/a.txt",
            "?? \"new file.txt\""),
        printed);
  }

  @Test
  void without_git_the_whole_tree_is_taken() throws Exception {
    Files.createDirectories(sources.resolve(".circleci"));
    Files.createDirectories(sources.resolve(".git"));
    Files.writeString(sources.resolve(".git/HEAD"), "no repository");
    Files.writeString(sources.resolve("a"), "a\n");

    assertEquals(
        List.of("a", ".circleci a "),
        printed(
            "export FANFARE_SOURCE=\"$FROM/.circleci\"",
            "fanfare-checkout \"$FANFARE_SCRATCH/p\"",
            "cd \"$FANFARE_SCRATCH/p\" && cat a && ls -A | tr '\\n' ' '; echo"));
  }

  @Test
  void a_repository_is_cloned_at_a_branch_a_tag_or_a_commit() {
    repository();

    assertEquals(
        List.of("two", "one", "x", "one", "two", "main"),
        printed(
            "fanfare-checkout head \"$FROM\"; cat head/src/a.txt",
            "fanfare-checkout tag \"$FROM\" v1; cat tag/src/a.txt",
            "fanfare-checkout branch \"$FROM\" feature/x; cat branch/x.txt",
            "first=$(git -C \"$FROM\" rev-list --max-parents=0 HEAD)",
            "fanfare-checkout commit \"$FROM\" $first; cat commit/src/a.txt",
            "fanfare-checkout tag \"$FROM\" main; cat tag/src/a.txt",
            "git -C tag rev-parse --abbrev-ref HEAD"));
  }

  @Test
  void what_is_not_there_is_said() {
    repository();

    assertFalse(
        run(Map.of("FROM", sources.toString()), "fanfare-checkout x \"$FROM\" nowhere")
            instanceof Outcome.Succeeded);
    assertFalse(run(Map.of(), "fanfare-checkout x") instanceof Outcome.Succeeded);

    List<String> said = shell.log.texts(LogStream.ERR);
    assertTrue(said.stream().anyMatch(line -> line.endsWith("no branch, tag or commit nowhere")));
    assertTrue(said.stream().anyMatch(line -> line.contains("there are no sources")));
  }
}
