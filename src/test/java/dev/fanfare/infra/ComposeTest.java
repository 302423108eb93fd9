package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** localstack/docker-compose.yml, as far as it can be looked at without Docker. */
class ComposeTest {

  private static final Path FILE = Path.of("localstack", "docker-compose.yml");

  @Test
  void every_service_says_where_it_comes_from_and_meets_the_others_on_one_network()
      throws IOException {
    Map<?, ?> services = services();
    assertEquals(List.of("postgres", "aws", "deploy"), List.copyOf(services.keySet()));
    for (Map.Entry<?, ?> service : services.entrySet()) {
      Map<?, ?> settings = (Map<?, ?>) service.getValue();
      // A variable with a tag that is fixed.
      assertTrue(
          String.valueOf(settings.get("image")).matches("\\$\\{[A-Z_]+:-[a-z/-]+:[0-9.]+}"),
          service.toString());
      assertEquals(List.of("local"), settings.get("networks"));
    }
    Map<?, ?> network = (Map<?, ?>) ((Map<?, ?>) compose().get("networks")).get("local");
    assertEquals(
        network.get("name"), environment("aws").get("LAMBDA_DOCKER_NETWORK"), "functions join it");
  }

  @Test
  void only_this_machine_reaches_it() throws IOException {
    for (Object service : services().values()) {
      if (((Map<?, ?>) service).get("ports") instanceof List<?> ports) {
        ports.forEach(port -> assertTrue(String.valueOf(port).startsWith("127.0.0.1:")));
      }
    }
  }

  @Test
  void what_others_wait_for_says_whether_it_is_well() throws IOException {
    for (String service : List.of("postgres", "aws")) {
      assertTrue(((Map<?, ?>) services().get(service)).containsKey("healthcheck"), service);
    }
  }

  @Test
  void the_functions_are_told_the_names_of_the_services() throws IOException {
    String variables = Files.readString(Path.of("localstack", "local.tfvars"));
    assertTrue(variables.contains("postgresql://postgres:5432/"), variables);
    assertTrue(variables.contains("http://aws:4566"), variables);
    assertFalse(variables.contains("127.0.0.1"), variables);
  }

  private static Map<?, ?> environment(String service) throws IOException {
    return (Map<?, ?>) ((Map<?, ?>) services().get(service)).get("environment");
  }

  private static Map<?, ?> services() throws IOException {
    return (Map<?, ?>) compose().get("services");
  }

  private static Map<?, ?> compose() throws IOException {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FILE));
  }
}
