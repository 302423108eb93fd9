package dev.fanfare.testing.lambda;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An execution environment: a process of a function, and a runtime API for it alone. Its {@link
 * Fleet} guards the fields that change.
 */
final class Environment {

  private static final int LOG_TAIL = 4 << 10;

  final Process process;
  final HttpServer api;
  final String name;
  final long began = System.nanoTime();
  private final Deque<String> tail = new ArrayDeque<>();
  private int tailLength;

  boolean ready;
  boolean frozen;
  @Nullable Request current;
  long since;
  @Nullable HttpServerResponse asks;
  Optional<byte[]> initError = Optional.empty();
  Optional<String> death = Optional.empty();
  long timer = -1;

  private Environment(Process process, HttpServer api, String name) {
    this.process = process;
    this.api = api;
    this.name = name;
  }

  /**
   * Starts a process.
   *
   * @param api its runtime API
   * @param folder of its own, for its log and its {@code /tmp}
   */
  static Environment start(
      FunctionSettings function, HttpServer api, Path folder, RuntimeClient client, String name) {
    try {
      Path tmp = Files.createDirectories(folder.resolve("tmp"));
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              // As Lambda starts Java: 15 % of the memory are not heap.
              "-XX:MaxHeapSize=" + (long) (function.memory() * 1024L * 0.85) + "k",
              "-XX:+UseSerialGC",
              "-Djava.io.tmpdir=" + tmp));
      if (!function.snapStart()) {
        command.add("-XX:TieredStopAtLevel=1");
      }
      command.addAll(client.javaOptions());
      command.addAll(function.javaOptions());
      command.addAll(
          List.of("-cp", client.classPath(), RuntimeClient.MAIN_CLASS, function.handler()));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(function.code().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().clear();
      builder.environment().putAll(variables(function, api.actualPort(), tmp, name));
      Environment environment = new Environment(builder.start(), api, name);
      Path log = folder.resolve("log");
      Thread.ofVirtual().name("log-" + name).start(() -> environment.keepLog(log));
      return environment;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Lambda sets, and what the function's configuration sets. */
  private static Map<String, String> variables(
      FunctionSettings function, int port, Path tmp, String name) {
    Map<String, String> variables = new TreeMap<>();
    function
        .environment()
        .forEach(
            (key, value) ->
                variables.put(key, isOwnTemporary(value) ? tmp + value.substring(4) : value));
    variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + port);
    variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(function.memory()));
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", name);
    variables.put(
        "AWS_LAMBDA_INITIALIZATION_TYPE", function.snapStart() ? "snap-start" : "on-demand");
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
    variables.put("AWS_REGION", LambdaHost.REGION);
    variables.put("AWS_DEFAULT_REGION", LambdaHost.REGION);
    variables.putIfAbsent("AWS_ACCESS_KEY_ID", "ASIATEST");
    variables.putIfAbsent("AWS_SECRET_ACCESS_KEY", "test");
    variables.putIfAbsent("AWS_SESSION_TOKEN", "test");
    variables.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
    variables.put("LAMBDA_TASK_ROOT", function.code().toString());
    variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
    variables.put("_HANDLER", function.handler());
    variables.put("LANG", "en_US.UTF-8");
    variables.put("TZ", ":UTC");
    variables.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    return variables;
  }

  /** Below {@code /tmp}, which every environment has for itself, and not of a project there. */
  private static boolean isOwnTemporary(String value) {
    return value.startsWith("/tmp/") && !value.startsWith(Path.of("").toAbsolutePath() + "/");
  }

  private void keepLog(Path file) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer log = Files.newBufferedWriter(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.write(line + "\n");
        log.flush();
        remember(line);
      }
    } catch (IOException e) {
      remember("the log ends here: " + e.getMessage());
    }
  }

  private synchronized void remember(String line) {
    tail.addLast(line);
    tailLength += line.length() + 1;
    while (tailLength > LOG_TAIL && tail.size() > 1) {
      tailLength -= tail.removeFirst().length() + 1;
    }
  }

  /** The last 4 KB of what the process wrote. */
  synchronized String logTail() {
    String all = String.join("\n", tail) + "\n";
    return all.length() > LOG_TAIL ? all.substring(all.length() - LOG_TAIL) : all;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
