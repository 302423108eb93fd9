package dev.fanfare.testing.emulator;

import dev.fanfare.testing.lambda.FunctionSettings;
import dev.fanfare.testing.lambda.LambdaHost;
import dev.fanfare.testing.lambda.Pace;
import dev.fanfare.testing.lambda.Runner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;

/** MiniStack as a child process, and the processes of the functions that are deployed to it. */
public final class Emulator implements AutoCloseable {

  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path FOLDER = ROOT.resolve("target/emulator");
  private static final Path PYTHON = ROOT.resolve("target/emulator-venv/bin/python");

  /** What belongs to the emulator and is not Java. */
  public static final Path SOURCES = ROOT.resolve("src/test/emulator");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final LambdaHost host;
  private final Runner runner;
  private final ToIntFunction<String> processes;
  private final Path folder;
  private final Path log;
  private final int port;
  private final Process process;
  private final LambdaClient lambda;

  private Emulator(String name, boolean permissions, ToIntFunction<String> processes)
      throws IOException {
    this.processes = processes;
    host = LambdaHost.start(Pace.TEST);
    runner = host.runner(this::deployed);
    port = freePort();
    folder = emptied(FOLDER.resolve(name));
    log = folder.resolve("ministack.log");
    ProcessBuilder builder =
        new ProcessBuilder(PYTHON.toString(), SOURCES.resolve("launch.py").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "RUNNER",
                runner.address().toString(),
                "GATEWAY_PORT",
                String.valueOf(port),
                "BIND_HOST",
                "127.0.0.1",
                "MINISTACK_HOST",
                "127.0.0.1",
                "MINISTACK_REGION",
                LambdaHost.REGION,
                "MINISTACK_ACCOUNT_ID",
                LambdaHost.ACCOUNT,
                // Events wait for a process of the host, as they wait for room on AWS.
                "LAMBDA_ACCOUNT_CONCURRENCY",
                "0",
                "AUTH",
                String.valueOf(permissions),
                "TMPDIR",
                folder.toString()));
    builder.environment().keySet().removeIf(key -> key.startsWith("AWS_"));
    process = builder.start();
    lambda = client(LambdaClient.builder()).build();
    untilReady();
  }

  /**
   * Starts one, or leaves the test out where it is not installed.
   *
   * @param name of its folder below {@code target/emulator}
   * @param permissions whether calls need what the policies of their roles allow
   * @param processes most processes at one time of a function
   */
  public static Emulator start(String name, boolean permissions, ToIntFunction<String> processes) {
    if (!Files.isExecutable(PYTHON)) {
      missing("MiniStack is not installed: " + why());
    }
    try {
      return new Emulator(name, permissions, processes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void missing(String message) {
    System.out.println("emulator: skipped: " + message);
    if ("required".equals(System.getenv("FANFARE_EMULATOR"))) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
  }

  private static String why() {
    try {
      Path skipped = FOLDER.resolve("skipped");
      return Files.exists(skipped)
          ? Files.readString(skipped).strip()
          : "scripts/test does that, or: . scripts/lib/emulator.sh && emulator_prepare";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path emptied(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void untilReady() throws IOException {
    HttpRequest health = HttpRequest.newBuilder(endpoint().resolve("/_ministack/health")).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        http.send(health, HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw new IOException("MiniStack does not start:\n" + Files.readString(log), e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  /** Where every SDK finds every service. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A client of the account's owner. */
  public <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> B client(B builder) {
    return builder
        .endpointOverride(endpoint())
        .region(Region.of(LambdaHost.REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2)));
  }

  public LambdaClient lambda() {
    return lambda;
  }

  /** Runs the processes; its faults apply, and its counts are of what ran. */
  public LambdaHost host() {
    return host;
  }

  /** For what belongs to this one. */
  public Path folder() {
    return folder;
  }

  /** A call that a role was allowed or denied, where permissions hold. */
  public record Decision(String role, String action, String resource, boolean allowed) {

    static Decision of(String line) {
      String[] parts = line.split("\t", -1);
      return new Decision(parts[0], parts[1], parts[2], parts[3].equals("allowed"));
    }
  }

  /** Each once. */
  public List<Decision> decisions() {
    Path file = folder.resolve("decisions");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Decision::of).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What MiniStack has written. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- what is deployed

  private FunctionSettings deployed(String function, String version) {
    GetFunctionResponse answer =
        lambda.getFunction(request -> request.functionName(function).qualifier(version));
    FunctionConfiguration configuration = answer.configuration();
    Path code = unpacked(configuration.codeSha256(), URI.create(answer.code().location()));
    return FunctionSettings.of(function, code, configuration.handler())
        .withEnvironment(
            configuration.environment() == null
                ? Map.of()
                : configuration.environment().variables())
        .withMemory(configuration.memorySize())
        .withTimeout(Duration.ofSeconds(configuration.timeout()))
        .withProcesses(processes.applyAsInt(function))
        .withSnapStart(
            Optional.ofNullable(configuration.snapStart())
                .filter(snap -> snap.applyOn() == SnapStartApplyOn.PUBLISHED_VERSIONS)
                .isPresent());
  }

  /** The code of a function as the emulator has it, unpacked once. */
  private synchronized Path unpacked(String hash, URI location) {
    Path folder = host.folder().resolve("code-" + hash.replaceAll("[^A-Za-z0-9]", ""));
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try {
      HttpResponse<InputStream> zip =
          http.send(
              HttpRequest.newBuilder(endpoint().resolve(location.getRawPath() + query(location)))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (zip.statusCode() != 200) {
        throw new IOException("no code at " + location + ": " + zip.statusCode());
      }
      try (ZipInputStream in = new ZipInputStream(zip.body())) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          Path file = folder.resolve(entry.getName()).normalize();
          if (file.startsWith(folder) && !entry.isDirectory()) {
            Files.createDirectories(file.getParent());
            Files.copy(in, file);
          }
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String query(URI location) {
    return location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (lambda != null) {
      lambda.close();
    }
    runner.close();
    host.close();
  }
}
