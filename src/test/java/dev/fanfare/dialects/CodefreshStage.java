package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.StandIns;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.http.HttpRoutes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder with programs that stand for docker, npm and others. Each writes down in which step it
 * was called and with what, waits for the steps it is to meet, and fails where it is told to.
 */
final class CodefreshStage {

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
    return Foreign.file("codefresh/" + name);
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
    Graphs.File file = Foreign.file("codefresh.yml", yaml, Optional.empty());
    return Foreign.started(Foreign.ask(engine, file, params, all));
  }

  TestEngine.Outcome run(String yaml) {
    return run(yaml, Map.of());
  }

  TestEngine.Outcome run(String yaml, Map<String, Object> params) {
    return engine.await(start(yaml, params, Map.of("branch", "main")));
  }

  /** Decides an approval, as a person does it. */
  void decide(UUID run, String step, boolean yes) {
    Foreign.decide(engine, run, step, yes, null);
  }

  /** The lines of a step's log. */
  List<String> log(TestEngine.Outcome run, String step) {
    return Foreign.log(engine, run, step);
  }
}
