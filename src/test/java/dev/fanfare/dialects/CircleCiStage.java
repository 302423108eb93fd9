package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.RerunService;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.store.LogStore;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
    try (InputStream in =
        Objects.requireNonNull(
            CircleCiStage.class.getResourceAsStream("/dialects/circleci/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    UUID id = RunIds.next();
    Map<String, Object> all = new HashMap<>(Map.of("trigger", "test"));
    all.put("source", project.toString());
    all.putAll(context);
    TriggerService.Request request =
        new TriggerService.Request(
            id,
            new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "config.yml", dialect),
            params,
            Map.of(),
            all,
            Optional.empty());
    return switch (engine.room().trigger().start(request).await().atMost(PATIENCE)) {
      case TriggerService.Started started -> started.run();
      case TriggerService.Refused refused ->
          throw new AssertionError(
              refused.diagnostics().stream()
                  .map(Diagnostic::oneLine)
                  .collect(Collectors.joining("\n")));
    };
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
    UUID id = UUID.fromString(String.valueOf(run.json().get("id")));
    List<String> lines = new ArrayList<>();
    for (LogStore.Chunk chunk :
        engine.room().logs().ofStep(id, step, 0, -1, 10_000).await().atMost(PATIENCE)) {
      chunk.body().lines().forEach(row -> lines.add(row.substring(row.indexOf(' ') + 1)));
    }
    return lines;
  }

  static Instant began(TestEngine.Outcome run, String step) {
    return Instant.parse(String.valueOf(run.step(step).get("startedAt")));
  }

  static Instant ended(TestEngine.Outcome run, String step) {
    return Instant.parse(String.valueOf(run.step(step).get("finishedAt")));
  }

  /** Whether one step began only after another had ended. */
  static boolean follows(TestEngine.Outcome run, String later, String earlier) {
    return !began(run, later).isBefore(ended(run, earlier));
  }

  /** Whether the times of two steps overlap. */
  static boolean overlap(TestEngine.Outcome run, String one, String two) {
    return began(run, one).isBefore(ended(run, two)) && began(run, two).isBefore(ended(run, one));
  }

  @Override
  public void close() {
    engine.close();
  }
}
