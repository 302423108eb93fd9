package dev.fanfare.dialects;

import static dev.fanfare.dialects.DaguStage.file;
import static dev.fanfare.dialects.DaguStage.overlap;
import static dev.fanfare.dialects.Foreign.follows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.Imported;
import dev.fanfare.store.TriggerStore;
import dev.fanfare.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of Dagu's document about parallel execution, run.
 *
 * <p>The files are as they stand in it. Where it says {@code # ... more tasks} a test adds some;
 * dg-12 has no steps there and gets one; the block of dg-18 has {@code steps} twice and is also cut
 * into its two halves; dg-16 is also there with its placeholder replaced, and with a monitor that
 * outlives its step.
 */
class DaguCasesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private DaguStage stage;

  private static TestEngine engine;

  @BeforeAll
  static void start() {
    engine = DaguStage.engine();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @BeforeEach
  void open(@TempDir Path folder) {
    stage = new DaguStage(engine, folder);
  }

  private static void assertSucceeded(TestEngine.Outcome run) {
    assertEquals("succeeded", run.status(), () -> run.json().toString());
  }

  private static List<Diagnostic> problems(String yaml) {
    Imported read =
        Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.empty());
    assertEquals("dagu", read.dialect());
    return read.diagnostics();
  }

  @Test
  void dg_1_steps_without_dependencies_run_together() throws Exception {
    stage.programs("process1.sh", "process2.sh", "process3.sh");
    for (int i = 1; i <= 3; i++) {
      stage.meeting("process" + i + ".sh", 3);
    }
    TestEngine.Outcome run = stage.run(file("dg-1.yaml"));
    assertSucceeded(run);
    assertEquals(3, overlap(run, List.of("task1", "task2", "task3")));
  }

  @Test
  void dg_2_no_more_than_three_of_four_downloads_run_at_once() throws Exception {
    stage.programs("wget").meeting("wget", 3);
    TestEngine.Outcome run = stage.run(file("dg-2.yaml"));
    assertSucceeded(run);
    assertEquals(4, stage.calls().size());
    assertEquals(3, stage.width());
    List<String> records = stage.lines("calls");
    int fourth = records.lastIndexOf("begin " + stage.calls().get(3));
    assertTrue(
        records.subList(0, fourth).stream().anyMatch(line -> line.startsWith("end ")),
        records::toString);
  }

  @Test
  void dg_3_steps_wait_for_what_they_depend_on() throws Exception {
    stage.programs("prepare.sh", "process_a.sh", "process_b.sh", "combine.sh");
    stage.meeting("process_a.sh", 3).meeting("process_b.sh", 3);
    TestEngine.Outcome run = stage.run(file("dg-3.yaml"));
    assertSucceeded(run);
    assertTrue(follows(run, "process_a", "setup") && follows(run, "process_b", "setup"));
    assertEquals(2, overlap(run, List.of("process_a", "process_b")));
    assertTrue(follows(run, "combine", "process_a") && follows(run, "combine", "process_b"));
  }

  @Test
  void dg_4_one_step_fans_out_to_three() throws Exception {
    for (int i = 1; i <= 3; i++) {
      stage.write("data/file" + i + ".csv", "x\n");
    }
    stage.programs("process.py").meeting("process.py", 3);
    stage.also("echo \"$FILES\" > \"$(dirname \"$0\")/files\"");
    TestEngine.Outcome run = stage.run(file("dg-4.yaml"));
    assertSucceeded(run);
    List<String> files = List.of("process file1", "process file2", "process file3");
    files.forEach(step -> assertTrue(follows(run, step, "get items")));
    assertEquals(3, overlap(run, files));
    List<String> seen = List.of("data/file1.csv", "data/file2.csv", "data/file3.csv");
    assertEquals(seen, stage.lines("files"), "the output is a variable of the steps after it");
    assertEquals(String.join("\n", seen), run.outputs().get("FILES"));
  }

  @Test
  void dg_5_steps_that_a_step_has_written_run_as_a_list_without_the_dependency_on_it()
      throws Exception {
    Path written = Path.of("/tmp/dynamic_steps.yaml");
    Files.deleteIfExists(written);
    stage.write("data/a.csv", "x\n");
    stage.write("data/b.csv", "x\n");
    stage.programs("process.py").meeting("process.py", 2);
    stage.also("test -f \"$1\"");
    try {
      TestEngine.Outcome run = stage.run(file("dg-5.yaml"));
      assertSucceeded(run);
      assertTrue(follows(run, "run parallel", "list files"));
      assertEquals(
          List.of("process.py data/a.csv", "process.py data/b.csv"),
          stage.calls().stream().sorted().toList());
      assertEquals(2, stage.width());

      List<Diagnostic> found = problems(Files.readString(written));
      assertEquals(2, found.size(), found::toString);
      assertEquals("dagu-foreign-dependency", found.getFirst().code());
      assertEquals(new SourceSpan(3, 12), found.getFirst().span());
      assertFalse(found.stream().anyMatch(Diagnostic::isError));
    } finally {
      Files.deleteIfExists(written);
    }
  }

  @Test
  void dg_6_three_maps_run_together_and_then_the_reduction() throws Exception {
    stage.programs("map.py", "reduce.py").meeting("map.py", 3);
    TestEngine.Outcome run = stage.run(file("dg-6.yaml"));
    assertSucceeded(run);
    List<String> maps = List.of("map_chunk1", "map_chunk2", "map_chunk3");
    assertEquals(3, overlap(run, maps));
    maps.forEach(step -> assertTrue(follows(run, "reduce", step)));
  }

  @Test
  void dg_7_two_of_three_encodings_run_at_once() throws Exception {
    stage.programs("ffmpeg").meeting("ffmpeg", 2);
    assertSucceeded(stage.run(file("dg-7.yaml")));
    assertEquals(3, stage.calls().size());
    assertEquals(2, stage.width());
  }

  @Test
  void dg_8_ten_of_twelve_downloads_run_at_once() throws Exception {
    StringBuilder more = new StringBuilder(file("dg-8.yaml"));
    for (int i = 3; i <= 12; i++) {
      more.append(
          "\n  - name: download%d\n    command: curl -O https://example.com/file%d\n"
              .formatted(i, i));
    }
    stage.programs("curl").meeting("curl", 10);
    assertSucceeded(stage.run(more.toString()));
    assertEquals(12, stage.calls().size());
    assertEquals(10, stage.width());
  }

  @Test
  void dg_9_processing_does_not_wait_for_the_other_download() throws Exception {
    stage.programs(
        "download_all.sh", "download_models.sh", "heavy_processing.py", "apply_models.py");
    stage.meeting("download_models.sh", 3);
    TestEngine.Outcome run = stage.run(file("dg-9.yaml"));
    assertSucceeded(run);
    assertTrue(follows(run, "process_data", "download_data"));
    assertEquals(2, overlap(run, List.of("process_data", "download_models")));
    assertTrue(follows(run, "apply_models", "download_models"));
    assertTrue(follows(run, "apply_models", "process_data"));
  }

  private static String dg10() {
    StringBuilder more = new StringBuilder(file("dg-10.yaml"));
    for (int i = 2; i <= 7; i++) {
      more.append("\n  - name: task%d\n    command: process.sh input%d\n".formatted(i, i));
    }
    return more.toString();
  }

  @Test
  void dg_10_the_limit_is_five_where_no_variable_is_set() throws Exception {
    stage.programs("process.sh").meeting("process.sh", 5);
    assertSucceeded(stage.run(dg10()));
    assertEquals(7, stage.calls().size());
    assertEquals(5, stage.width());
  }

  @Test
  void dg_10_the_limit_is_that_of_the_variable() throws Exception {
    stage.programs("process.sh").meeting("process.sh", 2);
    UUID typed = stage.start(dg10(), Optional.empty(), Map.of(), Map.of("MAX_PARALLEL", "2"));
    assertSucceeded(engine.await(typed));
    assertEquals(7, stage.calls().size());
    assertEquals(2, stage.width());

    assertSucceeded(stage.run(dg10(), Map.of("MAX_PARALLEL", "2")));
    assertEquals(14, stage.calls().size());
    assertEquals(2, stage.width(), "a parameter says it too");
  }

  @Test
  void dg_11_the_limit_for_the_next_run_goes_by_the_time_of_day() throws Exception {
    Path config = stage.write("dag.yaml", "maxActiveSteps: 1\n");
    TestEngine.Outcome run = stage.run(file("dg-11.yaml"));
    assertSucceeded(run);
    assertTrue(follows(run, "update config", "check time"));
    Object limit = run.outputs().get("MAX_STEPS");
    assertTrue(limit.equals("10") || limit.equals("3"), () -> "the limit is " + limit);
    assertEquals("maxActiveSteps: " + limit + "\n", Files.readString(config));
  }

  private static String dg12() {
    return "name: dg-12\n" + file("dg-12.yaml") + "steps:\n  - name: only\n    command: job.sh\n";
  }

  @Test
  void dg_12_a_second_start_queues_while_the_first_one_runs() throws Exception {
    stage.programs("job.sh").meeting("job.sh", 2);
    UUID first = stage.start(dg12());
    Foreign.until(() -> engine.outcome(first).status().equals("running"));
    UUID second = stage.start(dg12());
    Foreign.until(() -> engine.outcome(second).status().equals("queued"));
    // The first one goes on as soon as another call is written down.
    stage.write("records/calls", "begin job.sh\nbegin nobody\n");
    assertSucceeded(engine.await(first));
    TestEngine.Outcome after = engine.await(second);
    assertSucceeded(after);
    assertTrue(
        !java.time.Instant.parse(String.valueOf(after.step("only").get("startedAt")))
            .isBefore(
                java.time.Instant.parse(
                    String.valueOf(engine.outcome(first).step("only").get("finishedAt")))));
  }

  @Test
  void dg_12_a_tick_is_skipped_where_a_run_has_succeeded_since_the_one_before() throws Exception {
    stage.programs("job.sh");
    Graphs.File file =
        new Graphs.File(dg12().getBytes(StandardCharsets.UTF_8), "dg-12.yaml", Optional.of("dagu"));
    engine
        .room()
        .registrations()
        .register(file, Graphs.read(file).workflow().orElseThrow())
        .await()
        .atMost(PATIENCE);
    UUID manual = stage.start(dg12());
    assertSucceeded(engine.await(manual));
    String tick = "to_timestamp(floor(extract(epoch FROM now()) / 300) * 300)";
    execute("UPDATE run SET created_at = " + tick + " - interval '2 minutes'");
    execute("UPDATE workflow_trigger SET next_at = " + tick);
    engine.room().schedules().tick();
    TriggerStore.View trigger =
        engine
            .room()
            .triggers()
            .list(Optional.empty(), TriggerStore.Place.START, 10)
            .await()
            .atMost(PATIENCE)
            .getFirst();
    assertEquals(
        "succeeded",
        trigger.skipped().map(skipped -> String.valueOf(skipped.why().get("code"))).orElse(""));
    assertEquals(1, stage.calls().size());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = engine.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static final String REGION =
      """
      name: process_region
      params: "REGION=nowhere"
      steps:
        - name: process
          command: region.sh $REGION
      """;

  @Test
  void dg_13_three_regions_run_together_each_with_its_own_parameter() throws Exception {
    stage.write("process_region.yaml", REGION);
    stage.programs("region.sh").meeting("region.sh", 3);
    TestEngine.Outcome run = stage.run(file("dg-13.yaml"));
    assertSucceeded(run);
    assertEquals(3, overlap(run, List.of("region_us", "region_eu", "region_asia")));
    assertEquals(
        List.of("region.sh ap-southeast-1", "region.sh eu-west-1", "region.sh us-east-1"),
        stage.calls().stream().sorted().toList());
  }

  @Test
  void dg_13_one_region_that_fails_fails_the_whole() throws Exception {
    stage.write("process_region.yaml", REGION);
    stage.programs("region.sh").also("test \"$1\" != eu-west-1");
    TestEngine.Outcome run = stage.run(file("dg-13.yaml"));
    assertEquals("failed", run.status());
    assertEquals("failed", run.status("region_eu"));
    assertEquals("succeeded", run.status("region_us"));
    assertEquals("succeeded", run.status("region_asia"));
  }

  @Test
  void dg_14_a_step_has_variables_of_its_own() throws Exception {
    stage.programs("cpu_intensive.py");
    stage.also("echo \"$OMP_NUM_THREADS\" > \"$(dirname \"$0\")/threads\"");
    assertSucceeded(stage.run(file("dg-14.yaml")));
    assertEquals(List.of("1"), stage.lines("threads"));
  }

  private void dg15(String also, String expected, String check) throws Exception {
    Files.deleteIfExists(Path.of("/tmp/result1"));
    Files.deleteIfExists(Path.of("/tmp/result2"));
    stage.programs("risky_operation1.sh", "risky_operation2.sh");
    stage.failing("risky_operation1.sh", 1).failing("risky_operation2.sh", 2);
    stage.also(also);
    try {
      TestEngine.Outcome run = stage.run(file("dg-15.yaml"));
      assertEquals(expected, run.status(), () -> run.json().toString());
      assertEquals(check, run.status("check results"));
      assertEquals("failed", run.status("parallel1"));
      assertEquals("failed", run.status("parallel2"));
      assertTrue(follows(run, "check results", "parallel1"));
      assertTrue(follows(run, "check results", "parallel2"));
    } finally {
      Files.deleteIfExists(Path.of("/tmp/result1"));
      Files.deleteIfExists(Path.of("/tmp/result2"));
    }
  }

  @Test
  void dg_15_the_check_after_two_failures_fails_where_results_are_missing() throws Exception {
    dg15("true", "failed", "failed");
  }

  @Test
  void dg_15_a_run_whose_failures_are_tolerated_succeeds_partially() throws Exception {
    dg15("touch /tmp/result1 /tmp/result2", "partially_succeeded", "succeeded");
  }

  @Test
  void dg_16_a_placeholder_is_an_unknown_dependency_at_its_line_and_column() {
    List<Diagnostic> found = problems(file("dg-16.yaml"));
    Diagnostic dots = found.getLast();
    assertEquals("unknown-dependency", dots.code());
    assertTrue(dots.message().contains("'...'"), dots::message);
    assertEquals(new SourceSpan(21, 29), dots.span());
    assertEquals(new SourceSpan(21, 22), found.getFirst().span(), "task2 is not written either");
    assertEquals(2, found.size());
  }

  @Test
  void dg_16_the_monitor_is_stopped_after_the_tasks() throws Exception {
    Files.deleteIfExists(Path.of("/tmp/monitor.pid"));
    stage.programs("do_work.sh").meeting("do_work.sh", 2);
    try {
      TestEngine.Outcome run = stage.run(file("dg-16-cleaned.yaml"));
      assertSucceeded(run);
      List.of("task1", "task2")
          .forEach(
              task -> {
                assertTrue(follows(run, task, "monitor"));
                assertTrue(follows(run, "stop monitor", task));
              });
      assertEquals(2, overlap(run, List.of("task1", "task2")));
      long monitor = Long.parseLong(Files.readString(Path.of("/tmp/monitor.pid")).strip());
      Foreign.until(() -> ProcessHandle.of(monitor).filter(ProcessHandle::isAlive).isEmpty());
    } finally {
      for (String left : List.of("monitor.pid", "done-task1", "done-task2")) {
        Files.deleteIfExists(Path.of("/tmp", left));
      }
    }
  }

  @Test
  void dg_17_four_parts_are_processed_together() throws Exception {
    stage.write("input.txt", "one\ntwo\nthree\nfour\n");
    stage.programs("process.py").meeting("process.py", 4).also("test -f \"$1\"");
    TestEngine.Outcome run = stage.run(file("dg-17.yaml"));
    assertSucceeded(run);
    List<String> parts = List.of("process1", "process2", "process3", "process4");
    parts.forEach(step -> assertTrue(follows(run, step, "split data")));
    assertEquals(4, stage.width());
  }

  @Test
  void dg_18_steps_written_twice_are_an_error() {
    Diagnostic twice = problems2(file("dg-18.yaml"));
    assertEquals("yaml-duplicate-key", twice.code());
    assertEquals(new SourceSpan(13, 1), twice.span());
  }

  private static Diagnostic problems2(String yaml) {
    return Dialects.read(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", Optional.empty())
        .diagnostics()
        .getFirst();
  }

  @Test
  void dg_18_a_chain_of_dependencies_runs_in_order() throws Exception {
    stage.programs("cmd1", "cmd2", "cmd3");
    TestEngine.Outcome run = stage.run(file("dg-18-chain.yaml"));
    assertSucceeded(run);
    assertTrue(follows(run, "step2", "step1") && follows(run, "step3", "step2"));
    assertEquals(List.of("cmd1", "cmd2", "cmd3"), stage.calls());
  }

  @Test
  void dg_18_independent_steps_run_together_and_then_what_combines_them() throws Exception {
    stage.programs("cmd1", "cmd2", "cmd3").meeting("cmd1", 2).meeting("cmd2", 2);
    TestEngine.Outcome run = stage.run(file("dg-18-parallel.yaml"));
    assertSucceeded(run);
    assertEquals(2, overlap(run, List.of("independent1", "independent2")));
    assertTrue(follows(run, "combine", "independent1"));
    assertTrue(follows(run, "combine", "independent2"));
  }

  @Test
  void dg_19_one_step_works_on_many_files_at_once() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      stage.write(name + ".csv", "x\n");
    }
    stage.programs("process.py").meeting("process.py", 3);
    TestEngine.Outcome run = stage.run(file("dg-19.yaml"));
    assertSucceeded(run);
    assertEquals(
        List.of("process.py a.csv", "process.py b.csv", "process.py c.csv"),
        stage.calls().stream().sorted().toList());
    assertEquals(3, stage.width());
  }

  @Test
  void dg_20_workers_share_the_pool_that_was_made_before() throws Exception {
    stage.programs("create_pool.py", "worker.py").meeting("worker.py", 3);
    TestEngine.Outcome run = stage.run(file("dg-20.yaml"));
    assertSucceeded(run);
    assertTrue(follows(run, "worker1", "create pool") && follows(run, "worker2", "create pool"));
    assertEquals(2, overlap(run, List.of("worker1", "worker2")));
  }
}
