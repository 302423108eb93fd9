package dev.fanfare.integration;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.ApprovalService;
import dev.fanfare.function.Cloud;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.WorkspaceSettings;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.function.flow.FlowSteps;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.store.LedgerPool;
import dev.fanfare.work.call.CallSteps;
import dev.fanfare.work.call.JavaStep;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An engine in a process of its own, which a test can kill. Says {@code open} once it works, and
 * works until it is killed.
 */
public final class EngineProcess {

  private EngineProcess() {}

  /**
   * Works until it is killed.
   *
   * @param args database URL, home folder, and optionally a workflow file and its idempotency key
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(args[1]);
    EngineRoom.Options local = EngineRoom.Options.local(home);
    Pool pool = pool(Database.parse(args[0]));
    FlowSteps steps =
        new FlowSteps(
            flows(),
            CallSteps.of(Map.of("nap", (JavaStep) (context, input) -> nap(context.step()))));
    EngineRoom room =
        new EngineRoom(
            pool, onBucket(new EngineRoom.Options(home, Settings.LOCAL, 8, local.budget())), steps);
    room.open();
    steps.serve(room, pool);
    System.out.println("open");
    if (args.length > 2) {
      Stage.started(room, Files.readString(Path.of(args[2])), Optional.of(args[3]));
    }
    obey(room);
    new CountDownLatch(1).await();
  }

  /** With {@code FANFARE_JARS}: workflows written in Java. */
  private static FlowBook flows() {
    String jars = System.getenv("FANFARE_JARS");
    return jars == null ? FlowBook.EMPTY : FlowBook.of(FlowSources.inJars(jars));
  }

  /** With {@code FANFARE_BUCKET}: without a folder that others see, as in a function. */
  private static EngineRoom.Options onBucket(EngineRoom.Options options) {
    String bucket = System.getenv("FANFARE_BUCKET");
    return bucket == null
        ? options
        : options
            .with(WorkspaceSettings.DEFAULT.withBucket(bucket).asPassing())
            .with(
                new Cloud(
                    Optional.of(URI.create(System.getenv("FANFARE_AWS_ENDPOINT"))), Map.of()));
  }

  /**
   * Does what it is told on standard input, one line each: {@code memory} answers with the resident
   * memory in KiB once what is garbage is gone, {@code approve RUN STEP} with what came of it.
   */
  private static void obey(EngineRoom room) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("memory")) {
        System.out.println(residentKibibytes());
      } else {
        System.out.println(
            room.waits()
                .approvals()
                .judge(
                    new ApprovalService.Judgement(
                        UUID.fromString(words[1]), words[2], true, "test", "", null))
                .await()
                .atMost(Stage.PATIENCE));
      }
    }
  }

  private static long residentKibibytes() throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static String nap(String step) throws InterruptedException {
    boolean woken = new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
    return step + woken;
  }

  private static Pool pool(Database database) {
    PgConnectOptions connect =
        LedgerPool.tuned(
            new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.user())
                .setPassword(database.password())
                .setPipeliningLimit(256));
    return Pool.newInstance(
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(4))
            .connectingTo(connect)
            .using(Vertx.vertx().getDelegate())
            .build());
  }

  /** Starts one, and returns once it is open. */
  static Process start(List<String> args) throws IOException {
    return start(args, Map.of());
  }

  static Process start(List<String> args, Map<String, String> environment) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                EngineProcess.class.getName()));
    command.addAll(args);
    File log = Path.of(args.get(1)).resolveSibling("engine.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String line = process.inputReader().readLine();
    if (!"open".equals(line)) {
      throw new IOException("the engine process said " + line);
    }
    return process;
  }

  private static String classPath() {
    if (EngineProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> paths = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        paths.add(url.getPath());
      }
      return String.join(File.pathSeparator, paths);
    }
    return System.getProperty("java.class.path");
  }
}
