package dev.fanfare.secret.aws;

import dev.fanfare.aws.AwsEndpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The clients, made when they are first needed.
 *
 * @param endpoint of an emulator; empty for AWS itself
 */
public record AwsClients(Optional<String> endpoint) {

  private static final Duration ALL_ATTEMPTS = Duration.ofSeconds(10);
  private static final Duration ONE_ATTEMPT = Duration.ofSeconds(4);
  private static final Duration CONNECT = Duration.ofSeconds(2);

  Supplier<SecretsManagerClient> secretsManager() {
    return once(() -> configured(SecretsManagerClient.builder()).build());
  }

  Supplier<SsmClient> ssm() {
    return once(() -> configured(SsmClient.builder()).build());
  }

  private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(B builder) {
    return AwsEndpoint.of(endpoint)
        .reach(builder, CONNECT, ONE_ATTEMPT)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(ALL_ATTEMPTS)
                .apiCallAttemptTimeout(ONE_ATTEMPT)
                .retryStrategy(RetryMode.STANDARD)
                .build());
  }

  private static <T> Supplier<T> once(Supplier<T> make) {
    return new Supplier<>() {
      private @Nullable T made;

      @Override
      public synchronized T get() {
        T client = made;
        if (client == null) {
          client = make.get();
          made = client;
        }
        return client;
      }
    };
  }
}
