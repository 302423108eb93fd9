package dev.fanfare.function;

import dev.fanfare.local.postgres.Database;
import dev.fanfare.testing.Deployables;
import dev.fanfare.testing.TcpRelay;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.testing.lambda.FunctionSettings;
import dev.fanfare.testing.lambda.LambdaHost;
import dev.fanfare.testing.lambda.Pace;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The real zip in real processes, with a database that is reached through a relay. */
final class RealFunctions implements AutoCloseable {

  static final String QUARKUS =
      "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

  final TestDatabase database = TestDatabase.fresh();
  final TcpRelay relay = new TcpRelay(database.database().host(), database.database().port());
  final LambdaHost host = LambdaHost.start(Pace.TEST);
  final LambdaClient lambda;

  RealFunctions() {
    lambda =
        LambdaClient.builder()
            .endpointOverride(host.endpoint())
            .region(Region.of(LambdaHost.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", "test")))
            .httpClient(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2)).build())
            .overrideConfiguration(settings -> settings.retryStrategy(off -> off.maxAttempts(1)))
            .build();
  }

  /** A function of {@code worker.zip} with the settings of a deployment. */
  FunctionSettings worker(String name, String handler) {
    return FunctionSettings.of(name, Deployables.WORKER.unpacked(), QUARKUS)
        .withEnvironment(environment(handler, Map.of()))
        .withTimeout(Duration.ofSeconds(60));
  }

  Map<String, String> environment(String handler, Map<String, String> more) {
    Database target = database.database();
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_LAMBDA_HANDLER", handler);
    environment.put("FANFARE_HOME", "/tmp/fanfare");
    environment.put("FANFARE_FUNCTIONS_STEP", "step:live");
    environment.put("FANFARE_FUNCTIONS_DISPATCHER", "dispatcher:live");
    environment.put("FANFARE_AWS_ENDPOINT", host.endpoint().toString());
    environment.put(
        "QUARKUS_DATASOURCE_REACTIVE_URL",
        "postgresql://127.0.0.1:" + relay.port() + "/" + target.name());
    environment.put("QUARKUS_DATASOURCE_USERNAME", target.user());
    environment.put("QUARKUS_DATASOURCE_PASSWORD", target.password());
    environment.putAll(more);
    return environment;
  }

  /** Invokes and waits. */
  InvokeResponse invoke(String function, String payload) {
    return lambda.invoke(
        request -> request.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
  }

  @Override
  public void close() {
    host.close();
    lambda.close();
    relay.close();
    database.close();
  }
}
