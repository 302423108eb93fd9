package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RerunService;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A project folder with a CircleCI file in it and the program {@code job}, which writes down that
 * it ran, waits for others that are to run at the same time, and fails where it is told to.
 */
final class CircleCiStage implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Waits for at most a minute for those it is to meet. */
  private static final String JOB =
      """
      #!/bin/sh
      records="${0%/*}/../records"
      echo "$1" >> "$records/ran"
      : > "$records/started-$1"
      if [ -e "$records/meets-$1" ]; then
        for other in $(cat "$records/meets-$1"); do
          turns=0
          until [ -e "$records/started-$other" ]; do
            turns=$((turns + 1))
            [ "$turns" -lt 3000 ] || { echo "$other does not come" >&2; exit 9; }
            sleep 0.02
          done
        done
      fi
      if [ -e "$records/fails-$1" ]; then exit 3; fi
      """;

  private final TestEngine engine;
  private final Path project;
  private final Path records;

  CircleCiStage(Path folder) {
    this(folder, UnaryOperator.identity());
  }

  /** A stage whose secrets come from a store. */
  static CircleCiStage with(Path folder, SecretStore secrets) {
    return new CircleCiStage(folder, options -> options.withSecrets(secrets));
  }

  private CircleCiStage(Path folder, UnaryOperator<EngineRoom.Options> options) {
    try {
      project = Files.createDirectories(folder.resolve("project"));
      records = Files.createDirectories(folder.resolve("records"));
      Path job = Files.writeString(project.resolve("job"), JOB);
      if (!job.toFile().setExecutable(true)) {
        throw new AssertionError("the program cannot be made executable");
      }
      Files.createFile(records.resolve("ran"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine = TestEngine.with(options);
  }

  TestEngine engine() {
    return engine;
  }

  Path project() {
    return project;
  }

  static String file(String name) {
    return Foreign.file("circleci/" + name);
  }

  /** All of some jobs must be at work at the same time for any to go on. */
  CircleCiStage together(String... names) throws IOException {
    for (String name : names) {
      Files.writeString(records.resolve("meets-" + name), String.join(" ", names));
    }
    return this;
  }

  CircleCiStage failing(String name) throws IOException {
    Files.createFile(records.resolve("fails-" + name));
    return this;
  }

  CircleCiStage healed(String name) throws IOException {
    Files.delete(records.resolve("fails-" + name));
    return this;
  }

  /** What has run so far, in the order of its begin. */
  List<String> ran() throws IOException {
    return Files.readAllLines(records.resolve("ran"));
  }

  UUID start(String yaml, Map<String, Object> params, Map<String, Object> context) {
    return start(yaml, Optional.empty(), params, context);
  }

  UUID start(
      String yaml,
      Optional<String> dialect,
      Map<String, Object> params,
      Map<String, Object> context) {
    Map<String, Object> all = new HashMap<>(Map.of("trigger", "test"));
    all.put("source", project.toString());
    all.putAll(context);
    Graphs.File file = Foreign.file("config.yml", yaml, dialect);
    return Foreign.started(Foreign.ask(engine, file, params, all));
  }

  TestEngine.Outcome run(String yaml) {
    return engine.await(start(yaml, Map.of(), Map.of()));
  }

  TestEngine.Outcome onBranch(String yaml, String branch) {
    return engine.await(start(yaml, Map.of(), Map.of("branch", branch)));
  }

  void rerunFromFailed(UUID run) {
    RerunService.Result result =
        engine
            .room()
            .rerun()
            .rerun(run, RerunService.from("failed"), "ann")
            .await()
            .atMost(PATIENCE);
    if (!(result instanceof RerunService.Restarted)) {
      throw new AssertionError("refused: " + result);
    }
  }

  /** The lines of a step's log. */
  List<String> log(TestEngine.Outcome run, String step) {
    return Foreign.log(engine, run, step);
  }

  static Instant began(TestEngine.Outcome run, String step) {
    return Instant.parse(String.valueOf(run.step(step).get("startedAt")));
  }

  static Instant ended(TestEngine.Outcome run, String step) {
    return Instant.parse(String.valueOf(run.step(step).get("finishedAt")));
  }

  @Override
  public void close() {
    engine.close();
  }
}
