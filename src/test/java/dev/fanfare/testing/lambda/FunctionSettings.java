package dev.fanfare.testing.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A function as it is deployed.
 *
 * @param code the unpacked zip
 * @param handler {@code class::method}, found in the code
 * @param environment values that begin with {@code /tmp/} are moved into the folder that stands for
 *     the {@code /tmp} of each environment
 * @param memory of the environment, in MiB
 * @param processes most environments that this machine can carry; further invocations wait for one
 * @param reserved AWS's reserved concurrency; further invocations are throttled
 * @param recursion whether {@code RecursiveLoop} is {@code Allow}
 * @param async what becomes of asynchronous events
 * @param snapStart whether the process is started as for a snapshot, and its restore hooks run
 * @param freezes whether the process is stopped between invocations
 */
public record FunctionSettings(
    String name,
    Path code,
    String handler,
    Map<String, String> environment,
    int memory,
    Duration timeout,
    int processes,
    OptionalInt reserved,
    boolean recursion,
    Async async,
    boolean snapStart,
    boolean freezes,
    List<String> javaOptions) {

  /**
   * The asynchronous configuration.
   *
   * @param retries after function errors, 0 to 2
   * @param maximumAge events that are older are given up
   * @param onFailure name of the queue that is told of what was given up
   * @param deadLetters name of the queue that gets the events themselves
   */
  public record Async(
      int retries, Duration maximumAge, Optional<String> onFailure, Optional<String> deadLetters) {

    /** What AWS does where nothing is said. */
    public static final Async DEFAULT =
        new Async(2, Duration.ofHours(6), Optional.empty(), Optional.empty());

    public Async toQueue(String queue) {
      return new Async(retries, maximumAge, Optional.of(queue), deadLetters);
    }

    public Async toDeadLetters(String queue) {
      return new Async(retries, maximumAge, onFailure, Optional.of(queue));
    }

    public Async withRetries(int count) {
      return new Async(count, maximumAge, onFailure, deadLetters);
    }

    public Async withMaximumAge(Duration age) {
      return new Async(retries, age, onFailure, deadLetters);
    }
  }

  public FunctionSettings {
    environment = Map.copyOf(environment);
    javaOptions = List.copyOf(javaOptions);
  }

  /** With AWS's defaults where they make sense: 512 MiB, 30 s, one process. */
  public static FunctionSettings of(String name, Path code, String handler) {
    return new FunctionSettings(
        name,
        code,
        handler,
        Map.of(),
        512,
        Duration.ofSeconds(30),
        1,
        OptionalInt.empty(),
        false,
        Async.DEFAULT,
        false,
        true,
        List.of());
  }

  public FunctionSettings withEnvironment(Map<String, String> variables) {
    return new FunctionSettings(
        name,
        code,
        handler,
        variables,
        memory,
        timeout,
        processes,
        reserved,
        recursion,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withTimeout(Duration limit) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        limit,
        processes,
        reserved,
        recursion,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withMemory(int mebibytes) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        mebibytes,
        timeout,
        processes,
        reserved,
        recursion,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withProcesses(int most) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        most,
        reserved,
        recursion,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withReserved(OptionalInt concurrency) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        concurrency,
        recursion,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withRecursion(boolean allowed) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        reserved,
        allowed,
        async,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings with(Async configuration) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        reserved,
        recursion,
        configuration,
        snapStart,
        freezes,
        javaOptions);
  }

  public FunctionSettings withSnapStart(boolean on) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        reserved,
        recursion,
        async,
        on,
        freezes,
        javaOptions);
  }

  public FunctionSettings withFreezing(boolean on) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        reserved,
        recursion,
        async,
        snapStart,
        on,
        javaOptions);
  }

  public FunctionSettings withJavaOptions(List<String> options) {
    return new FunctionSettings(
        name,
        code,
        handler,
        environment,
        memory,
        timeout,
        processes,
        reserved,
        recursion,
        async,
        snapStart,
        freezes,
        options);
  }

  /** The ARN without a qualifier. */
  public String arn() {
    return "arn:aws:lambda:" + LambdaHost.REGION + ":" + LambdaHost.ACCOUNT + ":function:" + name;
  }
}
