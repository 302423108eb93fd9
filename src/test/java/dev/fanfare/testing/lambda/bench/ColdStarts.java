package dev.fanfare.testing.lambda.bench;

import dev.fanfare.testing.Deployables;
import dev.fanfare.testing.lambda.FunctionSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How long a function takes to begin, for its first and for a later invocation, started as Lambda
 * starts Java without SnapStart. An invocation is what the function is for: the dispatcher's is a
 * tick that finds nothing to do, those of trigger and step are a run of one step.
 */
final class ColdStarts {

  private static final String ONE_STEP = "name: one\nsteps:\n  a: { run: 'true' }\n";
  private static final int WARM = 40;
  private static final int TRAINING = 5;

  /** The first Java that writes a cache by itself. */
  private static final int FIRST_WITH_CACHE = 25;

  private final BenchStage stage;
  private final int rounds;
  private final Consumer<Map<String, Object>> lines;

  ColdStarts(BenchStage stage, int rounds, Consumer<Map<String, Object>> lines) {
    this.stage = stage;
    this.rounds = rounds;
    this.lines = lines;
  }

  /** What an invocation is made by; it returns when that has ended. */
  private interface Work {
    void once() throws SQLException;
  }

  void measure() throws IOException, SQLException {
    Path worker = Deployables.WORKER.unpacked();
    Path function = Deployables.FUNCTION.unpacked();
    bare();
    stage.host().deploy(stage.function("step", worker));
    stage.host().deploy(stage.function("trigger", function));
    measure("dispatcher", Deployables.WORKER, () -> stage.invoke("dispatcher", "{}"));
    measure("step", Deployables.WORKER, this::run);
    measure("trigger", Deployables.FUNCTION, this::run);
    measure("dispatcher", Deployables.FUNCTION, () -> stage.invoke("dispatcher", "{}"));
    measure("step", Deployables.FUNCTION, this::run);
    if (Runtime.version().feature() >= FIRST_WITH_CACHE) {
      stage.host().deploy(stage.function("step", worker));
      measureWithCache("dispatcher", () -> stage.invoke("dispatcher", "{}"));
      measureWithCache("step", this::run);
    }
  }

  /** With a cache of classes of the JDK's own, which a process writes when it ends in peace. */
  private void measureWithCache(String role, Work work) throws IOException, SQLException {
    Path cache = stage.host().folder().resolve(role + ".aot");
    FunctionSettings function = stage.function(role, Deployables.WORKER.unpacked());
    stage.host().deploy(function.withJavaOptions(List.of("-XX:AOTCacheOutput=" + cache)));
    for (int i = 0; i < TRAINING; i++) {
      work.once();
    }
    ProcessHandle trained = ProcessHandle.of(stage.host().processes(role).getLast()).orElseThrow();
    trained.destroy();
    trained.onExit().orTimeout(3, TimeUnit.MINUTES).join();
    measure(
        function.withJavaOptions(List.of("-XX:AOTCache=" + cache)),
        Files.size(Deployables.WORKER.zip()),
        "worker.zip with an AOT cache of " + (Files.size(cache) >> 20) + " MiB",
        work);
  }

  private void run() throws SQLException {
    stage.end(stage.start(ONE_STEP));
    stage.host().settle();
  }

  /** The class alone, in a folder of its own. */
  private void bare() throws IOException, SQLException {
    Path folder = stage.host().folder().resolve("bare");
    String file = Bare.class.getName().replace('.', '/') + ".class";
    Path target = folder.resolve(file);
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    try (InputStream in =
        Objects.requireNonNull(Bare.class.getClassLoader()).getResourceAsStream(file)) {
      Files.copy(Objects.requireNonNull(in), target);
    }
    FunctionSettings bare =
        FunctionSettings.of("bare", folder, Bare.class.getName() + "::handleRequest")
            .withFreezing(false);
    measure(bare, Files.size(target), "", () -> stage.invoke("bare", "{}"));
  }

  private void measure(String role, Deployables zip, Work work) throws IOException, SQLException {
    FunctionSettings function = stage.function(role, zip.unpacked());
    if (zip == Deployables.FUNCTION && !role.equals("trigger")) {
      function = function.withEnvironment(without(function.environment()));
    }
    measure(function, Files.size(zip.zip()), String.valueOf(zip.zip().getFileName()), work);
  }

  /** What a worker does not need is switched off where it is in the zip. */
  private static Map<String, String> without(Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("QUARKUS_HIBERNATE_ORM_ACTIVE", "false");
    all.put("QUARKUS_HTTP_HOST_ENABLED", "false");
    return all;
  }

  private void measure(FunctionSettings function, long bytes, String zip, Work work)
      throws SQLException {
    String name = function.name();
    List<Double> inits = new ArrayList<>();
    List<Double> firsts = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    long resident = 0;
    for (int round = 0; round < rounds; round++) {
      stage.host().deploy(function);
      int before = durations(name).size();
      work.once();
      firsts.add(milliseconds(durations(name).get(before)));
      inits.add((double) stage.host().counts().inits().get(name).getLast());
      if (round == rounds - 1) {
        int cold = durations(name).size();
        for (int i = 0; i < WARM; i++) {
          work.once();
        }
        List<Duration> all = durations(name);
        all.subList(cold, all.size()).forEach(time -> warm.add(milliseconds(time)));
        resident = Resident.mebibytes(stage.host().processes(name).getLast());
      }
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("function", name);
    line.put("zip", zip);
    line.put("zip_bytes", bytes);
    line.put("rounds", rounds);
    line.put("init_min_ms", Figures.least(inits));
    line.put("init_median_ms", Figures.median(inits));
    line.put("first_ms", Figures.median(firsts));
    line.put("warm_ms", Figures.median(warm));
    line.put("resident_mib", resident);
    line.put("load", Figures.load());
    lines.accept(line);
  }

  private List<Duration> durations(String name) {
    return stage.host().counts().durations(name);
  }

  private static double milliseconds(Duration time) {
    return time.toNanos() / 1e6;
  }
}
