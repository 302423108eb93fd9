package dev.fanfare.dialects;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.function.ApprovalService.Answer;
import dev.fanfare.function.ApprovalService.Judgement;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the stages of the dialects share: files, their runs, and when steps began and ended. */
final class Foreign {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Foreign() {}

  /** A file of {@code src/test/resources/dialects}. */
  static String file(String path) {
    try (InputStream in =
        Objects.requireNonNull(Foreign.class.getResourceAsStream("/dialects/" + path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Graphs.File file(String name, String text, Optional<String> dialect) {
    return new Graphs.File(text.getBytes(StandardCharsets.UTF_8), name, dialect);
  }

  /** What becomes of a file that a run is asked for. */
  static TriggerService.Result ask(
      TestEngine engine,
      Graphs.File file,
      Map<String, Object> params,
      Map<String, Object> context) {
    TriggerService.Request request =
        new TriggerService.Request(
            RunIds.next(), file, params, Map.of(), context, Optional.empty());
    return engine.room().trigger().start(request).await().atMost(PATIENCE);
  }

  /** The run of a file that is good. */
  static UUID started(TriggerService.Result result) {
    return switch (result) {
      case TriggerService.Started started -> started.run();
      case TriggerService.Refused refused ->
          throw new AssertionError(
              refused.diagnostics().stream()
                  .map(Diagnostic::oneLine)
                  .collect(Collectors.joining("\n")));
    };
  }

  /** Decides an approval, as a person does it. */
  static void decide(
      TestEngine engine, UUID run, String step, boolean yes, @Nullable Map<String, Object> form) {
    until(() -> engine.outcome(run).status(step).equals("waiting"));
    Answer answer =
        engine
            .room()
            .waits()
            .approvals()
            .judge(new Judgement(run, step, yes, "ann", "", form))
            .await()
            .atMost(PATIENCE);
    if (!(answer instanceof Answer.Decided)) {
      throw new AssertionError("not decided: " + answer);
    }
  }

  static void until(BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** The lines of a step's log. */
  static List<String> log(TestEngine engine, TestEngine.Outcome run, String step) {
    UUID id = UUID.fromString(String.valueOf(run.json().get("id")));
    List<String> lines = new ArrayList<>();
    for (LogStore.Chunk chunk :
        engine.room().logs().ofStep(id, step, 0, -1, 10_000).await().atMost(PATIENCE)) {
      chunk.body().lines().forEach(row -> lines.add(row.substring(row.indexOf(' ') + 1)));
    }
    return lines;
  }

  /** When a step began ({@code startedAt}) or ended ({@code finishedAt}). */
  static Instant time(TestEngine.Outcome run, String step, String key) {
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

  /** A program that can be called. */
  static void program(Path path, String text) throws IOException {
    Files.writeString(path, text);
    if (!path.toFile().setExecutable(true)) {
      throw new AssertionError(path + " cannot be made executable");
    }
  }
}
