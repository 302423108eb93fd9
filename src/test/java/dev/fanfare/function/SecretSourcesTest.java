package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSourcesTest {

  @TempDir Path folder;

  private static SecretStore store(Map<String, String> settings, Map<String, String> environment) {
    return SecretSources.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(settings, "test", 1))
            .build(),
        environment);
  }

  private static Optional<String> get(SecretStore store, String name) {
    return store.value(name).await().atMost(Duration.ofSeconds(30));
  }

  @Test
  void the_environment_wins_over_the_file_and_aws_comes_last() throws IOException {
    Path file = Files.writeString(folder.resolve("secrets"), "A=file\nB=file\n");
    SecretStore store =
        store(
            Map.of(
                "fanfare.secrets.file", file.toString(),
                "fanfare.secrets.aws", "secretsmanager, ssm",
                "fanfare.secrets.aws.names.C", "prod/c#key"),
            Map.of("FANFARE_SECRET_A", "environment"));
    assertEquals(Optional.of("environment"), get(store, "A"));
    assertEquals(Optional.of("file"), get(store, "B"));
    assertEquals(
        List.of(
            "the environment variable FANFARE_SECRET_C",
            "the file " + file,
            "AWS Secrets Manager (prod/c#key)",
            "AWS Systems Manager Parameter Store (/prod/c#key)"),
        store.places("C"));
  }

  @Test
  void without_settings_only_the_environment_is_asked() {
    SecretStore store = store(Map.of("fanfare.secrets.file", " "), Map.of());
    assertEquals(Optional.empty(), get(store, "A"));
    assertEquals(List.of("the environment variable FANFARE_SECRET_A"), store.places("A"));
  }

  @Test
  void an_unknown_service_is_told_when_a_secret_is_asked_for() {
    SecretStore store =
        store(Map.of("fanfare.secrets.aws", "vault"), Map.of("FANFARE_SECRET_A", "1"));
    assertEquals(Optional.of("1"), get(store, "A"));
    String message =
        assertThrows(SecretUnavailableException.class, () -> get(store, "B")).getMessage();
    assertTrue(message.contains("knows secretsmanager and ssm only"), message);
  }
}
