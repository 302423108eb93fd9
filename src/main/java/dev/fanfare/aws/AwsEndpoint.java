package dev.fanfare.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where AWS's services are: where the region has them, or all at one address, an emulator's.
 *
 * @param uri of an emulator; empty for AWS itself
 */
public record AwsEndpoint(Optional<URI> uri) {

  /**
   * An endpoint as it is configured.
   *
   * @throws SdkClientException where it is no URL
   */
  public static AwsEndpoint of(Optional<String> url) {
    try {
      return new AwsEndpoint(url.map(URI::create));
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create("the endpoint " + url.orElse("") + " is no URL", e);
    }
  }

  /**
   * Sets how a client reaches its service.
   *
   * @param connect most time until there is a connection
   * @param silence most time without a byte
   * @return the builder
   */
  public <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B reach(
      B builder, Duration connect, Duration silence) {
    builder.httpClientBuilder(
        UrlConnectionHttpClient.builder().connectionTimeout(connect).socketTimeout(silence));
    uri.ifPresent(url -> builder.endpointOverride(url).region(regionOrAny()));
    return builder;
  }

  /** An emulator asks for a region: its data may be kept by it, or it may not care. */
  private static Region regionOrAny() {
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1;
    }
  }
}
