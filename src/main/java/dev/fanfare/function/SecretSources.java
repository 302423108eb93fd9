package dev.fanfare.function;

import dev.fanfare.secret.CachedSecrets;
import dev.fanfare.secret.EnvironmentSecrets;
import dev.fanfare.secret.FileSecrets;
import dev.fanfare.secret.LayeredSecrets;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import dev.fanfare.secret.aws.AwsClients;
import dev.fanfare.secret.aws.AwsNames;
import dev.fanfare.secret.aws.ParameterStoreSecrets;
import dev.fanfare.secret.aws.SecretsManagerSecrets;
import dev.fanfare.work.VirtualThreads;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.Config;

/** The stores of secrets that the configuration of this process names, in their order. */
final class SecretSources {

  private static final String AWS = "fanfare.secrets.aws";
  private static final String DEFAULT_PREFIX = "fanfare/";

  private SecretSources() {}

  /**
   * The environment, then {@code fanfare.secrets.file}, then what {@code fanfare.secrets.aws}
   * lists.
   */
  static SecretStore of(Config config, Map<String, String> environment) {
    Executor threads = VirtualThreads.executor();
    List<SecretStore> stores = new ArrayList<>();
    stores.add(new EnvironmentSecrets(environment));
    text(config, "fanfare.secrets.file")
        .ifPresent(file -> stores.add(new FileSecrets(Path.of(file), threads)));
    AwsClients clients = new AwsClients(text(config, "fanfare.aws.endpoint"));
    AwsNames names =
        new AwsNames(
            text(config, AWS + ".prefix").orElse(DEFAULT_PREFIX),
            name -> text(config, AWS + ".names." + name));
    for (String service : text(config, AWS).orElse("").split("[,\\s]+", -1)) {
      switch (service.toLowerCase(Locale.ROOT)) {
        case "" -> {}
        case "secretsmanager" -> stores.add(new SecretsManagerSecrets(names, clients, threads));
        case "ssm" -> stores.add(new ParameterStoreSecrets(names, clients, threads));
        default -> stores.add(unknown(service));
      }
    }
    return new CachedSecrets(new LayeredSecrets(stores));
  }

  private static Optional<String> text(Config config, String key) {
    return config.getOptionalValue(key, String.class).filter(value -> !value.isBlank());
  }

  /** Said when a secret is asked for: what needs none works all the same. */
  private static SecretStore unknown(String service) {
    return new SecretStore() {
      @Override
      public Uni<Optional<String>> value(String name) {
        return Uni.createFrom()
            .failure(
                new SecretUnavailableException(
                    name, service, AWS + " names it, but knows secretsmanager and ssm only"));
      }

      @Override
      public List<String> places(String name) {
        return List.of(service);
      }
    };
  }
}
