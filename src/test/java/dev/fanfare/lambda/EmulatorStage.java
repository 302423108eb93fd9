package dev.fanfare.lambda;

import dev.fanfare.json.Json;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.testing.emulator.Emulator;
import dev.fanfare.testing.emulator.UrlDoor;
import dev.fanfare.testing.lambda.Faults;
import dev.fanfare.testing.lambda.LambdaHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.RecursiveLoop;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The second layer: {@link Emulator}, somebody else's AWS with our processes behind it. */
final class EmulatorStage implements LambdaStage {

  static final String NAME = "fanfare";

  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private TestDatabase database = TestDatabase.blank();
  private final Emulator emulator;
  private final LambdaClient lambda;
  private final SqsClient sqs;
  private final UrlDoor door;
  private Optional<String> deployment = Optional.empty();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  /**
   * @param terraform whether scripts/deploy deploys where Terraform can be had, brings the schema
   *     into an empty database, and the policies of the roles hold; else by calls of the SDK. A
   *     tick that is slower than a second is left to the rule of EventBridge, once a minute.
   */
  EmulatorStage(Settings settings, boolean terraform) {
    Optional<Emulator> applied = terraform ? applied(settings) : Optional.empty();
    emulator = applied.orElseGet(() -> called(settings));
    lambda =
        emulator
            .client(LambdaClient.builder())
            .overrideConfiguration(to -> to.retryStrategy(off -> off.maxAttempts(1)))
            .build();
    sqs = emulator.client(SqsClient.builder()).build();
    door =
        UrlDoor.to(
            emulator.endpoint(),
            lambda
                .getFunctionUrlConfig(
                    request -> request.functionName(name(Role.TRIGGER)).qualifier(LambdaHost.ALIAS))
                .functionUrl());
    if (settings.tick().compareTo(Duration.ofSeconds(1)) < 0) {
      long every = settings.tick().toMillis();
      var unused =
          clock.scheduleAtFixedRate(
              () -> send(Role.DISPATCHER, Map.of()), every, every, TimeUnit.MILLISECONDS);
    }
  }

  private Optional<Emulator> applied(Settings settings) {
    Emulator started = start("terraform", true, settings);
    try {
      deployment = deployment(started, settings).terraform();
    } catch (IOException e) {
      started.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | AssertionError e) {
      started.close();
      throw e;
    }
    if (deployment.isEmpty()) {
      started.close();
    }
    return deployment.map(how -> started);
  }

  private Emulator called(Settings settings) {
    database.close();
    database = TestDatabase.fresh();
    Emulator started = start("sdk", false, settings);
    try {
      deployment = Optional.of(deployment(started, settings).sdk());
      return started;
    } catch (RuntimeException | AssertionError e) {
      started.close();
      throw e;
    }
  }

  private static Emulator start(String name, boolean permissions, Settings settings) {
    return Emulator.start(
        name, permissions, function -> function.endsWith("-step") ? settings.steps() : 2);
  }

  private EmulatorDeployment deployment(Emulator started, Settings settings) {
    return new EmulatorDeployment(started, environment(started), settings);
  }

  static String name(Role role) {
    return NAME + "-" + role.handler();
  }

  private Map<String, String> environment(Emulator started) {
    Database login = database.database();
    Map<String, String> common = new LinkedHashMap<>();
    common.put("QUARKUS_DATASOURCE_REACTIVE_URL", login.reactiveUrl());
    common.put("QUARKUS_DATASOURCE_USERNAME", login.user());
    common.put("QUARKUS_DATASOURCE_PASSWORD", login.password());
    common.put("FANFARE_WORKSPACES", shared(started).toString());
    // Environments of Lambda have a network each; here two would open the same port.
    common.put("QUARKUS_HTTP_HOST_ENABLED", "false");
    common.put("JAVA_HOME", System.getProperty("java.home"));
    return common;
  }

  @Override
  public boolean can(Ability ability) {
    return switch (ability) {
      case FAULTS, KILLS, THROTTLES, COUNTS, HTTP -> true;
      case REFUSALS -> false;
    };
  }

  @Override
  public TestDatabase database() {
    return database;
  }

  @Override
  public Path shared() {
    return shared(emulator);
  }

  private static Path shared(Emulator started) {
    try {
      return Files.createDirectories(started.host().folder().resolve("workspaces"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI url() {
    return door.uri();
  }

  @Override
  public Map<String, Object> invoke(Role role, Map<String, ?> event) {
    InvokeResponse answer =
        lambda.invoke(
            request ->
                request
                    .functionName(name(role))
                    .qualifier(LambdaHost.ALIAS)
                    .payload(SdkBytes.fromUtf8String(Json.write(event))));
    if (answer.functionError() != null) {
      throw new AssertionError(
          answer.payload().asUtf8String()
              + "\n"
              + String.join("\n", emulator.host().logs(name(role))));
    }
    return Json.parseOwnObject(answer.payload().asUtf8String());
  }

  @Override
  public void send(Role role, Map<String, ?> event) {
    lambda.invoke(
        request ->
            request
                .functionName(name(role))
                .qualifier(LambdaHost.ALIAS)
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String(Json.write(event))));
  }

  /** Nothing: the rule is real, and comes within a minute. */
  @Override
  public void tick() {}

  @Override
  public Faults faults() {
    return emulator.host().faults();
  }

  @Override
  public boolean kill(Role role) {
    return emulator.host().kill(name(role));
  }

  @Override
  public void reserve(Role role, OptionalInt concurrency) {
    if (concurrency.isPresent()) {
      lambda.putFunctionConcurrency(
          request ->
              request
                  .functionName(name(role))
                  .reservedConcurrentExecutions(concurrency.getAsInt()));
    } else {
      lambda.deleteFunctionConcurrency(request -> request.functionName(name(role)));
    }
  }

  @Override
  public void recursion(Role role, boolean allowed) {
    lambda.putFunctionRecursionConfig(
        request ->
            request
                .functionName(name(role))
                .recursiveLoop(allowed ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE));
  }

  @Override
  public void message(String body) {
    sqs.sendMessage(request -> request.queueUrl(queue("wake")).messageBody(body));
  }

  private String queue(String name) {
    return emulator.endpoint() + "/" + LambdaHost.ACCOUNT + "/" + NAME + "-" + name;
  }

  @Override
  public List<String> deadMessages() {
    return Stream.of("wake-dead", "failed-dead")
        .flatMap(
            queue ->
                sqs
                    .receiveMessage(
                        request -> request.queueUrl(queue(queue)).maxNumberOfMessages(10))
                    .messages()
                    .stream())
        .map(Message::body)
        .toList();
  }

  @Override
  public long count(String what, Role role) {
    if (what.equals("recursive")) {
      String dropped = "Dropped invocation of " + name(role) + ": recursive loop";
      return emulator.log().lines().filter(line -> line.contains(dropped)).count();
    }
    return emulator.host().counts().get(what, name(role));
  }

  /** Quiet for a while: what is between the emulator and a process is seen by neither. */
  @Override
  public void settle() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long quietSince = System.nanoTime();
    long seen = -1;
    while (System.nanoTime() - quietSince < QUIET.toNanos()) {
      emulator.host().settle();
      long now = emulator.host().counts().get("requests");
      if (now != seen) {
        seen = now;
        quietSince = System.nanoTime();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never quiet:\n" + report());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Override
  public String report() {
    return "MiniStack, deployed by "
        + deployment.orElse("nobody")
        + "\n"
        + emulator.host().report()
        + "\n  dead messages: "
        + deadMessages();
  }

  /** What the roles of the functions were allowed and denied. */
  List<Emulator.Decision> decisions() {
    return emulator.decisions();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    lambda.close();
    sqs.close();
    door.close();
    emulator.close();
    database.close();
  }
}
