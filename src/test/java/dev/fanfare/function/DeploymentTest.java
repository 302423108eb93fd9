package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** The settings of a function. */
class DeploymentTest {

  private static Config config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }

  private static Deployment of(String name, String value) {
    Map<String, String> values = new HashMap<>();
    values.put("fanfare.functions.step", "fanfare-step:live");
    values.put(name, value);
    return Deployment.of(config(values)).orElseThrow();
  }

  private static String refused(String name, String value) {
    return String.valueOf(assertThrows(SettingException.class, () -> of(name, value)).getMessage());
  }

  @Test
  void one_machine_is_no_deployment() {
    assertTrue(Deployment.of(config(Map.of("fanfare.hops", "3"))).isEmpty());
    assertTrue(Deployment.of(config(Map.of("fanfare.functions.step", " "))).isEmpty());
  }

  @Test
  void a_function_has_the_usual_values_unless_they_are_set() {
    Deployment usual = of("fanfare.queue", "https://sqs/1/wakes");
    assertEquals(Optional.of("https://sqs/1/wakes"), usual.queue());
    assertEquals(Optional.empty(), usual.dispatcher());
    assertEquals(Duration.ofSeconds(60), usual.lease());
    assertEquals(Duration.ofSeconds(5), of("fanfare.lease", "5s").lease());
    assertEquals(Duration.ofMinutes(2), of("fanfare.lease", "PT2M").lease());
    assertEquals(12, of("fanfare.hops", "12").hops());
    assertEquals(34, of("fanfare.budget", "34").budget());
    assertEquals(Duration.ofSeconds(9), of("fanfare.margin", "9s").margin());
    assertEquals(Duration.ofSeconds(9), of("fanfare.in.place", "9s").inPlace());
    assertEquals(Duration.ofSeconds(9), of("fanfare.look", "9s").look());
  }

  @Test
  void a_value_that_is_none_is_refused_with_what_would_be_right() {
    assertEquals(
        "FANFARE_LEASE (fanfare.lease) is 'soon', but it has to be a duration such as 60s",
        refused("fanfare.lease", "soon"));
    assertEquals(
        "FANFARE_LEASE (fanfare.lease) is '0s', but it has to be longer than nothing",
        refused("fanfare.lease", "0s"));
    assertEquals(
        "FANFARE_HOPS (fanfare.hops) is '0', but it has to be a number from 1 to 999999999",
        refused("fanfare.hops", "0"));
    assertTrue(refused("fanfare.budget", "-1").startsWith("FANFARE_BUDGET"));
  }
}
