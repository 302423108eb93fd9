package dev.fanfare.function;

import dev.fanfare.secret.CachedSecrets;
import dev.fanfare.secret.EnvironmentSecrets;
import dev.fanfare.secret.FileSecrets;
import dev.fanfare.secret.LayeredSecrets;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.work.VirtualThreads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.config.Config;

/** The stores of secrets that the configuration of this process names, in their order. */
final class SecretSources {

  private SecretSources() {}

  /** The environment, then {@code fanfare.secrets.file}. */
  static SecretStore of(Config config) {
    Executor threads = VirtualThreads.executor();
    List<SecretStore> stores = new ArrayList<>();
    stores.add(new EnvironmentSecrets(System.getenv()));
    config
        .getOptionalValue("fanfare.secrets.file", String.class)
        .ifPresent(file -> stores.add(new FileSecrets(Path.of(file), threads)));
    return new CachedSecrets(new LayeredSecrets(stores));
  }
}
