package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.RecordedLog;
import dev.fanfare.work.Trees;
import dev.fanfare.work.log.LogStream;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of a layered workspace, on real files. */
class LayeredWorkspaceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Outcome DONE = Outcome.Succeeded.of("done");

  private final RunFiles run = new RunFiles(UUID.randomUUID(), 0);
  private final RecordedLog log = new RecordedLog();
  private final Map<String, List<String>> needs = new TreeMap<>();
  private int looks;

  @TempDir Path root;
  private Workspaces workspaces;

  @BeforeEach
  void open() {
    workspaces = new Workspaces(root, new Limits(1 << 20, 200));
  }

  @AfterEach
  void close() {
    workspaces.close();
  }

  /** What a step does in its folder. */
  private interface Script {
    void run(Path folder) throws Exception;
  }

  /** A step with what it needs, and what surrounds it. */
  private final class Step {
    final String name;
    final List<String> reads = new ArrayList<>();
    final List<String> writes = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    int attempt = 1;
    Outcome outcome = DONE;

    Step(String name) {
      this.name = name;
    }

    Step attempt(int number) {
      attempt = number;
      return this;
    }

    Step ends(Outcome with) {
      outcome = with;
      return this;
    }

    Step reads(String... paths) {
      reads.addAll(List.of(paths));
      return this;
    }

    Step writes(String... paths) {
      writes.addAll(List.of(paths));
      return this;
    }

    Step outputs(String... paths) {
      outputs.addAll(List.of(paths));
      return this;
    }

    Workspaces.Visit visit() {
      List<LayerName> layers = upstream(name).stream().map(each -> new LayerName(each, 1)).toList();
      View view = new View(layers, (step, other) -> upstream(other).contains(step));
      return new Workspaces.Visit(
          run,
          new LayerName(name, attempt),
          Optional.of(view),
          reads,
          writes,
          outputs,
          log,
          new Pulse());
    }

    Outcome does(Script script) {
      return workspaces
          .within(
              visit(),
              folder ->
                  Uni.createFrom()
                      .item(
                          () -> {
                            try {
                              script.run(folder);
                            } catch (Exception e) {
                              throw new IllegalStateException(e);
                            }
                            return outcome;
                          }),
              () -> Uni.createFrom().voidItem())
          .await()
          .atMost(PATIENCE);
    }
  }

  private List<String> upstream(String step) {
    List<String> all = new ArrayList<>();
    for (String need : needs.getOrDefault(step, List.of())) {
      upstream(need).stream().filter(each -> !all.contains(each)).forEach(all::add);
      if (!all.contains(need)) {
        all.add(need);
      }
    }
    return all;
  }

  private Step step(String name, String... needed) {
    needs.put(name, List.of(needed));
    return new Step(name);
  }

  private static Script write(String name, String content) {
    return folder -> {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    };
  }

  /** All that a step with these needs finds, with its contents. */
  private Map<String, String> seen(String... needed) {
    Map<String, String> seen = new TreeMap<>();
    // Each its own: an attempt is made once, and its folder goes when nobody waits for that.
    String name = "looking" + looks++;
    assertEquals(DONE, step(name, needed).does(folder -> look(folder, seen)));
    return seen;
  }

  private static void look(Path folder, Map<String, String> seen) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            if (!visited.equals(folder)) {
              seen.put(folder.relativize(visited) + "/", "");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = folder.relativize(file).toString();
            seen.put(
                name,
                attributes.isSymbolicLink()
                    ? "-> " + Files.readSymbolicLink(file)
                    : Files.readString(file));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static ErrorInfo error(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.error();
    }
    throw new AssertionError("not failed: " + outcome);
  }

  /** Folders of attempts that are there now. */
  private List<String> folders() throws IOException {
    Path steps = root.resolve(run.name()).resolve("steps");
    if (!Files.exists(steps)) {
      return List.of();
    }
    try (var found = Files.list(steps)) {
      return found.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  /** None, and none that comes late: what was cancelled before it began may begin for a moment. */
  private void awaitNoFolders() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int without = 0;
    while (without < 100 && System.nanoTime() < deadline) {
      without = folders().isEmpty() ? without + 1 : 0;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    assertTrue(without == 100, "folders are left");
  }

  @Test
  void a_step_sees_what_its_upstream_steps_wrote_and_adds_to_it() {
    step("a").does(write("d/a", "A"));
    step("b", "a").does(write("d/b", "B"));
    step("c").does(write("c", "C"));
    assertEquals(Map.of("d/", "", "d/a", "A", "d/b", "B"), seen("b"));
    assertEquals(Map.of("c", "C"), seen("c"));
    assertEquals(Map.of("d/", "", "d/a", "A", "d/b", "B", "c", "C"), seen("b", "c"));
    assertEquals(Map.of(), seen());
  }

  @Test
  void what_a_step_does_to_a_file_is_not_seen_by_those_beside_it() {
    step("a").does(write("f", "before"));
    step("b", "a").does(write("f", "after"));
    assertEquals(Map.of("f", "before"), seen("a"));
    assertEquals(Map.of("f", "after"), seen("b"));
    assertEquals(Map.of("f", "after"), seen("a", "b"));
  }

  @Test
  void two_concurrent_steps_that_wrote_the_same_file_fail_whoever_would_see_both() {
    step("a").does(write("reports/all.xml", "a"));
    step("b").does(write("reports/all.xml", "b"));
    ErrorInfo error = error(step("join", "a", "b").does(folder -> Files.createFile(folder)));
    assertEquals("workspace_conflict", error.code());
    assertTrue(error.message().contains("\"a\" and \"b\""), error.message());
    assertTrue(error.message().contains("\"reports/all.xml\""), error.message());
    assertEquals(Map.of("reports/", "", "reports/all.xml", "a"), seen("a"));
  }

  @Test
  void a_file_changed_in_place_with_the_same_length_and_time_is_found() {
    for (int i = 0; i < 50; i++) {
      String name = "f" + i;
      step("a" + i).does(write(name, "one"));
      step("b" + i, "a" + i)
          .does(
              folder -> {
                FileTime time = Files.getLastModifiedTime(folder.resolve(name));
                Files.writeString(folder.resolve(name), "two");
                Files.setLastModifiedTime(folder.resolve(name), time);
              });
      assertEquals("two", seen("b" + i).get(name), "round " + i);
    }
  }

  @Test
  void a_file_written_anew_with_the_same_bytes_has_not_changed() throws IOException {
    step("a").does(write("f", "same"));
    step("b", "a").does(write("f", "same"));
    step("c", "a").does(write("f", "other"));
    assertEquals(Map.of("f", "other"), seen("b", "c"));
  }

  @Test
  void permissions_are_kept_and_making_a_file_executable_is_a_change() {
    step("a").does(write("run.sh", "#!/bin/sh"));
    step("b", "a").does(folder -> Trees.setMode(folder.resolve("run.sh"), 0755));
    step("look", "b").does(folder -> assertEquals(0755, Trees.mode(folder.resolve("run.sh"))));
    assertEquals("done", ((Outcome.Succeeded) step("x", "b").does(folder -> {})).output());
  }

  @Test
  void times_of_files_are_kept_so_that_builds_do_not_begin_anew() {
    FileTime time = FileTime.fromMillis(1_600_000_000_123L);
    step("a")
        .does(
            folder -> {
              Files.writeString(folder.resolve("f"), "x");
              Files.setLastModifiedTime(folder.resolve("f"), time);
            });
    step("b", "a")
        .does(folder -> assertEquals(time, Files.getLastModifiedTime(folder.resolve("f"))));
  }

  @Test
  void what_a_step_removed_or_moved_is_gone_for_those_after_it() {
    step("a").does(write("d/f", "1"));
    step("a2", "a").does(write("keep/g", "2"));
    step("b", "a2")
        .does(
            folder -> {
              Files.move(folder.resolve("d/f"), folder.resolve("moved"));
              Files.delete(folder.resolve("d"));
            });
    assertEquals(Map.of("moved", "1", "keep/", "", "keep/g", "2"), seen("b"));
    assertEquals("1", seen("a2").get("d/f"));
  }

  @Test
  void empty_folders_and_odd_names_are_kept() {
    step("a")
        .does(
            folder -> {
              Files.createDirectories(folder.resolve("empty/inner"));
              Files.writeString(folder.resolve("Case"), "1");
              Files.writeString(folder.resolve("case"), "2");
              Files.writeString(folder.resolve("with space\tand\nbreak"), "3");
              Files.writeString(Names.in(folder, "%C3%BC"), "4");
              Files.writeString(Names.in(folder, "%FF"), "5");
            });
    step("b", "a")
        .does(
            folder -> {
              assertTrue(Files.isDirectory(folder.resolve("empty/inner")));
              assertEquals("1", Files.readString(folder.resolve("Case")));
              assertEquals("2", Files.readString(folder.resolve("case")));
              assertEquals("3", Files.readString(folder.resolve("with space\tand\nbreak")));
              assertEquals("4", Files.readString(Names.in(folder, "%C3%BC")));
              assertEquals("5", Files.readString(Names.in(folder, "%FF")));
            });
    assertTrue(log.texts(LogStream.NOTE).isEmpty(), log.texts(LogStream.NOTE).toString());
  }

  @Test
  void a_link_inside_is_kept_as_a_link() {
    step("a")
        .does(
            folder -> {
              Files.createDirectories(folder.resolve("d/e"));
              Files.writeString(folder.resolve("d/f"), "F");
              Files.createSymbolicLink(folder.resolve("d/e/up"), Path.of("../f"));
              Files.createSymbolicLink(folder.resolve("abs"), folder.resolve("d/f"));
              Files.createSymbolicLink(folder.resolve("to-folder"), Path.of("d"));
              Files.createSymbolicLink(folder.resolve("dead"), Path.of("nowhere yet"));
            });
    Map<String, String> seen = seen("a");
    assertEquals("-> ../f", seen.get("d/e/up"));
    assertEquals("-> d/f", seen.get("abs"), "the next step has another folder");
    assertEquals("-> d", seen.get("to-folder"));
    assertEquals("-> nowhere yet", seen.get("dead"));
    step("b", "a").does(folder -> assertEquals("F", Files.readString(folder.resolve("d/e/up"))));
  }

  @Test
  void a_link_that_leads_out_is_refused() throws IOException {
    Path outside = Files.writeString(root.resolve("outside"), "secret");
    Map<String, Path> targets =
        Map.of(
            "absolute", outside,
            "up", Path.of("../../../outside"),
            "deep/up", Path.of("../../x"),
            "etc", Path.of("/etc"),
            "top", Path.of(".."));
    targets.forEach(
        (name, target) -> {
          Outcome outcome =
              step("link-" + name.replace('/', '-'))
                  .does(
                      folder -> {
                        Files.createDirectories(folder.resolve(name).getParent());
                        Files.createSymbolicLink(folder.resolve(name), target);
                      });
          assertEquals("workspace_link", error(outcome).code(), name);
          assertTrue(error(outcome).message().contains("\"" + name + "\""));
        });
    assertEquals(Map.of(), seen("link-absolute"));
  }

  @Test
  void links_that_lead_out_together_are_refused() {
    Outcome outcome =
        step("a")
            .does(
                folder -> {
                  Files.createDirectories(folder.resolve("d1/d2"));
                  Files.createSymbolicLink(folder.resolve("d1/d2/top"), Path.of("../.."));
                  Files.createSymbolicLink(folder.resolve("x"), Path.of("d1/d2/top/../../.."));
                });
    assertEquals("workspace_link", error(outcome).code());
  }

  @Test
  void a_pipe_is_not_kept_and_the_log_says_so() throws Exception {
    Outcome outcome =
        step("a")
            .does(
                folder -> {
                  Process made =
                      new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
                  assertEquals(0, made.waitFor());
                  Files.writeString(folder.resolve("f"), "x");
                });
    assertEquals(DONE, outcome);
    assertEquals(List.of("pipe is no file and is not kept"), log.texts(LogStream.NOTE));
    assertEquals(Map.of("f", "x"), seen("a"));
  }

  @Test
  void reads_limits_what_a_step_sees_and_what_can_be_in_conflict() {
    step("a").does(write("out/a", "A"));
    step("a2", "a").does(write("cache/x", "1"));
    step("b").does(write("cache/x", "2"));
    Map<String, String> seen = new TreeMap<>();
    step("c", "a2", "b").reads("out/", "missing").does(folder -> look(folder, seen));
    assertEquals(Map.of("out/", "", "out/a", "A"), seen);
    assertEquals("workspace_conflict", error(step("d", "a2", "b").does(f -> {})).code());
  }

  @Test
  void what_a_step_did_not_see_it_has_not_removed() {
    step("a").does(write("big", "B"));
    step("b", "a").reads("small").does(write("small", "S"));
    assertEquals(Map.of("big", "B", "small", "S"), seen("b"));
  }

  @Test
  void writes_limits_what_is_kept_and_the_log_names_the_rest() {
    step("a")
        .writes("dist")
        .outputs("report.txt")
        .does(
            folder -> {
              write("dist/app", "app").run(folder);
              write("distance", "no").run(folder);
              write("tmp/x", "no").run(folder);
              write("report.txt", "yes").run(folder);
            });
    assertEquals(Map.of("dist/", "", "dist/app", "app", "report.txt", "yes"), seen("a"));
    assertEquals(
        List.of("distance, tmp/x are outside of `writes` and not kept"), log.texts(LogStream.NOTE));
  }

  @Test
  void a_path_of_reads_that_leads_out_is_refused() {
    assertEquals("path_outside_workspace", error(step("a").reads("../x").does(f -> {})).code());
  }

  @Test
  void what_an_attempt_left_counts_for_that_attempt_only() {
    step("a").attempt(2).does(write("f", "second"));
    assertEquals(Map.of(), seen("a"), "the first attempt left nothing");
  }

  @Test
  void a_step_that_fails_leaves_what_it_wrote() {
    Outcome failed = Outcome.Failed.of(ErrorInfo.of("exit_code", "no"));
    assertEquals(failed, step("a").ends(failed).does(write("report", "1 failure")));
    assertEquals(Map.of("report", "1 failure"), seen("a"));
  }

  @Test
  void what_was_stopped_leaves_nothing() throws IOException {
    step("a").ends(new Outcome.Stopped("enough")).does(write("f", "half"));
    step("b")
        .ends(new Outcome.TimedOut(ErrorInfo.of("timed_out", "late")))
        .does(write("f", "half"));
    assertEquals(Map.of(), seen("a", "b"));
    awaitNoFolders();
  }

  @Test
  void a_workspace_that_grows_too_large_fails_the_step_and_names_the_largest_files() {
    assertEquals(DONE, step("a").does(write("big", "x".repeat(700_000))));
    ErrorInfo error =
        error(
            step("b")
                .does(
                    folder -> {
                      write("bigger", "x".repeat(400_000)).run(folder);
                      write("small", "x").run(folder);
                    }));
    assertEquals("workspace_too_large", error.code());
    assertEquals(
        "With what this step has left, the run's workspace has more than 1 MiB, which is the"
            + " limit; the largest are \"bigger\" (390.6 KiB), \"small\" (1 bytes). Let steps"
            + " remove what no later one needs, or raise fanfare.workspace.limit.",
        error.message());
    assertEquals(Map.of(), seen("b"));
  }

  @Test
  void too_many_files_fail_the_step() {
    ErrorInfo error =
        error(
            step("a")
                .does(
                    folder -> {
                      for (int i = 0; i < 201; i++) {
                        Files.createFile(folder.resolve("f" + i));
                      }
                    }));
    assertEquals("workspace_too_large", error.code());
    assertTrue(error.message().contains("more than 200 files"), error.message());
    assertTrue(error.message().contains("fanfare.workspace.files"), error.message());
  }

  @Test
  void a_failure_stays_the_failure_it_was_when_its_files_cannot_be_kept() {
    Outcome failed = Outcome.Failed.of(ErrorInfo.of("exit_code", "no"));
    assertEquals(failed, step("a").ends(failed).does(write("big", "x".repeat(2 << 20))));
    assertTrue(log.texts(LogStream.NOTE).getFirst().contains("is not kept"));
  }

  @Test
  void folders_of_attempts_go_when_they_end() throws IOException {
    step("a").does(write("d/f", "1"));
    step("b", "a").does(folder -> Trees.setMode(folder.resolve("d"), 0500));
    awaitNoFolders();
  }

  @Test
  void folders_that_forbid_writing_are_kept_and_removed_all_the_same() throws IOException {
    step("a")
        .does(
            folder -> {
              write("cache/mod/f", "1").run(folder);
              Trees.setMode(folder.resolve("cache/mod/f"), 0400);
              Trees.setMode(folder.resolve("cache/mod"), 0500);
              Trees.setMode(folder.resolve("cache"), 0500);
            });
    Map<String, String> seen = new TreeMap<>();
    step("b", "a")
        .does(
            folder -> {
              look(folder, seen);
              assertEquals(0500, Trees.mode(folder.resolve("cache/mod")));
            });
    assertEquals(Map.of("cache/", "", "cache/mod/", "", "cache/mod/f", "1"), seen);
    awaitNoFolders();
  }

  @Test
  void work_that_is_cancelled_leaves_no_folder_once_it_has_stopped() throws Exception {
    CompletableFuture<Path> begun = new CompletableFuture<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    var running =
        workspaces
            .within(
                step("a").visit(),
                folder -> {
                  begun.complete(folder);
                  return Uni.createFrom().nothing();
                },
                () -> Uni.createFrom().completionStage(gone))
            .subscribe()
            .with(outcome -> {});
    Path folder = begun.get(20, TimeUnit.SECONDS);
    running.cancel();
    assertTrue(Files.exists(folder), "it is still at work there");
    gone.complete(null);
    awaitNoFolders();
  }

  @Test
  void a_cancel_at_any_instant_leaves_no_folder() throws Exception {
    step("a").does(write("d/f", "1"));
    for (int i = 0; i < 200; i++) {
      var running =
          workspaces
              .within(
                  step("b" + i, "a").visit(),
                  folder -> Uni.createFrom().item(DONE),
                  () -> Uni.createFrom().voidItem())
              .subscribe()
              .with(outcome -> {});
      LockSupport.parkNanos(i * 10_000L);
      running.cancel();
    }
    awaitNoFolders();
  }

  @Test
  void what_a_process_left_behind_when_it_died_goes_with_the_next_attempt() throws IOException {
    Path steps = Files.createDirectories(root.resolve(run.name()).resolve("steps"));
    Path old = steps.resolve(new LayerName("a", 1).plain());
    Files.createDirectories(old);
    Files.writeString(old.resolve("half"), "x");
    Path same = steps.resolve(new LayerName("a", 2).plain());
    Files.createDirectories(same);
    Files.writeString(same.resolve("half"), "x");
    Outcome outcome =
        step("a").attempt(2).does(folder -> assertFalse(Files.exists(folder.resolve("half"))));
    assertEquals(DONE, outcome);
    awaitNoFolders();
  }

  @Test
  void a_run_that_begins_anew_sees_nothing_of_before() {
    step("a").does(write("f", "old"));
    Workspaces.Visit old = step("b", "a").visit();
    Workspaces.Visit anew =
        new Workspaces.Visit(
            new RunFiles(run.run(), 2),
            old.name(),
            old.view(),
            List.of(),
            List.of(),
            List.of(),
            log,
            new Pulse());
    Outcome outcome =
        workspaces
            .within(
                anew,
                folder ->
                    Uni.createFrom()
                        .item(
                            Outcome.Succeeded.of(
                                Files.exists(folder.resolve("f"), LinkOption.NOFOLLOW_LINKS))),
                () -> Uni.createFrom().voidItem())
            .await()
            .atMost(PATIENCE);
    assertEquals(Outcome.Succeeded.of(false), outcome);
  }
}
