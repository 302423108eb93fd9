package dev.fanfare.work.shell;

import dev.fanfare.definition.Outcome;
import dev.fanfare.definition.Output;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Assignments;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.RecordedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A shell worker with a workspace and a log of its own. */
final class ShellFixture implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(30);

  final Path workspace;
  final Path scratch;
  final RecordedLog log = new RecordedLog();
  final ShellWork work;
  final Assignment assignment;

  ShellFixture(Path folder) throws IOException {
    this(folder, Duration.ofSeconds(5));
  }

  ShellFixture(Path folder, Duration grace) throws IOException {
    workspace = Files.createDirectories(folder.resolve("workspace")).toRealPath();
    scratch = folder.resolve("scratch");
    work = new ShellWork(ShellSettings.in(scratch).withGrace(grace));
    assignment = Assignments.in(workspace, log);
  }

  Outcome run(String script) {
    return run("sh", script, Map.of(), Map.of());
  }

  Outcome run(String shell, String script, Map<String, String> env, Map<String, Output> outputs) {
    return run(new ShellInput(List.of(script), shell, "", env, outputs));
  }

  Outcome run(ShellInput input) {
    return work.work(assignment, input).await().atMost(LIMIT);
  }

  static ShellInput input(String script) {
    return new ShellInput(List.of(script), "sh", "", Map.of(), Map.of());
  }

  static Object output(Outcome outcome) {
    if (outcome instanceof Outcome.Succeeded succeeded && succeeded.output() != null) {
      return succeeded.output();
    }
    throw new AssertionError("no output but " + outcome);
  }

  static Outcome.Failed failed(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed;
    }
    throw new AssertionError("not failed but " + outcome);
  }

  @Override
  public void close() {
    work.close();
  }
}
