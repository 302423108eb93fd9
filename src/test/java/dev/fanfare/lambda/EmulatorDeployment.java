package dev.fanfare.lambda;

import static dev.fanfare.lambda.EmulatorStage.NAME;

import dev.fanfare.json.Json;
import dev.fanfare.lambda.LambdaStage.Role;
import dev.fanfare.lambda.LambdaStage.Settings;
import dev.fanfare.testing.Deployables;
import dev.fanfare.testing.emulator.Emulator;
import dev.fanfare.testing.lambda.LambdaHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Environment;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.RecursiveLoop;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Brings Fanfare to an emulator: by scripts/deploy, as to AWS, or by calls of the SDK. */
final class EmulatorDeployment {

  private static final int NO_TERRAFORM = 77;
  private static final String BUCKET = NAME + "-files";

  private final Emulator emulator;
  private final Map<String, String> environment;
  private final Settings settings;

  /**
   * @param environment of all functions
   */
  EmulatorDeployment(Emulator emulator, Map<String, String> environment, Settings settings) {
    this.emulator = emulator;
    this.environment = environment;
    this.settings = settings;
  }

  /** What counts for one function more than what infra/ sets. */
  private Map<String, String> own() {
    Map<String, String> own = new LinkedHashMap<>(settings.environment());
    own.put("FANFARE_LEASE", settings.lease().toString());
    return own;
  }

  /** The folder of the project as it is, without what deployments from there have left. */
  private static void copy(String name, Path folder) throws IOException {
    Path from = Path.of(name).toAbsolutePath();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (file.toString().contains("tfstate")) {
          continue;
        }
        Path copy = folder.resolve(name).resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(
            file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /**
   * Deploys by the command that deploys to AWS, and says how it went; nothing where there is no
   * Terraform.
   */
  Optional<String> terraform() throws IOException {
    Path folder = emulator.folder().resolve("project");
    copy("scripts", folder);
    copy("infra", folder);
    Files.writeString(folder.resolve("terraform.tfvars.json"), Json.write(variables()));
    Path log = folder.resolve("deploy.log");
    long began = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                Emulator.SOURCES.resolve("deploy").toString(),
                folder.toString(),
                emulator.endpoint().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "TF_VAR_package", Deployables.FUNCTION.zip().toString(),
                "TF_VAR_worker_package", Deployables.WORKER.zip().toString()));
    builder.environment().keySet().removeIf(key -> key.startsWith("AWS_"));
    Process process = builder.start();
    try {
      if (!process.waitFor(8, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("scripts/deploy takes too long:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (process.exitValue() == NO_TERRAFORM) {
      String why = Files.readString(log).lines().reduce("", (all, line) -> line);
      System.out.println("emulator: skipped: nothing is deployed by Terraform: " + why);
      return Optional.empty();
    }
    if (process.exitValue() != 0) {
      throw new IOException("scripts/deploy fails:\n" + Files.readString(log));
    }
    List<String> said =
        Files.readString(log)
            .lines()
            .filter(line -> line.startsWith("Apply complete!") || line.startsWith("deploy: "))
            .toList();
    return Optional.of(
        "scripts/deploy in %d s\n  %s"
            .formatted(
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                String.join("\n  ", said)));
  }

  private Map<String, Object> variables() {
    Map<String, String> common = new LinkedHashMap<>(environment);
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("name", NAME);
    variables.put("region", LambdaHost.REGION);
    variables.put("database_url", common.remove("QUARKUS_DATASOURCE_REACTIVE_URL"));
    variables.put("database_username", common.remove("QUARKUS_DATASOURCE_USERNAME"));
    variables.put("database_password", common.remove("QUARKUS_DATASOURCE_PASSWORD"));
    variables.put("auth", "none");
    variables.put("environment", common);
    Map<String, String> own = own();
    variables.put("function_environment", Map.of("trigger", own, "dispatcher", own, "step", own));
    return variables;
  }

  /** Makes what infra/ makes, as far as runs need it; the rule that ticks is not of it. */
  String sdk() {
    try (LambdaClient lambda = emulator.client(LambdaClient.builder()).build();
        SqsClient sqs = emulator.client(SqsClient.builder()).build();
        S3Client s3 = emulator.client(S3Client.builder()).forcePathStyle(true).build()) {
      s3.createBucket(request -> request.bucket(BUCKET));
      s3.putObject(
          request -> request.bucket(BUCKET).key("functions/function.zip"),
          RequestBody.fromFile(Deployables.FUNCTION.zip()));
      s3.putObject(
          request -> request.bucket(BUCKET).key("functions/worker.zip"),
          RequestBody.fromFile(Deployables.WORKER.zip()));
      String wake = queue(sqs, "wake");
      queue(sqs, "failed");
      for (Role role : Role.values()) {
        function(lambda, role, wake);
      }
      for (String queue : List.of("wake", "failed")) {
        lambda.createEventSourceMapping(
            request ->
                request
                    .functionName(EmulatorStage.name(Role.DISPATCHER) + ":" + LambdaHost.ALIAS)
                    .eventSourceArn(queueArn(queue))
                    .batchSize(10)
                    .functionResponseTypes(FunctionResponseType.REPORT_BATCH_ITEM_FAILURES));
      }
      lambda.createFunctionUrlConfig(
          request ->
              request
                  .functionName(EmulatorStage.name(Role.TRIGGER))
                  .qualifier(LambdaHost.ALIAS)
                  .authType(FunctionUrlAuthType.NONE));
    }
    return "calls of the SDK";
  }

  private static String queueArn(String name) {
    return "arn:aws:sqs:%s:%s:%s-%s".formatted(LambdaHost.REGION, LambdaHost.ACCOUNT, NAME, name);
  }

  private static String queue(SqsClient sqs, String name) {
    sqs.createQueue(request -> request.queueName(NAME + "-" + name + "-dead"));
    return sqs.createQueue(
            request ->
                request
                    .queueName(NAME + "-" + name)
                    .attributes(
                        Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            "360",
                            QueueAttributeName.REDRIVE_POLICY,
                            Json.write(
                                Map.of(
                                    "deadLetterTargetArn",
                                    queueArn(name + "-dead"),
                                    "maxReceiveCount",
                                    5L)))))
        .queueUrl();
  }

  private void function(LambdaClient lambda, Role role, String wake) {
    String name = EmulatorStage.name(role);
    boolean worker = role == Role.DISPATCHER || role == Role.STEP;
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put("FANFARE_AWS_ENDPOINT", emulator.endpoint().toString());
    variables.put("FANFARE_HOME", "/tmp/fanfare");
    variables.put("FANFARE_FUNCTIONS_STEP", live(Role.STEP));
    variables.put("FANFARE_FUNCTIONS_DISPATCHER", live(Role.DISPATCHER));
    variables.put("FANFARE_QUEUE", wake);
    variables.put("FANFARE_BUCKET", BUCKET);
    variables.put("FANFARE_AUTH", "none");
    variables.put("QUARKUS_LAMBDA_HANDLER", role.handler());
    variables.putAll(own());
    lambda.createFunction(
        request ->
            request
                .functionName(name)
                .runtime(Runtime.JAVA21)
                .handler("io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest")
                .role("arn:aws:iam::" + LambdaHost.ACCOUNT + ":role/" + name)
                .timeout(role == Role.STEP ? 900 : 60)
                .memorySize(512)
                .environment(Environment.builder().variables(variables).build())
                .code(
                    code ->
                        code.s3Bucket(BUCKET)
                            .s3Key("functions/" + (worker ? "worker" : "function") + ".zip"))
                .publish(true));
    lambda.createAlias(
        request -> request.functionName(name).name(LambdaHost.ALIAS).functionVersion("1"));
    if (worker) {
      lambda.putFunctionRecursionConfig(
          request -> request.functionName(name).recursiveLoop(RecursiveLoop.ALLOW));
      lambda.putFunctionEventInvokeConfig(
          request ->
              request
                  .functionName(name)
                  .qualifier(LambdaHost.ALIAS)
                  .maximumRetryAttempts(0)
                  .maximumEventAgeInSeconds(60)
                  .destinationConfig(to -> to.onFailure(on -> on.destination(queueArn("failed")))));
    }
  }

  private static String live(Role role) {
    return "arn:aws:lambda:%s:%s:function:%s:%s"
        .formatted(
            LambdaHost.REGION, LambdaHost.ACCOUNT, EmulatorStage.name(role), LambdaHost.ALIAS);
  }
}
