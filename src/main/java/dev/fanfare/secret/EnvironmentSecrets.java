package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets in environment variables of the engine's process: {@code FANFARE_SECRET_} and the name. A
 * name that is no variable's name, or is not there as it is written, is looked for in capitals with
 * {@code _} for {@code -}.
 */
public final class EnvironmentSecrets implements SecretStore {

  public static final String PREFIX = "FANFARE_SECRET_";

  private final Map<String, String> environment;

  public EnvironmentSecrets(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Uni<Optional<String>> value(String name) {
    Optional<String> written = Optional.ofNullable(environment.get(PREFIX + name));
    return Uni.createFrom()
        .item(written.or(() -> Optional.ofNullable(environment.get(variable(name)))));
  }

  @Override
  public List<String> places(String name) {
    return List.of("the environment variable " + variable(name));
  }

  private static String variable(String name) {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
