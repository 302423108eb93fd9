package dev.fanfare.function;

import dev.fanfare.json.Json;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import dev.fanfare.secret.aws.AwsClients;
import dev.fanfare.secret.aws.AwsNames;
import dev.fanfare.secret.aws.SecretsManagerSecrets;
import dev.fanfare.store.LoginSource;
import dev.fanfare.work.VirtualThreads;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * User and password of the database from AWS Secrets Manager: {@code fanfare.database.secret} is
 * the name or ARN of a secret that is a JSON object with {@code username} and {@code password}, as
 * RDS makes and rotates them.
 */
@Singleton
public final class DatabaseSecret implements LoginSource {

  private static final String SETTING = "fanfare.database.secret";

  private final Optional<SecretStore> store;
  private final String id;

  @Inject
  public DatabaseSecret(Config config) {
    Optional<String> named =
        config.getOptionalValue(SETTING, String.class).filter(value -> !value.isBlank());
    this.id = named.orElse("");
    this.store = named.map(secret -> store(config, secret));
  }

  private static SecretStore store(Config config, String secret) {
    AwsClients clients =
        new AwsClients(
            config
                .getOptionalValue("fanfare.aws.endpoint", String.class)
                .filter(value -> !value.isBlank()));
    AwsNames names = new AwsNames("", name -> Optional.of(secret));
    return new SecretsManagerSecrets(names, clients, VirtualThreads.executor());
  }

  @Override
  public Optional<Uni<Login>> login() {
    return store.map(known -> known.value(SETTING).map(this::parsed));
  }

  private Login parsed(Optional<String> text) {
    if (text.isEmpty()) {
      throw refused("there is no such secret");
    }
    Object read;
    try {
      read = Json.parse(text.get());
    } catch (Json.JsonException e) {
      read = Map.of(); // its message may quote the secret
    }
    if (read instanceof Map<?, ?> object
        && object.get("username") instanceof String user
        && object.get("password") instanceof String password) {
      return new Login(user, password);
    }
    throw refused("it has to be a JSON object with 'username' and 'password', both strings");
  }

  private SecretUnavailableException refused(String why) {
    return new SecretUnavailableException(SETTING, "AWS Secrets Manager (" + id + ")", why);
  }
}
