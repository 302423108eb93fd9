package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.TriggerService;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A folder for a file of Dagu, with programs that stand for what its steps call. The file finds
 * them by the PATH in the {@code .env} beside it. Each writes down when it begins and ends and with
 * what it was called, waits until so many others are at work, and fails where it is told to.
 */
final class DaguStage {

  private static final String PROGRAM =
      """
      #!/bin/sh
      records="${0%/*}/../records"
      call="${0##*/}$(printf ' %s' "$@")"
      call="${call% }"
      mkdir -p "$records/running"
      : > "$records/running/$$"
      echo "begin $call" >> "$records/calls"
      echo "$FANFARE_STEP" >> "$records/steps"
      ls "$records/running" | wc -l >> "$records/widths"
      if [ -e "$records/meets-${0##*/}" ]; then
        wanted=$(cat "$records/meets-${0##*/}")
        turns=0
        until [ "$(grep -c '^begin' "$records/calls")" -ge "$wanted" ]; do
          turns=$((turns + 1))
          [ "$turns" -lt 3000 ] || { echo "the others do not come" >&2; exit 9; }
          sleep 0.02
        done
      fi
      ls "$records/running" | wc -l >> "$records/widths"
      if [ -x "$records/also" ]; then "$records/also" "$@" || exit $?; fi
      rm -f "$records/running/$$"
      echo "end $call" >> "$records/calls"
      if [ -e "$records/fails-${0##*/}" ]; then exit "$(cat "$records/fails-${0##*/}")"; fi
      """;

  private final TestEngine engine;
  private final Path folder;
  private final Path records;

  DaguStage(TestEngine engine, Path folder) {
    this.engine = engine;
    this.folder = folder;
    try {
      records = Files.createDirectories(folder.resolve("records"));
      Files.createDirectories(folder.resolve("bin"));
      Files.writeString(
          folder.resolve(".env"),
          "# as people write it\nPATH="
              + folder.resolve("bin")
              + ":"
              + System.getenv("PATH")
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DaguStage programs(String... names) throws IOException {
    for (String name : names) {
      program(name, PROGRAM);
    }
    return this;
  }

  Path program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("bin").resolve(name), text);
    if (!file.toFile().setExecutable(true)) {
      throw new AssertionError("a program cannot be made executable");
    }
    return file;
  }

  /** What every program does besides. */
  DaguStage also(String script) throws IOException {
    Path file = Files.writeString(records.resolve("also"), "#!/bin/sh\n" + script + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new AssertionError("a program cannot be made executable");
    }
    return this;
  }

  /** Has room for more scripts at once than any file asks for, on however small a machine. */
  static TestEngine engine() {
    return TestEngine.with(
        options ->
            new EngineRoom.Options(options.home(), options.settings(), 16, options.budget()));
  }

  Path folder() {
    return folder;
  }

  Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  static String file(String name) {
    return Foreign.file("dagu/" + name);
  }

  /** A program goes on when so many calls have begun in all. */
  DaguStage meeting(String program, int calls) throws IOException {
    Files.writeString(records.resolve("meets-" + program), Integer.toString(calls));
    return this;
  }

  DaguStage failing(String program, int exitCode) throws IOException {
    Files.writeString(records.resolve("fails-" + program), Integer.toString(exitCode));
    return this;
  }

  DaguStage notFailing(String program) throws IOException {
    Files.deleteIfExists(records.resolve("fails-" + program));
    return this;
  }

  /** Calls in the order in which they began, as the program and its arguments. */
  List<String> calls() throws IOException {
    return lines("calls").stream()
        .filter(line -> line.startsWith("begin "))
        .map(line -> line.substring("begin ".length()))
        .toList();
  }

  /** The most programs that were at work at the same time. */
  int width() throws IOException {
    return lines("widths").stream()
        .mapToInt(line -> Integer.parseInt(line.strip()))
        .max()
        .orElse(0);
  }

  List<String> lines(String record) throws IOException {
    Path file = records.resolve(record);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** What becomes of a file that a run is asked for. */
  TriggerService.Result ask(
      String yaml, Optional<String> dialect, Map<String, Object> params, Map<String, String> env) {
    Graphs.File file =
        new Graphs.File(yaml.getBytes(StandardCharsets.UTF_8), "dag.yaml", dialect, env);
    Map<String, Object> context =
        new HashMap<>(Map.of("trigger", "test", "source", folder.toString()));
    return Foreign.ask(engine, file, params, context);
  }

  UUID start(
      String yaml, Optional<String> dialect, Map<String, Object> params, Map<String, String> env) {
    return Foreign.started(ask(yaml, dialect, params, env));
  }

  UUID start(String yaml) {
    return start(yaml, Optional.empty(), Map.of(), Map.of());
  }

  TestEngine.Outcome run(String yaml) {
    return engine.await(start(yaml));
  }

  TestEngine.Outcome run(String yaml, Map<String, Object> params) {
    return engine.await(start(yaml, Optional.empty(), params, Map.of()));
  }

  /** Decides an approval, as a person does it. */
  void decide(UUID run, String step, boolean yes, @Nullable Map<String, Object> form) {
    Foreign.decide(engine, run, step, yes, form);
  }

  /** The most of some steps whose times overlap at any moment. */
  static int overlap(TestEngine.Outcome run, List<String> steps) {
    List<Integer> widths = new ArrayList<>();
    for (String step : steps) {
      Instant at = Foreign.time(run, step, "startedAt");
      widths.add(
          (int)
              steps.stream()
                  .filter(
                      other ->
                          !Foreign.time(run, other, "startedAt").isAfter(at)
                              && Foreign.time(run, other, "finishedAt").isAfter(at))
                  .count());
    }
    return widths.stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
