package dev.fanfare.secret.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
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
    builder
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ONE_ATTEMPT))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(ALL_ATTEMPTS)
                .apiCallAttemptTimeout(ONE_ATTEMPT)
                .retryStrategy(RetryMode.STANDARD)
                .build());
    endpoint.ifPresent(
        url -> {
          builder.endpointOverride(uri(url));
          // An emulator is in no region, but requests are signed for one.
          builder.region(Region.US_EAST_1);
        });
    return builder;
  }

  private static URI uri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create("the endpoint " + url + " is no URL", e);
    }
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
