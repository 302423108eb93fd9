package dev.fanfare.lambda;

import dev.fanfare.json.Json;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.Deployables;
import dev.fanfare.testing.ObjectServer;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.testing.lambda.Faults;
import dev.fanfare.testing.lambda.FunctionSettings;
import dev.fanfare.testing.lambda.FunctionUrl;
import dev.fanfare.testing.lambda.LambdaHost;
import dev.fanfare.testing.lambda.Pace;
import dev.fanfare.testing.lambda.QueueSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The first layer: {@link LambdaHost}, which needs nothing but a JDK. Deployed as infra/ does. */
final class HostStage implements LambdaStage {

  private static final String NAME = "demo";
  private static final String HANDLER =
      "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

  private final TestDatabase database = TestDatabase.fresh();
  private final LambdaHost host = LambdaHost.start(new Pace(600, 1));
  private final ObjectServer objects = ObjectServer.start(NAME + "-bucket");
  private final LambdaClient client;
  private final FunctionUrl url;
  private final Path shared;

  HostStage(Settings settings) {
    try {
      shared = Files.createDirectories(host.folder().resolve("workspaces"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    host.forward("/" + NAME + "-bucket", "S3", objects.uri());
    host.queue(QueueSettings.of(NAME + "-wake-dead"))
        .queue(QueueSettings.of(NAME + "-failed-dead"))
        .queue(QueueSettings.of(NAME + "-wake").withRedrive(NAME + "-wake-dead", 5))
        .queue(QueueSettings.of(NAME + "-failed").withRedrive(NAME + "-failed-dead", 5));
    settings.stubs().forEach(host::stub);
    Map<String, String> common = environment(settings);
    Path function = Deployables.FUNCTION.unpacked();
    Path worker = Deployables.WORKER.unpacked();
    FunctionSettings.Async async =
        FunctionSettings.Async.DEFAULT
            .withRetries(0)
            .withMaximumAge(settings.lease())
            .toQueue(NAME + "-failed");
    host.deploy(made(Role.TRIGGER, function, common).withProcesses(2));
    host.deploy(made(Role.OPERATOR, function, common));
    host.deploy(
        made(Role.DISPATCHER, worker, common).withProcesses(2).withRecursion(true).with(async));
    host.deploy(
        made(Role.STEP, worker, common)
            .withProcesses(settings.steps())
            .withTimeout(Duration.ofMinutes(15))
            .withRecursion(true)
            .with(async));
    host.map(NAME + "-wake", name(Role.DISPATCHER), 10, 2);
    host.map(NAME + "-failed", name(Role.DISPATCHER), 10, 2);
    url = host.url(name(Role.TRIGGER), FunctionUrl.Auth.NONE);
    client =
        LambdaClient.builder()
            .endpointOverride(host.endpoint())
            .region(Region.of(LambdaHost.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "test")))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2)))
            .overrideConfiguration(to -> to.retryStrategy(off -> off.maxAttempts(1)))
            .build();
    host.tickEvery(settings.tick(), name(Role.DISPATCHER));
  }

  private static String name(Role role) {
    return NAME + "-" + role.handler();
  }

  private Map<String, String> environment(Settings settings) {
    Database login = database.database();
    Map<String, String> common = new LinkedHashMap<>();
    common.put("QUARKUS_DATASOURCE_REACTIVE_URL", login.reactiveUrl());
    common.put("QUARKUS_DATASOURCE_USERNAME", login.user());
    common.put("QUARKUS_DATASOURCE_PASSWORD", login.password());
    common.put("FANFARE_AWS_ENDPOINT", host.endpoint().toString());
    common.put("FANFARE_HOME", "/tmp/fanfare");
    common.put("FANFARE_FUNCTIONS_STEP", live(Role.STEP));
    common.put("FANFARE_FUNCTIONS_DISPATCHER", live(Role.DISPATCHER));
    common.put("FANFARE_QUEUE", host.queueUrl(NAME + "-wake"));
    common.put("FANFARE_BUCKET", NAME + "-bucket");
    common.put("FANFARE_WORKSPACES", shared.toString());
    common.put("FANFARE_LEASE", settings.lease().toString());
    common.put("FANFARE_AUTH", "none");
    common.put("JAVA_HOME", System.getProperty("java.home"));
    common.putAll(settings.environment());
    return common;
  }

  private static String live(Role role) {
    return "arn:aws:lambda:%s:%s:function:%s:%s"
        .formatted(LambdaHost.REGION, LambdaHost.ACCOUNT, name(role), LambdaHost.ALIAS);
  }

  private static FunctionSettings made(Role role, Path code, Map<String, String> common) {
    Map<String, String> environment = new LinkedHashMap<>(common);
    environment.put("QUARKUS_LAMBDA_HANDLER", role.handler());
    return FunctionSettings.of(name(role), code, HANDLER)
        .withEnvironment(environment)
        .withTimeout(Duration.ofSeconds(60));
  }

  @Override
  public boolean can(Ability ability) {
    return switch (ability) {
      case FAULTS, REFUSALS, KILLS, THROTTLES, COUNTS, HTTP -> true;
    };
  }

  @Override
  public TestDatabase database() {
    return database;
  }

  @Override
  public Path shared() {
    return shared;
  }

  @Override
  public URI url() {
    return url.uri();
  }

  @Override
  public Map<String, Object> invoke(Role role, Map<String, ?> event) {
    InvokeResponse answer =
        client.invoke(
            request ->
                request
                    .functionName(name(role))
                    .qualifier(LambdaHost.ALIAS)
                    .payload(SdkBytes.fromUtf8String(Json.write(event))));
    if (answer.functionError() != null) {
      throw new AssertionError(answer.payload().asUtf8String() + "\n" + logs(role));
    }
    return Json.parseOwnObject(answer.payload().asUtf8String());
  }

  private String logs(Role role) {
    return String.join("\n", host.logs(name(role)));
  }

  @Override
  public void send(Role role, Map<String, ?> event) {
    client.invoke(
        request ->
            request
                .functionName(name(role))
                .qualifier(LambdaHost.ALIAS)
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String(Json.write(event))));
  }

  @Override
  public void tick() {
    host.tick(name(Role.DISPATCHER));
  }

  @Override
  public Faults faults() {
    return host.faults();
  }

  @Override
  public boolean kill(Role role) {
    return host.kill(name(role));
  }

  @Override
  public void reserve(Role role, OptionalInt concurrency) {
    host.reserve(name(role), concurrency);
  }

  @Override
  public void recursion(Role role, boolean allowed) {
    host.recursion(name(role), allowed);
  }

  @Override
  public void message(String body) {
    host.message(NAME + "-wake", body);
  }

  @Override
  public List<String> deadMessages() {
    return Stream.of(NAME + "-wake-dead", NAME + "-failed-dead")
        .flatMap(queue -> host.messages(queue).stream())
        .toList();
  }

  @Override
  public long count(String what, Role role) {
    return host.counts().get(what, name(role));
  }

  @Override
  public void settle() {
    host.settle();
  }

  @Override
  public String report() {
    return host.report() + "\n  dead messages: " + deadMessages();
  }

  @Override
  public void close() {
    client.close();
    url.close();
    host.close();
    objects.close();
    database.close();
  }
}
