package dev.fanfare.secret.aws;

import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets in AWS Secrets Manager: the current version of each. */
public final class SecretsManagerSecrets implements SecretStore {

  private static final String SERVICE = "AWS Secrets Manager";

  private final AwsNames names;
  private final Supplier<SecretsManagerClient> client;
  private final Executor threads;

  /**
   * @param threads where AWS is asked
   */
  public SecretsManagerSecrets(AwsNames names, AwsClients clients, Executor threads) {
    this.names = names;
    this.client = clients.secretsManager();
    this.threads = threads;
  }

  @Override
  public Uni<Optional<String>> value(String name) {
    return Uni.createFrom().item(() -> ask(name)).runSubscriptionOn(threads);
  }

  @Override
  public List<String> places(String name) {
    return List.of(names.of(name).words(SERVICE));
  }

  private Optional<String> ask(String name) {
    AwsNames.Place place = names.of(name);
    try {
      GetSecretValueResponse found =
          client.get().getSecretValue(request -> request.secretId(place.id()));
      String text = found.secretString();
      if (text == null) {
        throw new SecretUnavailableException(
            name, place.words(SERVICE), "it holds bytes, and only text can be handed to a step");
      }
      return place.of(name, SERVICE, text);
    } catch (ResourceNotFoundException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw AwsFailures.of(name, place.words(SERVICE), e);
    }
  }
}
