package dev.fanfare.work.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.RecordedLog;
import dev.fanfare.work.log.LogStream;
import io.smallrye.mutiny.subscription.Cancellable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellStopTest {

  /** Three generations; the youngest ignores TERM and says its id, one has a session of its own. */
  private static final String FAMILY =
      """
      trap 'echo asked' TERM
      sh -c 'sh -c "trap \\"\\" TERM; echo pid1 \\$\\$; while :; do sleep 1; done" & wait' &
      setsid sh -c 'echo pid2 $$; exec sleep 600' &
      bash -c 'set -m; sleep 600 & echo pid3 $!; wait' &
      echo pid4 $$
      while :; do sleep 0.1; done
      """;

  private ShellFixture shell;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    shell = new ShellFixture(folder, Duration.ofMillis(400));
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private List<Long> family() throws Exception {
    long[] pids = new long[4];
    for (int i = 0; i < 4; i++) {
      pids[i] = Long.parseLong(shell.log.await("pid" + (i + 1)).substring(5));
    }
    return Stream.of(pids[0], pids[1], pids[2], pids[3]).toList();
  }

  private static boolean isAlive(long pid) {
    return ProcessTable.identity(pid).isPresent();
  }

  @Test
  void cancel_ends_the_whole_tree_also_what_ignores_the_request() throws Exception {
    Cancellable running =
        shell.work.work(shell.assignment, ShellFixture.input(FAMILY)).subscribe().with(o -> {});
    List<Long> family = family();
    family.forEach(pid -> assertTrue(isAlive(pid)));
    running.cancel();
    shell.work.stopped(shell.assignment).await().atMost(Duration.ofSeconds(10));
    assertEquals(List.of(), family.stream().filter(ShellStopTest::isAlive).toList());
    assertTrue(shell.log.texts(LogStream.OUT).contains("asked"), "TERM came before KILL");
  }

  @Test
  void a_script_that_ends_by_itself_leaves_no_child_behind() throws Exception {
    String script =
        "sh -c 'trap \"\" TERM; echo pid1 $$; while :; do sleep 1; done' >/dev/null 2>&1 &\n"
            + "echo pid1 $!";
    Outcome outcome = shell.run(script);
    assertTrue(outcome instanceof Outcome.Succeeded, outcome.toString());
    assertFalse(isAlive(Long.parseLong(shell.log.await("pid1").substring(5))));
  }

  @Test
  void closing_the_worker_stops_everything() throws Exception {
    Cancellable running =
        shell.work.work(shell.assignment, ShellFixture.input(FAMILY)).subscribe().with(o -> {});
    List<Long> family = family();
    shell.work.close();
    assertEquals(List.of(), family.stream().filter(ShellStopTest::isAlive).toList());
    running.cancel();
  }

  @Test
  void a_cancel_at_any_instant_leaves_no_process_and_no_file() throws Exception {
    for (int i = 0; i < 40; i++) {
      AtomicInteger outcomes = new AtomicInteger();
      Cancellable running =
          shell
              .work
              .work(shell.assignment, ShellFixture.input("sleep 600"))
              .subscribe()
              .with(o -> outcomes.incrementAndGet());
      CompletableFuture.runAsync(
              running::cancel, CompletableFuture.delayedExecutor(i * 500L, TimeUnit.MICROSECONDS))
          .get(5, TimeUnit.SECONDS);
      shell.work.stopped(shell.assignment).await().atMost(Duration.ofSeconds(10));
      assertEquals(0, outcomes.get());
    }
    String run = shell.assignment.run().toString();
    assertEquals(
        List.of(),
        ProcessHandle.allProcesses()
            .filter(p -> ProcessTable.hasVariable(p.pid(), "FANFARE_RUN_ID", run))
            .toList());
    try (Stream<Path> left = Files.list(shell.scratch)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void orphans_of_a_dead_engine_are_stopped_and_nobody_elses(@TempDir Path root) throws Exception {
    UUID run = UUID.randomUUID();
    Process orphan = session(run);
    Process ofTheLiving = session(UUID.randomUUID());
    Process stranger = session(UUID.randomUUID());
    abandoned(root, orphan.pid(), ProcessTable.identity(orphan.pid()), run);
    abandoned(root, stranger.pid(), Optional.of("boot:1"), UUID.randomUUID());
    Scratch.create(root).writeGroup(ofTheLiving.pid(), UUID.randomUUID());
    try {
      assertEquals(1, ShellWork.killOrphans(root));
      assertFalse(orphan.isAlive());
      assertTrue(ofTheLiving.isAlive(), "its engine is alive");
      assertTrue(stranger.isAlive(), "it only has an old id");
      assertEquals(0, ShellWork.killOrphans(root));
      try (Stream<Path> left = Files.list(root)) {
        assertEquals(1, left.count());
      }
    } finally {
      new ProcessGroup(ofTheLiving.toHandle()).stop(Duration.ZERO);
      new ProcessGroup(stranger.toHandle()).stop(Duration.ZERO);
    }
  }

  @Test
  void an_orphan_whose_leader_is_gone_is_known_by_its_run(@TempDir Path root) throws Exception {
    UUID run = UUID.randomUUID();
    Process leader = session(run);
    Optional<String> identity = ProcessTable.identity(leader.pid());
    abandoned(root, leader.pid(), identity, run);
    assertTrue(leader.destroyForcibly().waitFor(5, TimeUnit.SECONDS));
    assertFalse(ProcessTable.session(leader.pid()).isEmpty(), "the child lives on");
    assertEquals(1, ShellWork.killOrphans(root));
    assertTrue(ProcessTable.session(leader.pid()).isEmpty());
  }

  @Test
  void the_script_of_an_engine_that_was_killed_is_stopped_at_the_next_start(@TempDir Path root)
      throws Exception {
    Process engine =
        engine(root, "trap '' TERM; echo pid $$; while :; do sleep 1; done", "NAME").start();
    long script = Long.parseLong(engine.inputReader().readLine());
    assertEquals(0, ShellWork.killOrphans(root), "the engine is alive");
    engine.destroyForcibly().waitFor();
    assertTrue(isAlive(script));
    assertEquals(1, ShellWork.killOrphans(root));
    assertFalse(isAlive(script));
  }

  /**
   * The one that makes the session kills the engine in the very moment between the start of the
   * script and the note of its group.
   */
  @ParameterizedTest
  @ValueSource(strings = {"NAME", "a.name"})
  void the_script_of_an_engine_that_was_killed_while_it_started_is_stopped_too(
      String variable, @TempDir Path root) throws Exception {
    Path tools = Files.createDirectories(root.resolve("tools"));
    String setsid = Executables.find("setsid", System.getenv("PATH")).orElseThrow();
    Path deadly =
        Files.writeString(
            tools.resolve("setsid"),
            "#!/bin/sh\necho $$ > %s/pid\nkill -9 $PPID\nexec %s \"$@\"\n".formatted(root, setsid));
    assertTrue(deadly.toFile().setExecutable(true));
    ProcessBuilder builder =
        engine(root, "trap '' TERM; echo done >> " + root + "/mark; sleep 600", variable);
    builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);

    assertEquals(137, builder.start().waitFor());
    ShellWork.killOrphans(root);

    long script = Long.parseLong(Files.readString(root.resolve("pid")).strip());
    Optional<ProcessHandle> process = ProcessHandle.of(script);
    if (process.isPresent()) {
      process.get().onExit().get(30, TimeUnit.SECONDS);
    }
    assertFalse(
        variable.equals("NAME") && Files.exists(root.resolve("mark")), "it had not begun to work");
  }

  private static ProcessBuilder engine(Path root, String script, String variable) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            KilledEngine.class.getName(),
            root.toString(),
            script,
            variable)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** An engine that runs one script, prints its id and waits to be killed. */
  static final class KilledEngine {
    private KilledEngine() {}

    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      ShellWork work = new ShellWork(ShellSettings.in(root));
      RecordedLog log = new RecordedLog();
      Path workspace = Files.createDirectories(root.resolve("workspace")).toRealPath();
      CompletableFuture<Outcome> outcome =
          work.work(
                  Assignments.in(workspace, log),
                  new ShellInput(List.of(args[1]), "sh", "", Map.of(args[2], "value"), Map.of()))
              .subscribeAsCompletionStage();
      System.out.println(log.await("pid ").substring(4));
      outcome.join();
    }
  }

  private static Process session(UUID run) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", "sleep 600 & echo up; wait");
    builder.environment().put("FANFARE_RUN_ID", run.toString());
    Process process = builder.start();
    assertEquals("up", process.inputReader().readLine());
    return process;
  }

  private static void abandoned(Path root, long group, Optional<String> identity, UUID run)
      throws Exception {
    Path folder = Files.createTempDirectory(root, "attempt-");
    Files.write(folder.resolve(Scratch.OWNER), List.of("999999", "boot:1", ""));
    Files.write(
        folder.resolve(Scratch.GROUP),
        List.of(Long.toString(group), identity.orElse(""), run.toString()));
  }
}
