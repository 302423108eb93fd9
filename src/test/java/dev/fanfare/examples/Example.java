package dev.fanfare.examples;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.function.RunIds;
import dev.fanfare.function.TriggerService;
import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A workflow file of the project, run as the command line runs it: it knows its own folder. */
final class Example {

  static final Path FOLDER = Path.of("examples").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Example() {}

  static TestEngine.Outcome run(TestEngine engine, String name, Map<String, Object> params) {
    return run(engine, FOLDER.resolve(name + ".yaml"), params);
  }

  static TestEngine.Outcome run(TestEngine engine, Path file, Map<String, Object> params) {
    return run(engine, file, params, Map.of());
  }

  /**
   * Runs a file.
   *
   * @param context what else is known of the run, such as its branch
   */
  static TestEngine.Outcome run(
      TestEngine engine, Path file, Map<String, Object> params, Map<String, Object> context) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    UUID id = RunIds.next();
    Map<String, Object> known = new HashMap<>(context);
    known.put("trigger", "test");
    known.put("source", String.valueOf(file.getParent()));
    TriggerService.Result result =
        engine
            .room()
            .trigger()
            .start(
                new TriggerService.Request(
                    id,
                    new Graphs.File(content, file.getFileName().toString(), Optional.empty()),
                    params,
                    Map.of(),
                    known,
                    Optional.empty()))
            .await()
            .atMost(PATIENCE);
    if (result instanceof TriggerService.Refused refused) {
      throw new AssertionError(file + " is refused: " + refused.diagnostics());
    }
    return engine.await(id);
  }
}
