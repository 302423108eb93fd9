package dev.fanfare.secret.aws;

import dev.fanfare.secret.SecretStore;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/** Secrets in the Parameter Store of AWS Systems Manager, encrypted or not. */
public final class ParameterStoreSecrets implements SecretStore {

  private static final String SERVICE = "AWS Systems Manager Parameter Store";

  private final AwsNames names;
  private final Supplier<SsmClient> client;
  private final Executor threads;

  /**
   * @param threads where AWS is asked
   */
  public ParameterStoreSecrets(AwsNames names, AwsClients clients, Executor threads) {
    this.names = names;
    this.client = clients.ssm();
    this.threads = threads;
  }

  @Override
  public Uni<Optional<String>> value(String name) {
    return Uni.createFrom().item(() -> ask(name)).runSubscriptionOn(threads);
  }

  @Override
  public List<String> places(String name) {
    return List.of(place(name).words(SERVICE));
  }

  /** A name with a path begins with a slash there. */
  private AwsNames.Place place(String name) {
    AwsNames.Place place = names.of(name);
    boolean isPath = place.id().contains("/") && !place.id().startsWith("arn:");
    return isPath && !place.id().startsWith("/")
        ? new AwsNames.Place("/" + place.id(), place.member())
        : place;
  }

  private Optional<String> ask(String name) {
    AwsNames.Place place = place(name);
    try {
      String text =
          client
              .get()
              .getParameter(request -> request.name(place.id()).withDecryption(true))
              .parameter()
              .value();
      return place.of(name, SERVICE, text);
    } catch (ParameterNotFoundException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw AwsFailures.of(name, place.words(SERVICE), e);
    }
  }
}
