package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class CloudTest {

  private static Config config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build();
  }

  @Test
  void without_configuration_there_is_nothing() {
    assertEquals(Cloud.NONE, Cloud.of(config(Map.of())));
  }

  @Test
  void images_are_one_property_or_one_each() {
    Map<String, String> properties =
        Map.of(
            "fanfare.aws.endpoint", "http://127.0.0.1:4566",
            "fanfare.images", "node:22=js; maven:3=old;",
            "fanfare.images.\"maven:3\"", "build");
    Cloud cloud = Cloud.of(config(properties));
    assertEquals(Optional.of(URI.create("http://127.0.0.1:4566")), cloud.endpoint());
    assertEquals(Map.of("node:22", "js", "maven:3", "build"), cloud.images());
  }

  @Test
  void an_endpoint_that_is_no_address_is_said() {
    for (String wrong : new String[] {"::", "localhost:4566", "ftp://x", "/here"}) {
      Config config = config(Map.of("fanfare.aws.endpoint", wrong));
      Exception e = assertThrows(SettingException.class, () -> Cloud.of(config));
      assertTrue(String.valueOf(e.getMessage()).contains("'" + wrong + "'"));
    }
  }

  @Test
  void an_entry_without_a_function_is_said() {
    for (String wrong : new String[] {"maven", "maven=", "=f", "a=b;c"}) {
      Exception e = assertThrows(SettingException.class, () -> Cloud.images(wrong));
      assertTrue(String.valueOf(e.getMessage()).contains("IMAGE=FUNCTION"));
    }
  }
}
