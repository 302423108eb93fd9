package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fanfare.store.RunView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, again and again, in the middle of a run. */
class CrashTest {

  private static final int KILLS = 20;

  /** Ten chains of fifteen steps, a fan of forty-eight, a join and a last step: 200 in all. */
  private static String workflow(String nap) {
    StringBuilder yaml = new StringBuilder("name: crash\nmaxParallel: 8\nsteps:\n");
    for (int chain = 0; chain < 10; chain++) {
      for (int i = 0; i < 15; i++) {
        String needs = i == 0 ? "" : "needs: c%d-%d, ".formatted(chain, i - 1);
        String work =
            switch (i % 3) {
              case 0 -> "run: \"sleep %s; echo %d\"".formatted(nap, i);
              case 1 -> "call: nap";
              default -> "pass: {}";
            };
        yaml.append("  c%d-%d: { %s%s }\n".formatted(chain, i, needs, work));
      }
    }
    yaml.append("  fan: { forEach: \"${{ lists.range(47) }}\", call: nap }\n");
    yaml.append("  join: { needs: [fan");
    for (int chain = 0; chain < 10; chain++) {
      yaml.append(", c").append(chain).append("-14");
    }
    yaml.append("], pass: { output: \"${{ size(steps.fan.output) }}\" } }\n");
    yaml.append("  last: { needs: join, run: echo done }\n");
    return yaml.toString();
  }

  @Test
  void a_run_of_two_hundred_steps_survives_twenty_kills(@TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the kills: " + seed);
    Random random = new Random(seed);
    String nap = "0.4" + (100_000_000 + random.nextInt(100_000_000));
    Path file = Files.writeString(folder.resolve("crash.yaml"), workflow(nap));
    try (Stage stage = new Stage()) {
      String url = stage.url();
      List<String> args = List.of(url, folder.resolve("home").toString(), file.toString(), "crash");
      long start = System.nanoTime();
      for (int kill = 0; kill < KILLS; kill++) {
        Process process = EngineProcess.start(args);
        if (kill == 0) {
          Stage.until("the run is there", () -> stage.count("SELECT count(*) FROM run") == 1);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(600)));
        process.destroyForcibly().waitFor();
      }
      assertEquals(
          0,
          stage.count("SELECT count(*) FROM run WHERE finished_at IS NOT NULL"),
          "it was under way all the time");
      // The last one is not told of the run.
      Process process = EngineProcess.start(args.subList(0, 2));
      UUID id = UUID.fromString(stage.query("SELECT id FROM run").getFirst());
      RunView run = stage.end(id);
      process.destroyForcibly().waitFor();
      System.out.printf(
          "killed %d times, ended after %d s, attempts beyond the first: %d%n",
          KILLS,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
          run.steps().stream().mapToInt(step -> Math.max(0, step.attempt() - 1)).sum());
      assertEquals("succeeded", run.status());
      assertEquals(200, run.steps().size());
      run.steps().forEach(step -> assertEquals("succeeded", step.status(), step::path));
      assertEquals(200, stage.events(id, "step.succeeded").size(), "each accepted once");
      assertEquals(47L, Stage.step(run, "join").output());
      Invariants.hold(stage);
      assertFalse(
          ProcessHandle.allProcesses()
              .anyMatch(each -> each.info().commandLine().orElse("").contains(nap)),
          "no script is left");
    }
  }
}
