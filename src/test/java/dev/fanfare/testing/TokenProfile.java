package dev.fanfare.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A server that asks for tokens; tests with this profile share one. */
public final class TokenProfile implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of("fanfare.auth", "token");
  }
}
