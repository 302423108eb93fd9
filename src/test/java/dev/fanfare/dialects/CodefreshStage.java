package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.ApprovalService.Judgement;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.StandIns;
import dev.fanfare.function.TriggerService;
import dev.fanfare.store.LogStore;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.http.HttpRoutes;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with programs that stand for docker, npm and others. Each writes down in which step it
 * was called and with what, waits for the steps it is to meet, and fails where it is told to.
 */
final class CodefreshStage {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> PROGRAMS =
      List.of("docker", "task", "npm", "python", "go", "mvn");

  /** Waits for at most a minute for those it is to meet. */
  private static final String PROGRAM =
      """
      #!/bin/sh
      records="${0%/*}/../records"
      if [ "${0##*/} $1 $2" = "docker image inspect" ]; then echo sha256:f00d; exit 0; fi
      echo "$FANFARE_STEP: ${0##*/} $*" >> "$records/ran"
      : > "$records/started-$FANFARE_STEP"
      if [ -e "$records/meets-$FANFARE_STEP" ]; then
        while read -r other; do
          turns=0
          until [ -e "$records/started-$other" ]; do
            turns=$((turns + 1))
            [ "$turns" -lt 3000 ] || { echo "$other does not come" >&2; exit 9; }
            sleep 0.02
          done
        done < "$records/meets-$FANFARE_STEP"
      fi
      if [ -e "$records/fails-$FANFARE_STEP" ]; then exit 3; fi
      """;

  private final TestEngine engine;
  private final Path records;
  private final Path project;

  /** An engine whose scripts find the programs of a stage. */
  static TestEngine engine() {
    return TestEngine.with(
        options ->
            options.with(new StandIns(HttpRoutes.NONE, programs(options.home()).toString())));
  }

  private static Path programs(Path home) {
    return home.resolve("programs");
  }

  CodefreshStage(TestEngine engine, Path folder) {
    this.engine = engine;
    try {
      records = Files.createDirectories(engine.home().resolve("records"));
      project = Files.createDirectories(folder.resolve("project"));
      Path bin = Files.createDirectories(programs(engine.home()));
      try (Stream<Path> old = Files.list(records)) {
        for (Path file : old.toList()) {
          Files.delete(file);
        }
      }
      for (String program : PROGRAMS) {
        Path file = Files.writeString(bin.resolve(program), PROGRAM);
        if (!file.toFile().setExecutable(true)) {
          throw new AssertionError("a program cannot be made executable");
        }
      }
      Files.createFile(records.resolve("ran"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that the file lies in. */
  Path project() {
    return project;
  }

  static String file(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            CodefreshStage.class.getResourceAsStream("/dialects/codefresh/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of some steps must be at work at the same time for any to go on. */
  CodefreshStage together(String... steps) throws IOException {
    for (String step : steps) {
      Files.writeString(records.resolve("meets-" + step), String.join("\n", steps) + "\n");
    }
    return this;
  }

  /** A step goes on only when another one is at work. */
  CodefreshStage waiting(String step, String other) throws IOException {
    Files.writeString(records.resolve("meets-" + step), other + "\n");
    return this;
  }

  CodefreshStage failing(String... steps) throws IOException {
    for (String step : steps) {
      Files.createFile(records.resolve("fails-" + step));
    }
    return this;
  }

  /** The calls so far, {@code step: program arguments}. */
  List<String> ran() throws IOException {
    return Files.readAllLines(records.resolve("ran"));
  }

  UUID start(String yaml, Map<String, Object> params, Map<String, Object> context) {
    Map<String, Object> all = new HashMap<>(Map.of("trigger", "test"));
    all.put("source", project.toString());
    all.putAll(context);
    Graphs.File file =
        new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "codefresh.yml", Optional.empty());
    TriggerService.Request request =
        new TriggerService.Request(RunIds.next(), file, params, Map.of(), all, Optional.empty());
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
    return run(yaml, Map.of());
  }

  TestEngine.Outcome run(String yaml, Map<String, Object> params) {
    return engine.await(start(yaml, params, Map.of("branch", "main")));
  }

  /** Decides an approval, as a person does it. */
  void decide(UUID run, String step, boolean yes) {
    await(() -> engine.outcome(run).status(step).equals("waiting"));
    Answer answer =
        engine
            .room()
            .waits()
            .approvals()
            .judge(new Judgement(run, step, yes, "ann", "", null))
            .await()
            .atMost(PATIENCE);
    if (!(answer instanceof Answer.Decided)) {
      throw new AssertionError("not decided: " + answer);
    }
  }

  private static void await(java.util.function.BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
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

  private static Instant time(TestEngine.Outcome run, String step, String key) {
    return Instant.parse(String.valueOf(run.step(step).get(key)));
  }

  /** Whether one step began only after another had ended. */
  static boolean follows(TestEngine.Outcome run, String later, String earlier) {
    return !time(run, later, "startedAt").isBefore(time(run, earlier, "finishedAt"));
  }

  /** Whether the times of two steps overlap. */
  static boolean overlap(TestEngine.Outcome run, String one, String two) {
    return time(run, one, "startedAt").isBefore(time(run, two, "finishedAt"))
        && time(run, two, "startedAt").isBefore(time(run, one, "finishedAt"));
  }
}
